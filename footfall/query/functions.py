"""Functions of one row."""

import re
from functools import partial

from sqlglot import exp

from footfall.errors import FootfallError
from footfall.query.operators import INTEGERS
from footfall.query.rules import Context, Rule, constant_text, expect, part, refuse, rule, shown, text_literal
from footfall.query.scope import Scope
from footfall.query.types import BIGINT, BOOLEAN, DATE, DOUBLE, TIMESTAMP, VARCHAR, Typed, meet

_PARTS_OF_TIME: dict[type[exp.Expr], str] = {
    exp.Year: "year",
    exp.Quarter: "quarter",
    exp.Month: "month",
    exp.WeekOfYear: "week",
    exp.Day: "day",
    exp.DayOfWeekIso: "isodow",
    exp.DayOfYear: "dayofyear",
    exp.Hour: "hour",
    exp.Minute: "minute",
    exp.Second: "second",
}
_PARTS_OF_DAY = ("hour", "minute", "second", "millisecond")
_EXTRACTED = {"year", "quarter", "month", "week", "day", "hour", "minute", "second"}
_TRUNCATED = {"year", "quarter", "month", "week", "day", "hour", "minute", "second"}
_COUNTED = {"week", "day", "hour", "minute", "second", "millisecond"}
_ADDED = {
    "year": "to_years",
    "month": "to_months",
    "week": "to_weeks",
    "day": "to_days",
    "hour": "to_hours",
    "minute": "to_minutes",
    "second": "to_seconds",
}
_FORMATS = re.compile("(%[YmdHij%]|%S|%M|[^%])*")
_UNSAFE_REGEX = re.compile(r"\\[A-Za-z0-9]|\(\?|\[\[|&&|[*+?}]\+")
_OPTIONAL_GROUP = re.compile(r"\)[?*{]|\|")
_PLAIN_KEY = re.compile('[^"\\\\*]+')


def _unit(node: exp.Expr, known: set[str] | dict[str, str], kind: Typed) -> str:
    unit = node.args["unit"].name.lower() if node.args.get("unit") is not None else ""
    if unit not in known:
        raise refuse(node, f"its proven units are {', '.join(sorted(known))}.")
    if kind.type == DATE and unit in _PARTS_OF_DAY:
        raise FootfallError(f"`{shown(node)}` asks a date for a {unit}: cast it to timestamp.")
    return unit


def _time(context: Context, node: exp.Expr, scope: Scope) -> Typed:
    return expect(context.expression(node, scope), node, DATE, TIMESTAMP)


def _part_of_time(context: Context, node: exp.Expr, scope: Scope) -> Typed:
    return _taken(_PARTS_OF_TIME[type(node)], _time(context, node.this, scope), node)


def _extract(context: Context, node: exp.Extract, scope: Scope) -> Typed:
    unit = str(node.this).lower()
    if unit not in _EXTRACTED:
        raise refuse(node, f"extract one of {', '.join(sorted(_EXTRACTED))}.")
    return _taken(unit, _time(context, node.expression, scope), node)


def _taken(unit: str, time: Typed, node: exp.Expr) -> Typed:
    if time.type == DATE and unit in _PARTS_OF_DAY:
        raise FootfallError(f"`{shown(node)}` asks a date for a {unit}: cast it to timestamp.")
    return Typed(f"CAST({unit}({time.sql}) AS BIGINT)", BIGINT)


def _truncate(context: Context, node: exp.Expr, scope: Scope) -> Typed:
    time = _time(context, node.this, scope)
    unit = _unit(node, _TRUNCATED, time)
    return Typed(f"CAST(date_trunc('{unit}', {time.sql}) AS {time.type.duckdb})", time.type)


def _difference(context: Context, node: exp.DateDiff, scope: Scope) -> Typed:
    """DuckDB's date_diff counts the boundaries between two times; its date_sub counts whole units, as Athena does."""
    later, earlier = _time(context, node.this, scope), _time(context, node.expression, scope)
    both = meet((later.type, earlier.type), shown(node))
    unit = _unit(node, _COUNTED, Typed("", both))
    return Typed(f"date_sub('{unit}', {earlier.cast(both)}, {later.cast(both)})", BIGINT)


def _add(context: Context, node: exp.DateAdd, scope: Scope) -> Typed:
    time = _time(context, node.this, scope)
    amount = expect(context.expression(node.expression, scope), node.expression, *INTEGERS)
    interval = f"{_ADDED[_unit(node, _ADDED, time)]}(CAST({amount.sql} AS INTEGER))"
    return Typed(f"CAST({time.sql} + {interval} AS {time.type.duckdb})", time.type)


def _format(context: Context, node: exp.TimeToStr, scope: Scope) -> Typed:
    time = _time(context, node.this, scope)
    pattern = constant_text(context, part(node, "format"), "the format")
    if not _FORMATS.fullmatch(pattern):
        raise refuse(node, "its proven specifiers are %Y %m %d %H %i %s %j.")
    return Typed(f"strftime({time.sql}, {text_literal(pattern)})", VARCHAR)


def _epoch(context: Context, node: exp.TimeToUnix, scope: Scope) -> Typed:
    return Typed(f"epoch({expect(context.expression(node.this, scope), node.this, TIMESTAMP).sql})", DOUBLE)


def _text(name: str, context: Context, node: exp.Expr, scope: Scope) -> Typed:
    return Typed(f"{name}({expect(context.expression(node.this, scope), node.this, VARCHAR).sql})", VARCHAR)


def _length(context: Context, node: exp.Length, scope: Scope) -> Typed:
    return Typed(
        f"CAST(length({expect(context.expression(node.this, scope), node.this, VARCHAR).sql}) AS BIGINT)", BIGINT
    )


def _substring(context: Context, node: exp.Substring, scope: Scope) -> Typed:
    """Athena: a start of 0, or before the beginning, gives an empty string; DuckDB starts at the beginning."""
    text = expect(context.expression(node.this, scope), node.this, VARCHAR).sql
    start = expect(context.expression(part(node, "start"), scope), part(node, "start"), *INTEGERS).sql
    length = node.args.get("length")
    taken = f"substr({text}, {start})"
    outside = f"{start} = 0 OR {start} < - length({text})"
    if length is not None:
        count = expect(context.expression(length, scope), length, *INTEGERS).sql
        taken = f"substr({text}, {start}, {count})"
        outside += f" OR {count} <= 0"
    return Typed(f"(CASE WHEN {text} IS NULL THEN NULL WHEN {outside} THEN '' ELSE {taken} END)", VARCHAR)


def _split_part(context: Context, node: exp.SplitPart, scope: Scope) -> Typed:
    """Athena: NULL beyond the last part; DuckDB: an empty string."""
    text = expect(context.expression(node.this, scope), node.this, VARCHAR).sql
    delimiter = constant_text(context, part(node, "delimiter"), "the delimiter")
    place = part(node, "part_index")
    number = str(place.this) if isinstance(place, exp.Literal) and not place.is_string else ""
    if not delimiter or not number.isdigit() or int(number) < 1:
        raise refuse(node, "write a delimiter that is not empty and the number of the part, from 1.")
    return Typed(f"(string_split({text}, {text_literal(delimiter)})[{int(number)}])", VARCHAR)


def _replace(context: Context, node: exp.Replace, scope: Scope) -> Typed:
    text = expect(context.expression(node.this, scope), node.this, VARCHAR).sql
    found = constant_text(context, node.expression, "the text to replace")
    if not found:
        raise refuse(node, "the text to replace cannot be empty.")
    by = node.args.get("replacement")
    new = "''" if by is None else expect(context.expression(by, scope), by, VARCHAR).sql
    return Typed(f"replace({text}, {text_literal(found)}, {new})", VARCHAR)


def _position(context: Context, node: exp.StrPosition, scope: Scope) -> Typed:
    text, found = (
        expect(context.expression(side, scope), side, VARCHAR).sql for side in (node.this, part(node, "substr"))
    )
    return Typed(f"CAST(strpos({text}, {found}) AS BIGINT)", BIGINT)


def _starts_with(context: Context, node: exp.StartsWith, scope: Scope) -> Typed:
    text, start = (
        expect(context.expression(side, scope), side, VARCHAR).sql for side in (node.this, part(node, "expression"))
    )
    return Typed(f"starts_with({text}, {start})", BOOLEAN)


def _regex(context: Context, node: exp.Expr) -> str:
    pattern = constant_text(context, part(node, "expression"), "the pattern")
    if _UNSAFE_REGEX.search(pattern):
        raise refuse(
            node, r"the engines read this pattern differently; write [0-9] for \d, a group as (...), no lookaround."
        )
    return pattern


def _regex_like(context: Context, node: exp.RegexpLike, scope: Scope) -> Typed:
    text = expect(context.expression(node.this, scope), node.this, VARCHAR).sql
    return Typed(f"regexp_matches({text}, {text_literal(_regex(context, node))})", BOOLEAN)


def _regex_extract(context: Context, node: exp.RegexpExtract, scope: Scope) -> Typed:
    """Athena: NULL where nothing matches; DuckDB: an empty string."""
    text = expect(context.expression(node.this, scope), node.this, VARCHAR).sql
    pattern = _regex(context, node)
    number = str(node.args["group"].this) if node.args.get("group") is not None else "0"
    if not number.isdigit():
        raise refuse(node, "write the number of the group, from 0.")
    group = int(number)
    if group and _OPTIONAL_GROUP.search(pattern):
        raise refuse(node, "a group that may not take part (?, *, |) differs; use regexp_like and another pattern.")
    literal = text_literal(pattern)
    found = f"regexp_extract({text}, {literal}, {group})"
    return Typed(f"(CASE WHEN regexp_matches({text}, {literal}) THEN {found} END)", VARCHAR)


def _json(context: Context, node: exp.JSONExtractScalar, scope: Scope) -> Typed:
    """Athena: NULL for what is no scalar or no JSON; DuckDB: the JSON's text, or an error."""
    text = expect(context.expression(node.this, scope), node.this, VARCHAR).sql
    path = text_literal(_json_path(node))
    kinds = "'VARCHAR', 'BIGINT', 'UBIGINT', 'DOUBLE', 'BOOLEAN'"
    scalar = f"CASE WHEN json_type({text}, {path}) IN ({kinds}) THEN json_extract_string({text}, {path}) END"
    return Typed(f"(CASE WHEN json_valid({text}) THEN {scalar} END)", VARCHAR)


def _json_path(node: exp.JSONExtractScalar) -> str:
    steps = ["$"]
    for step in node.expression.expressions if isinstance(node.expression, exp.JSONPath) else [None]:
        if isinstance(step, exp.JSONPathRoot):
            continue
        if isinstance(step, exp.JSONPathKey) and isinstance(step.this, str) and _PLAIN_KEY.fullmatch(step.this):
            steps.append(f'."{step.this}"')
        elif isinstance(step, exp.JSONPathSubscript) and isinstance(step.this, int) and step.this >= 0:
            steps.append(f"[{step.this}]")
        else:
            raise refuse(node, "write the path as '$.key', '$[\"key\"]' or '$.list[0]'.")
    return "".join(steps)


def _absolute(context: Context, node: exp.Abs, scope: Scope) -> Typed:
    value = context.expression(node.this, scope)
    if not value.type.is_number:
        raise FootfallError(f"`{shown(node)}` takes a number, and `{shown(node.this)}` is {value.type}.")
    return Typed(f"CAST(abs({value.sql}) AS {value.type.duckdb})", value.type)


def _rounded(name: str, context: Context, node: exp.Expr, scope: Scope) -> Typed:
    value = context.expression(node.this, scope)
    digits = node.args.get("decimals")
    if value.type.is_integer and digits is None:
        return value
    if value.type != DOUBLE:
        raise refuse(node, "round a double: cast(x as double).")
    if digits is None:
        return Typed(f"{name}({value.sql})", DOUBLE)
    count = expect(context.expression(digits, scope), digits, *INTEGERS).sql
    return Typed(f"{name}({value.sql}, CAST({count} AS INTEGER))", DOUBLE)


def _root(context: Context, node: exp.Sqrt, scope: Scope) -> Typed:
    value = context.expression(node.this, scope)
    if not value.type.is_number:
        raise FootfallError(f"`{shown(node)}` takes a number, and `{shown(node.this)}` is {value.type}.")
    number = value.cast(DOUBLE)
    return Typed(f"(CASE WHEN {number} < 0 THEN CAST('NaN' AS DOUBLE) ELSE sqrt({number}) END)", DOUBLE)


def _coalesce(context: Context, node: exp.Coalesce, scope: Scope) -> Typed:
    values = [context.expression(value, scope) for value in (node.this, *node.expressions)]
    result = meet([value.type for value in values], shown(node))
    return Typed(f"coalesce({', '.join(value.cast(result) for value in values)})", result)


def _null_if(context: Context, node: exp.Nullif, scope: Scope) -> Typed:
    value, other = context.expression(node.this, scope), context.expression(node.expression, scope)
    both = meet((value.type, other.type), shown(node))
    return Typed(f"(CASE WHEN {value.cast(both)} = {other.cast(both)} THEN NULL ELSE {value.sql} END)", value.type)


def _extreme(name: str, context: Context, node: exp.Expr, scope: Scope) -> Typed:
    """Athena: NULL where any is NULL; DuckDB leaves NULLs out."""
    values = [context.expression(value, scope) for value in (node.this, *node.expressions)]
    result = meet([value.type for value in values], shown(node))
    missing = " OR ".join(f"{value.sql} IS NULL" for value in values)
    chosen = f"{name}({', '.join(value.cast(result) for value in values)})"
    return Typed(f"(CASE WHEN {missing} THEN NULL ELSE {chosen} END)", result)


def _cardinality(context: Context, node: exp.ArraySize, scope: Scope) -> Typed:
    value = context.expression(node.this, scope)
    if value.type.element is None:
        raise FootfallError(f"`{shown(node)}` takes an array, and `{shown(node.this)}` is {value.type}.")
    return Typed(f"CAST(len({value.sql}) AS BIGINT)", BIGINT)


def _joined(context: Context, node: exp.ArrayToString, scope: Scope) -> Typed:
    """The texts of an array, NULLs left out; of no text, the empty one."""
    value = context.expression(node.this, scope)
    if value.type.element != VARCHAR:
        raise FootfallError(f"`{shown(node)}` joins an array of varchar, and `{shown(node.this)}` is {value.type}.")
    between = expect(context.expression(part(node, "expression"), scope), node, VARCHAR)
    joined = f"coalesce(array_to_string({value.sql}, {between.sql}), '')"
    return Typed(f"(CASE WHEN {value.sql} IS NULL OR {between.sql} IS NULL THEN NULL ELSE {joined} END)", VARCHAR)


RULES: dict[type[exp.Expr], Rule] = {
    **{kind: rule(_part_of_time, "this") for kind in _PARTS_OF_TIME},
    exp.Extract: rule(_extract, "this", "expression"),
    exp.TimestampTrunc: rule(_truncate, "this", "unit"),
    exp.DateTrunc: rule(_truncate, "this", "unit", "unabbreviate"),
    exp.DateDiff: rule(_difference, "this", "expression", "unit"),
    exp.DateAdd: rule(_add, "this", "expression", "unit"),
    exp.TimeToStr: rule(_format, "this", "format"),
    exp.TimeToUnix: rule(_epoch, "this"),
    exp.Lower: rule(partial(_text, "lower"), "this"),
    exp.Upper: rule(partial(_text, "upper"), "this"),
    exp.Length: rule(_length, "this"),
    exp.Substring: rule(_substring, "this", "start", "length"),
    exp.SplitPart: rule(_split_part, "this", "delimiter", "part_index"),
    exp.Replace: rule(_replace, "this", "expression", "replacement"),
    exp.StrPosition: rule(_position, "this", "substr"),
    exp.StartsWith: rule(_starts_with, "this", "expression"),
    exp.RegexpLike: rule(_regex_like, "this", "expression"),
    exp.RegexpExtract: rule(_regex_extract, "this", "expression", "group", "null_if_pos_overflow"),
    exp.JSONExtractScalar: rule(_json, "this", "expression"),
    exp.Abs: rule(_absolute, "this"),
    exp.Round: rule(partial(_rounded, "round"), "this", "decimals"),
    exp.Floor: rule(partial(_rounded, "floor"), "this"),
    exp.Ceil: rule(partial(_rounded, "ceil"), "this"),
    exp.Sqrt: rule(_root, "this"),
    exp.Coalesce: rule(_coalesce, "this", "expressions"),
    exp.Nullif: rule(_null_if, "this", "expression"),
    exp.Greatest: rule(partial(_extreme, "greatest"), "this", "expressions"),
    exp.Least: rule(partial(_extreme, "least"), "this", "expressions"),
    exp.ArraySize: rule(_cardinality, "this"),
    exp.ArrayToString: rule(_joined, "this", "expression"),
}
