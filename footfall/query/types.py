"""The types of Athena's SQL that the embedded engine knows, and when two of them meet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from footfall.errors import FootfallError
from footfall.lake.column_types import Array, ColumnType, Struct, parse

MAX_PRECISION = 38
_INTEGER_DIGITS = {"integer": 10, "bigint": 19}


@dataclass(frozen=True)
class SqlType:
    """A type by its name in Athena.

    A decimal has precision and scale, an array has the type of its elements, a row those of its fields.
    """

    name: str
    precision: int = 0
    scale: int = 0
    element: SqlType | None = None
    fields: tuple[tuple[str, SqlType], ...] = ()

    @property
    def duckdb(self) -> str:
        """The type as DuckDB writes it."""
        if self.element is not None:
            return f"{self.element.duckdb}[]"
        if self.fields:
            return f"STRUCT({', '.join(f'{name} {kind.duckdb}' for name, kind in self.fields)})"
        if self.name == "decimal":
            return f"DECIMAL({self.precision},{self.scale})"
        return {"unknown": "INTEGER"}.get(self.name, self.name.upper())

    @property
    def is_integer(self) -> bool:
        """Whether it holds whole numbers."""
        return self.name in _INTEGER_DIGITS

    @property
    def is_decimal(self) -> bool:
        """Whether it is exact, with a scale."""
        return self.name == "decimal"

    @property
    def is_number(self) -> bool:
        """Whether one can calculate with it."""
        return self.is_integer or self.is_decimal or self.name == "double"

    @property
    def is_time(self) -> bool:
        """Whether it is a date or a timestamp."""
        return self.name in ("date", "timestamp")

    def as_decimal(self) -> SqlType:
        """The decimal that holds every value of this exact number."""
        return self if self.is_decimal else decimal(_INTEGER_DIGITS[self.name], 0)

    def __str__(self) -> str:
        if self.element is not None:
            return f"array({self.element})"
        if self.fields:
            return f"row({', '.join(f'{name} {kind}' for name, kind in self.fields)})"
        return f"decimal({self.precision},{self.scale})" if self.is_decimal else self.name


BOOLEAN = SqlType("boolean")
INTEGER = SqlType("integer")
BIGINT = SqlType("bigint")
DOUBLE = SqlType("double")
VARCHAR = SqlType("varchar")
DATE = SqlType("date")
TIMESTAMP = SqlType("timestamp")
UNKNOWN = SqlType("unknown")
DAY_TO_SECOND = SqlType("interval day to second")
YEAR_TO_MONTH = SqlType("interval year to month")


def decimal(precision: int, scale: int) -> SqlType:
    """A decimal, its precision bounded as Athena bounds it."""
    return SqlType("decimal", min(MAX_PRECISION, precision), scale)


def array(element: SqlType) -> SqlType:
    """An array of such elements."""
    return SqlType("array", element=element)


def declared(name: str) -> SqlType:
    """The type of a column that `footfall/lake/tables.py` declares."""
    return _declared(parse(name))


def _declared(kind: ColumnType) -> SqlType:
    if isinstance(kind, Array):
        return array(_declared(kind.element))
    if isinstance(kind, Struct):
        return SqlType("row", fields=tuple((name, _declared(field)) for name, field in kind.fields))
    if kind.name.startswith("decimal("):
        precision, scale = kind.name[len("decimal(") : -1].split(",")
        return decimal(int(precision), int(scale))
    return {"string": VARCHAR, "long": BIGINT, "int": INTEGER}.get(kind.name) or SqlType(kind.name)


@dataclass(frozen=True)
class Typed:
    """An expression in DuckDB's SQL, and the type that Athena gives it."""

    sql: str
    type: SqlType

    def cast(self, to: SqlType) -> str:
        """The expression as another type that holds all its values."""
        if self.type == to:
            return self.sql
        return f"CAST({self.sql} AS {to.duckdb})"


def meet(types: Iterable[SqlType], where: str) -> SqlType:
    """The type that values of all these types become where they meet, as in a comparison or a CASE.

    Raises:
        FootfallError: Athena would not let them meet.
    """
    result = UNKNOWN
    for found in types:
        both = _meet_two(result, found)
        if both is None:
            raise FootfallError(f"`{where}` mixes {result} and {found}, which Athena refuses: cast one of them.")
        result = both
    return result


def _meet_two(left: SqlType, right: SqlType) -> SqlType | None:
    if left == right or right == UNKNOWN:
        return left
    if left == UNKNOWN:
        return right
    if left.is_number and right.is_number:
        if DOUBLE in (left, right):
            return DOUBLE
        if left.is_integer and right.is_integer:
            return BIGINT
        one, two = left.as_decimal(), right.as_decimal()
        scale = max(one.scale, two.scale)
        return decimal(max(one.precision - one.scale, two.precision - two.scale) + scale, scale)
    if left.is_time and right.is_time:
        return TIMESTAMP
    return None
