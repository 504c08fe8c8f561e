"""IP addresses are truncated before anything is written or logged."""

import ipaddress
import re

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])"
_IPV4 = re.compile(rf"({_OCTET}\.{_OCTET}\.{_OCTET}\.){_OCTET}").fullmatch


def truncate_address(address: str) -> str:
    """The network an address is in: its first 24 bits (IPv4) or 48 (IPv6); empty where it is no address.

    An IPv4 address that comes mapped into IPv6 (`::ffff:192.0.2.1`) counts as IPv4.
    """
    # Nearly all of them, in a tenth of the time that ipaddress takes.
    if usual := _IPV4(address):
        return f"{usual[1]}0"
    try:
        parsed = ipaddress.ip_address(address.strip())
    except ValueError:
        return ""
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ipaddress.IPv6Address(int(parsed) >> 80 << 80))
        parsed = parsed.ipv4_mapped
    return str(ipaddress.IPv4Address(int(parsed) >> 8 << 8))
