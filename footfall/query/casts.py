"""Casts. Text is checked against a pattern first: DuckDB reads more as a number than Athena does."""

from sqlglot import exp

from footfall.query.rules import Context, Rule, refuse, rule, shown, text_literal
from footfall.query.scope import Scope
from footfall.query.types import (
    BIGINT,
    BOOLEAN,
    DATE,
    DOUBLE,
    INTEGER,
    MAX_PRECISION,
    TIMESTAMP,
    UNKNOWN,
    VARCHAR,
    SqlType,
    Typed,
    decimal,
)

_NAMED = {"BOOLEAN": BOOLEAN, "INT": INTEGER, "BIGINT": BIGINT, "DOUBLE": DOUBLE, "DATE": DATE}
_NUMBER = "[+-]?([0-9]+[.]?[0-9]*|[.][0-9]+)"
_TEXT_PATTERNS = {
    "integer": "[+-]?[0-9]+",
    "bigint": "[+-]?[0-9]+",
    "double": f"{_NUMBER}([eE][+-]?[0-9]+)?|NaN|[+-]?Infinity",
    "decimal": _NUMBER,
    "date": "[0-9]{4}-[0-9]{2}-[0-9]{2}",
    # A cast to timestamp keeps milliseconds on Athena and microseconds in DuckDB: finer text is not let in.
    "timestamp": "[0-9]{4}-[0-9]{2}-[0-9]{2}( [0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,3})?)?)?",
}


def target(node: exp.DataType, within: exp.Expr) -> SqlType:
    """The type that a cast names.

    Raises:
        FootfallError: it is not on the proven list.
    """
    name = node.this.value if hasattr(node.this, "value") else str(node.this)
    written = [str(size.this.this) if isinstance(size, exp.DataTypeParam) else "" for size in node.expressions]
    sizes = [int(size) if size.isdigit() else -1 for size in written]
    if name in _NAMED and not sizes:
        return _NAMED[name]
    if name in ("VARCHAR", "TEXT") and not sizes:
        return VARCHAR
    if name == "TIMESTAMP" and (sizes in ([], [3]) or _is_exact(within.this, sizes)):
        return TIMESTAMP
    if name == "DECIMAL" and len(sizes) == 2 and 0 <= sizes[1] <= sizes[0] <= MAX_PRECISION:
        return decimal(*sizes)
    raise refuse(
        within,
        "cast to boolean, integer, bigint, double, decimal(p, s), varchar, date or timestamp.",
    )


def _is_exact(node: exp.Expr, sizes: list[int]) -> bool:
    """Whether it is a written time with no more digits than the type keeps, as `timestamp '...'` is."""
    return isinstance(node, exp.Literal) and len(sizes) == 1 and len(str(node.this).partition(".")[2]) <= sizes[0] <= 3


def cast(value: Typed, to: SqlType, node: exp.Expr, *, tried: bool) -> Typed:
    """The value as another type, by Athena's rules. `tried`: NULL where the text does not fit, else an error.

    Raises:
        FootfallError: the cast is not on the proven list.
    """
    source = value.type
    if source in (to, UNKNOWN):
        return Typed(f"CAST({value.sql} AS {to.duckdb})", to)
    if source == VARCHAR and to.name in _TEXT_PATTERNS:
        return Typed(_from_text(value.sql, to, node, tried=tried), to)
    direct = (
        (to == VARCHAR and (source.is_integer or source.is_decimal or source in (BOOLEAN, DATE)))
        or (to == DOUBLE and (source.is_number or source == BOOLEAN))
        or (to.is_integer and (source.is_integer or source == BOOLEAN))
        or (to.is_decimal and (source.is_integer or source.is_decimal))
        or (to.is_time and source.is_time)
    )
    function = "TRY_CAST" if tried else "CAST"
    if direct:
        return Typed(f"{function}({value.sql} AS {to.duckdb})", to)
    if to.is_integer and source.is_number:
        # Athena rounds a half away from zero; DuckDB's own cast rounds it to the even neighbour.
        return Typed(f"{function}(round({value.sql}) AS {to.duckdb})", to)
    hints = {
        (VARCHAR, "timestamp"): "write date_format(x, '%Y-%m-%d %H:%i:%s').",
        (VARCHAR, "double"): "cast to decimal(p, s) or leave it a number: the engines write doubles differently.",
    }
    raise refuse(node, hints.get((to, source.name), f"there is no proven cast from {source} to {to}."))


def _from_text(sql: str, to: SqlType, node: exp.Expr, *, tried: bool) -> str:
    fits = f"regexp_full_match({sql}, {text_literal(_TEXT_PATTERNS[to.name])})"
    if tried:
        return f"CASE WHEN {fits} THEN TRY_CAST({sql} AS {to.duckdb}) END"
    message = text_literal(f"`{shown(node)}` meets text that is no {to}: use try_cast, which gives NULL.")
    return f"CASE WHEN {sql} IS NULL OR {fits} THEN CAST({sql} AS {to.duckdb}) ELSE error({message}) END"


def _cast(context: Context, node: exp.Cast, scope: Scope) -> Typed:
    return cast(context.expression(node.this, scope), target(node.to, node), node, tried=False)


def _try_cast(context: Context, node: exp.TryCast, scope: Scope) -> Typed:
    return cast(context.expression(node.this, scope), target(node.to, node), node, tried=True)


def _date(context: Context, node: exp.Date, scope: Scope) -> Typed:
    return cast(context.expression(node.this, scope), DATE, node, tried=False)


RULES: dict[type[exp.Expr], Rule] = {
    exp.Cast: rule(_cast, "this", "to"),
    exp.TryCast: rule(_try_cast, "this", "to", "safe"),
    exp.Date: rule(_date, "this"),
}
