"""Addresses are truncated before anything is written."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.events.addresses import truncate_address


@pytest.mark.parametrize(
    ("address", "truncated"),
    [
        ("203.0.113.77", "203.0.113.0"),
        (" 203.0.113.77 ", "203.0.113.0"),
        ("255.255.255.255", "255.255.255.0"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1::"),
        ("::1", "::"),
        ("fe80::1%eth0", "fe80::"),
        ("::ffff:203.0.113.77", "203.0.113.0"),
        ("203.0.113.77:443", ""),
        ("010.1.1.1", ""),
        ("localhost", ""),
        ("", ""),
    ],
)
def test_an_address_is_truncated_to_its_network(address: str, truncated: str) -> None:
    assert truncate_address(address) == truncated


@given(st.ip_addresses().map(str))
def test_truncating_twice_changes_nothing(address: str) -> None:
    truncated = truncate_address(address)
    assert truncated
    assert truncate_address(truncated) == truncated


_NEARLY = st.lists(
    st.integers(0, 300).map(str) | st.sampled_from(["", "00", "01", "1 ", "²", "٣"]), min_size=3, max_size=5
)


@given(_NEARLY.map(".".join))
def test_what_is_an_ipv4_address_is_as_python_says(address: str) -> None:
    try:
        network = ipaddress.ip_network(f"{ipaddress.ip_address(address.strip())}/24", strict=False)
        expected = str(network.network_address)
    except ValueError:
        expected = ""
    assert truncate_address(address) == expected
