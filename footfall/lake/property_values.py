"""A property's value as a column's: the value where it is of the column's type, None where it is not."""

from decimal import Decimal, InvalidOperation

_GREATEST = Decimal(10) ** 14
_PLACES = Decimal("0.0001")


def decimal(value: object) -> Decimal | None:
    """A number (or its text) to four places, half to even; None where it is no number or has more than 14 digits."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        exact = Decimal(str(value).strip())
        if not exact.is_finite() or abs(exact) >= _GREATEST:
            return None
        return exact.quantize(_PLACES)
    except (InvalidOperation, ValueError):
        return None


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


def whole(value: object, greatest: int, least: int = 0) -> int | None:
    """A number from `least` to `greatest`, its fraction cut off; None where it is anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if least <= value <= greatest else None
