"""Numbers of properties, as decimals and as ten-thousandths."""

from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from footfall.lake.property_values import decimal, ten_thousandths

half_ways = st.builds(
    lambda whole, step: (whole * 10 + 5) * 10.0**-step, st.integers(-(10**9), 10**9), st.integers(3, 9)
)


@given(
    st.one_of(
        st.integers(-(10**16), 10**16),
        st.floats(allow_nan=True, allow_infinity=True),
        st.floats(-2e8, 2e8),
        half_ways,
        st.decimals(-(10**15), 10**15, places=6).map(str),
        st.text(max_size=5),
        st.booleans(),
        st.none(),
    )
)
@example(1.00005)
@example(1.00015)
@example(-0.00005)
@example(99_999_999.99995)
@example("1e13")
def test_ten_thousandths_are_those_of_the_decimal(value: object) -> None:
    exact = decimal(value)
    assert ten_thousandths(value) == (None if exact is None else exact * 10_000)
    assert type(ten_thousandths(value)) in (int, type(None))


@pytest.mark.parametrize(
    ("value", "is_told"),
    [
        ("99999999999999.9999", Decimal("99999999999999.9999")),
        ("99999999999999.99995", None),
        ("-99999999999999.99999", None),
        (10**14, None),
        (10**14 - 1, Decimal(10**14 - 1)),
    ],
)
def test_what_has_more_than_fourteen_digits_is_no_value(value: object, is_told: Decimal | None) -> None:
    assert decimal(value) == is_told
