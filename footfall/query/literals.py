"""Constants and parameters."""

import re
from datetime import date, datetime
from decimal import Decimal

from sqlglot import exp

from footfall.errors import FootfallError
from footfall.query.rules import Context, Rule, rule, shown, text_literal
from footfall.query.scope import Scope
from footfall.query.types import BIGINT, BOOLEAN, DATE, DOUBLE, INTEGER, TIMESTAMP, UNKNOWN, VARCHAR, Typed, decimal

_LARGEST_INTEGER = 2**31 - 1
_LARGEST_BIGINT = 2**63 - 1


def constant(value: object) -> Typed:
    """A Python value as a constant: None, bool, int, float, Decimal, str, date or a datetime in UTC without zone.

    Raises:
        FootfallError: no such value can be a constant.
    """
    match value:
        case None:
            return Typed("NULL", UNKNOWN)
        case bool():
            return Typed("TRUE" if value else "FALSE", BOOLEAN)
        case int():
            return _whole(value)
        case float():
            return Typed(f"CAST({text_literal(repr(value))} AS DOUBLE)", DOUBLE)
        case Decimal() if value.is_finite():
            return _exact(f"{value:f}")
        case str():
            if "\x00" in value:
                raise FootfallError("a string in a query cannot hold the character NUL.")
            return Typed(text_literal(value), VARCHAR)
        case datetime() if value.tzinfo is None:
            return Typed(f"CAST('{value.isoformat(sep=' ')}' AS TIMESTAMP)", TIMESTAMP)
        case date() if not isinstance(value, datetime):
            return Typed(f"CAST('{value.isoformat()}' AS DATE)", DATE)
    raise FootfallError(f"{value!r} cannot be a parameter: give text, a number, a date or a UTC time without zone.")


def _whole(value: int) -> Typed:
    if abs(value) > _LARGEST_BIGINT:
        raise FootfallError(f"{value} does not fit a bigint.")
    kind = INTEGER if abs(value) <= _LARGEST_INTEGER else BIGINT
    return Typed(f"CAST({value} AS {kind.duckdb})", kind)


def _exact(text: str) -> Typed:
    digits = text.lstrip("-").partition(".")
    kind = decimal(max(1, len(digits[0].lstrip("0")) + len(digits[2])), len(digits[2]))
    return Typed(f"CAST({text} AS {kind.duckdb})", kind)


def _literal(context: Context, node: exp.Literal, scope: Scope) -> Typed:
    text = str(node.this)
    if node.is_string:
        return constant(text)
    if re.fullmatch("[0-9]+", text):
        return _whole(int(text))
    if re.fullmatch("[0-9]*[.][0-9]*", text):
        return _exact(text)
    if re.fullmatch("[0-9]*[.]?[0-9]*[eE][+-]?[0-9]+", text):
        return Typed(f"CAST('{text}' AS DOUBLE)", DOUBLE)
    raise FootfallError(f"`{text}` is no number: write 7, 1.5 or 1e0.")


def _null(context: Context, node: exp.Null, scope: Scope) -> Typed:
    return constant(None)


def _boolean(context: Context, node: exp.Boolean, scope: Scope) -> Typed:
    return constant(bool(node.this))


def _parameter(context: Context, node: exp.Placeholder, scope: Scope) -> Typed:
    name = str(node.this or "")
    if name not in context.parameters:
        if not name:
            raise FootfallError("`?` has no name: write `:name` and give --param name=value.")
        raise FootfallError(f"the parameter `{shown(node)}` has no value: give --param {name}=VALUE.")
    return constant(context.parameters[name])


RULES: dict[type[exp.Expr], Rule] = {
    exp.Literal: rule(_literal, "this", "is_string"),
    exp.Null: rule(_null),
    exp.Boolean: rule(_boolean, "this"),
    exp.Placeholder: rule(_parameter, "this"),
}
