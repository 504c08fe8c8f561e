"""A property's value as a column's: the value where it is of the column's type, None where it is not."""

from decimal import Decimal, InvalidOperation

_GREATEST = 10**14
_PLACES = Decimal("0.0001")
_A_WHOLE = 10_000
# Of a double below that, its ten-thousandths are known to less than a thousandth.
_SMALL = 1e8


def decimal(value: object) -> Decimal | None:
    """A number (or its text) to four places, half to even; None where it is no number or has more than 14 digits."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        exact = Decimal(str(value).strip())
        if not exact.is_finite() or abs(exact) >= _GREATEST:
            return None
        rounded = exact.quantize(_PLACES)
    except (InvalidOperation, ValueError):
        return None
    return rounded if abs(rounded) < _GREATEST else None


def ten_thousandths(value: object) -> int | None:
    """What `decimal` gives, times ten thousand: of whole numbers, and of doubles not half-way, without decimals."""
    if type(value) is int and -_GREATEST < value < _GREATEST:
        return value * _A_WHOLE
    if type(value) is float and -_SMALL < value < _SMALL:
        times = value * _A_WHOLE
        nearest = round(times)
        if -0.49 < times - nearest < 0.49:
            return nearest
    exact = decimal(value)
    return None if exact is None else int(exact * _A_WHOLE)


def text(value: object) -> str | None:
    """A text that is not empty."""
    return value if isinstance(value, str) and value else None


def name(value: object) -> str | None:
    """What names something: a text that is not empty, or a whole number as text."""
    if isinstance(value, int) and not isinstance(value, bool):
        try:
            return str(value)
        except ValueError:
            return None
    return text(value)
