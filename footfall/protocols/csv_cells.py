"""How a row's text becomes cells, and a cell a property."""

import csv
import re
from collections.abc import Callable
from decimal import Decimal

WHITESPACE = "whitespace"
"""The delimiter of columns that any run of blanks separates."""

DELIMITERS = (",", ";", "\t", "|", "::", WHITESPACE)
"""Those that are looked for, in this order."""

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})")
_DECIMAL = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]+")
_MAX_DIGITS = 15


class RowOpenError(ValueError):
    """A quoted cell is not closed at the row's end: the row may go on in the next line."""


def cells_reader(delimiter: str) -> Callable[[str], list[str]]:
    """Splits a row at a delimiter; where that is one character, cells may be quoted as in RFC 4180.

    The function returned raises RowOpenError, or ValueError where quotes stand where they must not.
    """
    if delimiter == WHITESPACE:
        return str.split
    if len(delimiter) > 1:
        return lambda text: text.split(delimiter)

    def read(text: str) -> list[str]:
        if '"' not in text:
            return text.split(delimiter)
        try:
            return next(csv.reader([text], delimiter=delimiter, strict=True))
        except csv.Error as error:
            if "unexpected end of data" in str(error):
                raise RowOpenError("a quoted cell is not closed") from None
            raise ValueError(f"not a row: {error}") from None

    return read


def property_of(text: str) -> str | int | float:
    """A cell as a JSON value: a number where JSON would write that number with these very characters, else the text."""
    if _INTEGER.fullmatch(text) and text != "-0":
        return int(text)
    if _DECIMAL.fullmatch(text) and len(text) <= _MAX_DIGITS + 2:
        number = float(text)
        if repr(number) == text:
            return number
    return text


def amount_of(text: str) -> str | int | float:
    """A cell as an amount: a number where a double holds its exact value (`12.00` is 12), else the text."""
    if (_INTEGER.fullmatch(text) and text != "-0") or not _DECIMAL.fullmatch(text) or len(text) > _MAX_DIGITS + 2:
        return property_of(text)
    number = float(text)
    return number if Decimal(repr(number)) == Decimal(text) else text
