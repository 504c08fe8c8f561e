"""The types of columns: those that every engine has alike, and lists and structs of them.

A type is written as Spark and Athena write it, `array<struct<item:string,value:decimal(18,4)>>`, and each writer of
schemas (Iceberg, Arrow, DuckDB, Spark, the query translation) walks the one parsed form.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

SCALARS = ("string", "long", "int", "double", "boolean", "timestamp", "date", "decimal(18,4)")
_TOKEN = re.compile(r"decimal\([0-9]+,[0-9]+\)|[a-z_][a-z0-9_]*|[<>:,]")


@dataclass(frozen=True)
class Scalar:
    """One of SCALARS."""

    name: str


@dataclass(frozen=True)
class Array:
    """A list of elements, in order."""

    element: "ColumnType"


@dataclass(frozen=True)
class Struct:
    """Named fields, in order."""

    fields: tuple[tuple[str, "ColumnType"], ...]


ColumnType = Scalar | Array | Struct


@lru_cache
def parse(text: str) -> ColumnType:
    """The parsed form of a type.

    Raises:
        ValueError: it is none.
    """
    tokens = _TOKEN.findall(text)
    if "".join(tokens) != text:
        raise ValueError(f"{text!r} is no type: write it without spaces, such as array<struct<item:string>>")
    found, rest = _read(tokens, text)
    if rest:
        raise ValueError(f"{text!r} goes on after its type: {''.join(rest)}")
    return found


def _read(tokens: list[str], text: str) -> tuple[ColumnType, list[str]]:
    word, rest = _next(tokens, text)
    if word == "array":
        element, rest = _read(_after("<", rest, text), text)
        return Array(element), _after(">", rest, text)
    if word != "struct":
        if word not in SCALARS:
            raise ValueError(f"{text!r} names the type {word!r}; there is: {', '.join(SCALARS)}, array<>, struct<>")
        return Scalar(word), rest
    fields: list[tuple[str, ColumnType]] = []
    rest = _after("<", rest, text)
    while True:
        name, rest = _next(rest, text)
        kind, rest = _read(_after(":", rest, text), text)
        fields.append((name, kind))
        if rest[:1] != [","]:
            return Struct(tuple(fields)), _after(">", rest, text)
        rest = rest[1:]


def _next(tokens: list[str], text: str) -> tuple[str, list[str]]:
    if not tokens:
        raise ValueError(f"{text!r} ends within a type")
    return tokens[0], tokens[1:]


def _after(mark: str, tokens: list[str], text: str) -> list[str]:
    found, rest = _next(tokens, text)
    if found != mark:
        raise ValueError(f"{text!r} has {found!r} where {mark!r} should be")
    return rest
