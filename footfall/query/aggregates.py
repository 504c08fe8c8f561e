"""Aggregates and window functions."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlglot import exp

from footfall.errors import FootfallError
from footfall.query.operators import INTEGERS
from footfall.query.rules import Context, Rule, check_parts, expect, part, refuse, rule, shown
from footfall.query.scope import Scope
from footfall.query.types import BIGINT, BOOLEAN, DOUBLE, SqlType, Typed, array, decimal, meet


@dataclass(frozen=True)
class Call:
    """A call that a FILTER or an OVER may follow; what it gives is cast to the type after them."""

    sql: str
    type: SqlType

    def typed(self) -> Typed:
        """The call with its type made sure."""
        return Typed(f"CAST({self.sql} AS {self.type.duckdb})", self.type)


Caller = Callable[[Context, exp.Expr, Scope], Call]


def ordering(context: Context, order: exp.Expr | None, scope: Scope) -> str:
    """The items of an ORDER BY; NULLs come last unless it says otherwise, in both directions, as on Athena."""
    items: list[str] = []
    for item in order.expressions if order is not None else []:
        check_parts(item, frozenset({"this", "desc", "nulls_first"}))
        by = item.this
        sql = str(by.this) if isinstance(by, exp.Literal) and not by.is_string else context.expression(by, scope).sql
        direction = "DESC" if item.args.get("desc") else "ASC"
        items.append(f"{sql} {direction} NULLS {'FIRST' if item.args.get('nulls_first') else 'LAST'}")
    return ", ".join(items)


def _count(context: Context, node: exp.Expr, scope: Scope) -> Call:
    if isinstance(node.this, exp.Star):
        return Call("count(*)", BIGINT)
    return Call(f"count({_distinct(context, node, scope)[0]})", BIGINT)


def _distinct(context: Context, node: exp.Expr, scope: Scope) -> tuple[str, SqlType]:
    """What is aggregated, with DISTINCT if it is said."""
    if not isinstance(node.this, exp.Distinct):
        value = context.expression(node.this, scope)
        return value.sql, value.type
    check_parts(node.this, frozenset({"expressions"}))
    if len(node.this.expressions) != 1:
        raise refuse(node, "count one distinct expression.")
    value = context.expression(node.this.expressions[0], scope)
    return f"DISTINCT {value.sql}", value.type


def _total(context: Context, node: exp.Expr, scope: Scope) -> Call:
    sql, kind = _distinct(context, node, scope)
    if not kind.is_number:
        raise FootfallError(f"`{shown(node)}` takes a number, and it is {kind}: cast it.")
    result = BIGINT if kind.is_integer else decimal(38, kind.scale) if kind.is_decimal else DOUBLE
    return Call(f"sum({sql})", result)


def _average(context: Context, node: exp.Expr, scope: Scope) -> Call:
    sql, kind = _distinct(context, node, scope)
    if kind.is_decimal:
        raise refuse(node, "an average of decimals keeps few digits on Athena; write avg(cast(x as double)).")
    if not kind.is_number:
        raise FootfallError(f"`{shown(node)}` takes a number, and it is {kind}: cast it.")
    return Call(f"avg({sql})", DOUBLE)


def _extreme(context: Context, node: exp.Expr, scope: Scope) -> Call:
    value = context.expression(node.this, scope)
    return Call(f"{'min' if isinstance(node, exp.Min) else 'max'}({value.sql})", value.type)


def _at_extreme(context: Context, node: exp.Expr, scope: Scope) -> Call:
    """Athena gives a NULL that stands at the extreme; of DuckDB's functions only the _null ones do."""
    value, by = context.expression(node.this, scope), context.expression(part(node, "expression"), scope)
    name = "arg_min_null" if isinstance(node, exp.ArgMin) else "arg_max_null"
    return Call(f"{name}({value.sql}, {by.sql})", value.type)


def _count_if(context: Context, node: exp.Expr, scope: Scope) -> Call:
    test = expect(context.expression(node.this, scope), node.this, BOOLEAN)
    return Call(f"count(CASE WHEN {test.sql} THEN 1 END)", BIGINT)


def _logical(context: Context, node: exp.Expr, scope: Scope) -> Call:
    test = expect(context.expression(node.this, scope), node.this, BOOLEAN)
    return Call(f"{'bool_or' if isinstance(node, exp.LogicalOr) else 'bool_and'}({test.sql})", BOOLEAN)


def _collect(context: Context, node: exp.Expr, scope: Scope) -> Call:
    inner, order = node.this, None
    if isinstance(inner, exp.Order):
        inner, order = part(inner, "this"), inner
    value = context.expression(inner, scope)
    by = f" ORDER BY {ordering(context, order, scope)}" if order is not None else ""
    return Call(f"array_agg({value.sql}{by})", array(value.type))


def _numbering(name: str) -> Caller:
    return lambda context, node, scope: Call(f"{name}()", BIGINT)


def _tile(context: Context, node: exp.Expr, scope: Scope) -> Call:
    return Call(f"ntile({expect(context.expression(node.this, scope), node.this, *INTEGERS).sql})", BIGINT)


def _neighbour(context: Context, node: exp.Expr, scope: Scope) -> Call:
    value = context.expression(node.this, scope)
    offset, default = node.args.get("offset"), node.args.get("default")
    steps = "1" if offset is None else expect(context.expression(offset, scope), offset, *INTEGERS).sql
    name = "lag" if isinstance(node, exp.Lag) else "lead"
    if default is None:
        return Call(f"{name}({value.sql}, {steps})", value.type)
    otherwise = context.expression(default, scope)
    both = meet((value.type, otherwise.type), shown(node))
    return Call(f"{name}({value.cast(both)}, {steps}, {otherwise.cast(both)})", both)


def _end(context: Context, node: exp.Expr, scope: Scope) -> Call:
    value = context.expression(node.this, scope)
    return Call(f"{'first_value' if isinstance(node, exp.FirstValue) else 'last_value'}({value.sql})", value.type)


_AGGREGATES: dict[type[exp.Expr], tuple[Caller, tuple[str, ...]]] = {
    exp.Count: (_count, ("this", "big_int")),
    exp.Sum: (_total, ("this",)),
    exp.Avg: (_average, ("this",)),
    exp.Min: (_extreme, ("this",)),
    exp.Max: (_extreme, ("this",)),
    exp.ArgMin: (_at_extreme, ("this", "expression")),
    exp.ArgMax: (_at_extreme, ("this", "expression")),
    exp.CountIf: (_count_if, ("this",)),
    exp.LogicalOr: (_logical, ("this",)),
    exp.LogicalAnd: (_logical, ("this",)),
    exp.ArrayAgg: (_collect, ("this", "nulls_excluded")),
}
_WINDOW_ONLY: dict[type[exp.Expr], tuple[Caller, tuple[str, ...]]] = {
    exp.RowNumber: (_numbering("row_number"), ()),
    exp.Rank: (_numbering("rank"), ()),
    exp.DenseRank: (_numbering("dense_rank"), ()),
    exp.Ntile: (_tile, ("this",)),
    exp.Lag: (_neighbour, ("this", "offset", "default")),
    exp.Lead: (_neighbour, ("this", "offset", "default")),
    exp.FirstValue: (_end, ("this",)),
    exp.LastValue: (_end, ("this",)),
}


def _call(context: Context, node: exp.Expr, scope: Scope, *, windowed: bool) -> Call:
    """The aggregate or window function itself, its FILTER included."""
    if isinstance(node, exp.Filter):
        check_parts(node, frozenset({"this", "expression"}))
        inner = _call(context, node.this, scope, windowed=False)
        condition = node.expression.this
        test = expect(context.expression(condition, scope), condition, BOOLEAN)
        return Call(f"{inner.sql} FILTER (WHERE {test.sql})", inner.type)
    known = _AGGREGATES | _WINDOW_ONLY if windowed else _AGGREGATES
    if type(node) not in known:
        raise refuse(node, "it cannot stand here; docs/queries.md lists the aggregates and window functions.")
    caller, parts = known[type(node)]
    check_parts(node, frozenset(parts))
    return caller(context, node, scope)


def _aggregate(context: Context, node: exp.Expr, scope: Scope) -> Typed:
    return _call(context, node, scope, windowed=False).typed()


def _outside_window(context: Context, node: exp.Expr, scope: Scope) -> Typed:
    raise FootfallError(f"`{shown(node)}` needs a window: write OVER (PARTITION BY ... ORDER BY ...).")


def _window(context: Context, node: exp.Window, scope: Scope) -> Typed:
    call = _call(context, node.this, scope, windowed=True)
    parts: list[str] = []
    partition = [context.expression(by, scope).sql for by in node.args.get("partition_by") or []]
    if partition:
        parts.append("PARTITION BY " + ", ".join(partition))
    if node.args.get("order") is not None:
        parts.append("ORDER BY " + ordering(context, node.args["order"], scope))
    if node.args.get("spec") is not None:
        parts.append(_frame(node.args["spec"], node))
    return Call(f"{call.sql} OVER ({' '.join(parts)})", call.type).typed()


def _frame(spec: exp.Expr, node: exp.Expr) -> str:
    check_parts(spec, frozenset({"kind", "start", "start_side", "end", "end_side"}))
    kind = str(spec.args.get("kind") or "").upper()
    start = _bound(spec.args.get("start"), spec.args.get("start_side"), kind, node)
    if spec.args.get("end") is None:
        return f"{kind} {start}"
    return f"{kind} BETWEEN {start} AND {_bound(spec.args['end'], spec.args.get('end_side'), kind, node)}"


def _bound(bound: object, side: object, kind: str, node: exp.Expr) -> str:
    if isinstance(bound, str) and kind in ("ROWS", "RANGE"):
        return f"{bound} {side or ''}".upper().strip()
    if kind == "ROWS" and isinstance(bound, exp.Literal) and str(bound.this).isdigit():
        return f"{bound.this} {side}".upper()
    raise refuse(node, "its frame is ROWS or RANGE, UNBOUNDED or CURRENT ROW, or ROWS with a number.")


RULES: dict[type[exp.Expr], Rule] = {
    **{kind: rule(_aggregate, *parts) for kind, (_, parts) in _AGGREGATES.items()},
    **{kind: rule(_outside_window, *parts) for kind, (_, parts) in _WINDOW_ONLY.items()},
    exp.Filter: rule(_aggregate, "this", "expression"),
    exp.Window: rule(_window, "this", "partition_by", "order", "spec", "over"),
}
