"""Operators: arithmetic, comparison, logic, conditions and text."""

from sqlglot import exp

from footfall.errors import FootfallError
from footfall.query.rules import Context, Rule, expect, part, refuse, rule, shown, text_literal
from footfall.query.scope import Scope
from footfall.query.types import (
    BIGINT,
    BOOLEAN,
    DATE,
    DAY_TO_SECOND,
    DOUBLE,
    INTEGER,
    TIMESTAMP,
    VARCHAR,
    YEAR_TO_MONTH,
    SqlType,
    Typed,
    decimal,
    meet,
)

_COMPARISONS: dict[type[exp.Expr], str] = {
    exp.EQ: "=",
    exp.NEQ: "<>",
    exp.LT: "<",
    exp.LTE: "<=",
    exp.GT: ">",
    exp.GTE: ">=",
    exp.NullSafeEQ: "IS NOT DISTINCT FROM",
    exp.NullSafeNEQ: "IS DISTINCT FROM",
}
_INTERVALS = {"YEAR": YEAR_TO_MONTH, "MONTH": YEAR_TO_MONTH}
_DAY_INTERVALS = ("DAY", "HOUR", "MINUTE", "SECOND")


def compare(context: Context, node: exp.Expr, operator: str, scope: Scope) -> Typed:
    """Two values compared, as the type in which they meet."""
    left, right = context.expression(node.this, scope), context.expression(part(node, "expression"), scope)
    both = meet((left.type, right.type), shown(node))
    return Typed(f"({left.cast(both)} {operator} {right.cast(both)})", BOOLEAN)


def _comparison(context: Context, node: exp.Expr, scope: Scope) -> Typed:
    return compare(context, node, _COMPARISONS[type(node)], scope)


def _numbers(context: Context, node: exp.Expr, scope: Scope) -> tuple[Typed, Typed, SqlType]:
    left, right = context.expression(node.this, scope), context.expression(part(node, "expression"), scope)
    for side, written in ((left, node.this), (right, part(node, "expression"))):
        if not side.type.is_number and side.type.name != "unknown":
            raise FootfallError(f"`{shown(written)}` is {side.type}, and `{shown(node)}` takes numbers: cast it.")
    return left, right, meet((left.type, right.type), shown(node))


def _shift(context: Context, node: exp.Expr, sign: str, scope: Scope) -> Typed | None:
    """A date or timestamp moved by a written interval, or None if this is other arithmetic."""
    moved, by = (node.this, part(node, "expression"))
    if isinstance(moved, exp.Interval) and sign == "+":
        moved, by = by, moved
    if not isinstance(by, exp.Interval):
        return None
    time, interval = context.expression(moved, scope), context.expression(by, scope)
    if time.type == DATE and str(by.args["unit"]).upper() in ("HOUR", "MINUTE", "SECOND"):
        raise FootfallError(f"`{shown(node)}` moves a date by less than a day: cast it to timestamp.")
    expect(time, moved, DATE, TIMESTAMP)
    return Typed(f"CAST({time.sql} {sign} {interval.sql} AS {time.type.duckdb})", time.type)


def _sum(context: Context, node: exp.Expr, scope: Scope) -> Typed:
    sign = "+" if isinstance(node, exp.Add) else "-"
    shifted = _shift(context, node, sign, scope)
    if shifted is not None:
        return shifted
    left, right = context.expression(node.this, scope), context.expression(part(node, "expression"), scope)
    if left.type.is_time and right.type.is_time:
        raise refuse(node, "write date_diff('day', a, b) or another unit, for the time from a to b.")
    left, right, both = _numbers(context, node, scope)
    if both.is_decimal:
        result = decimal(both.precision + 1, both.scale)
        return Typed(f"CAST({left.cast(result)} {sign} {right.cast(result)} AS {result.duckdb})", result)
    return Typed(f"({left.cast(both)} {sign} {right.cast(both)})", both)


def _product(context: Context, node: exp.Mul, scope: Scope) -> Typed:
    left, right, both = _numbers(context, node, scope)
    if both.is_decimal:
        one, two = left.type.as_decimal(), right.type.as_decimal()
        result = decimal(one.precision + two.precision, one.scale + two.scale)
        wide = [side.cast(decimal(38, side.type.as_decimal().scale)) for side in (left, right)]
        return Typed(f"CAST({wide[0]} * {wide[1]} AS {result.duckdb})", result)
    return Typed(f"({left.cast(both)} * {right.cast(both)})", both)


def _quotient(context: Context, node: exp.Expr, scope: Scope) -> Typed:
    left, right, both = _numbers(context, node, scope)
    operator = "/" if isinstance(node, exp.Div) else "%"
    if both.is_decimal:
        raise refuse(node, "decimals keep few digits when divided; cast one side to double (as 100e0 * x / y does).")
    if both == DOUBLE:
        return Typed(f"({left.cast(both)} {operator} {right.cast(both)})", both)
    whole = "//" if operator == "/" else "%"
    divisor = right.cast(both)
    message = text_literal(f"`{shown(node)}` divides by zero: write nullif(y, 0) below it.")
    quotient = f"CASE WHEN {divisor} = 0 THEN error({message}) ELSE {left.cast(both)} {whole} {divisor} END"
    return Typed(f"CAST({quotient} AS {both.duckdb})", both)


def _negative(context: Context, node: exp.Neg, scope: Scope) -> Typed:
    value = context.expression(node.this, scope)
    if not value.type.is_number:
        raise FootfallError(f"`{shown(node)}` takes a number, and `{shown(node.this)}` is {value.type}.")
    return Typed(f"(- {value.sql})", value.type)


def _logic(context: Context, node: exp.Expr, scope: Scope) -> Typed:
    operator = "AND" if isinstance(node, exp.And) else "OR"
    left, right = (
        expect(context.expression(side, scope), side, BOOLEAN) for side in (node.this, part(node, "expression"))
    )
    return Typed(f"({left.sql} {operator} {right.sql})", BOOLEAN)


def _not(context: Context, node: exp.Not, scope: Scope) -> Typed:
    return Typed(f"(NOT {expect(context.expression(node.this, scope), node.this, BOOLEAN).sql})", BOOLEAN)


def _is(context: Context, node: exp.Is, scope: Scope) -> Typed:
    if not isinstance(node.expression, exp.Null):
        raise refuse(node, "write `x is null`, `x is not null`, or the boolean by itself.")
    return Typed(f"({context.expression(node.this, scope).sql} IS NULL)", BOOLEAN)


def _between(context: Context, node: exp.Between, scope: Scope) -> Typed:
    value, low, high = (context.expression(node.args[part], scope) for part in ("this", "low", "high"))
    all_three = meet((value.type, low.type, high.type), shown(node))
    return Typed(f"({value.cast(all_three)} BETWEEN {low.cast(all_three)} AND {high.cast(all_three)})", BOOLEAN)


def _in(context: Context, node: exp.In, scope: Scope) -> Typed:
    value = context.expression(node.this, scope)
    query = node.args.get("query")
    if query is not None:
        sql, columns = context.query(query, scope)
        if len(columns) != 1:
            raise FootfallError(f"`{shown(node)}` needs a query of one column, and it has {len(columns)}.")
        element = next(iter(columns.values()))
        both = meet((value.type, element), shown(node))
        if both != element:
            raise FootfallError(f"`{shown(node)}` compares {value.type} with {element}: cast one of them.")
        return Typed(f"({value.cast(both)} IN ({sql}))", BOOLEAN)
    items = [context.expression(item, scope) for item in node.expressions]
    both = meet([value.type, *(item.type for item in items)], shown(node))
    return Typed(f"({value.cast(both)} IN ({', '.join(item.cast(both) for item in items)}))", BOOLEAN)


def _like(context: Context, node: exp.Like, scope: Scope) -> Typed:
    text, pattern = (
        expect(context.expression(side, scope), side, VARCHAR) for side in (node.this, part(node, "expression"))
    )
    return Typed(f"({text.sql} LIKE {pattern.sql})", BOOLEAN)


def _escape(context: Context, node: exp.Escape, scope: Scope) -> Typed:
    like = context.expression(node.this, scope)
    escape = context.expression(part(node, "expression"), scope)
    if not isinstance(node.this, exp.Like):
        raise refuse(node, "ESCAPE belongs to LIKE.")
    return Typed(f"({like.sql[1:-1]} ESCAPE {escape.sql})", BOOLEAN)


def _exists(context: Context, node: exp.Exists, scope: Scope) -> Typed:
    return Typed(f"EXISTS ({context.query(node.this, scope)[0]})", BOOLEAN)


def _subquery(context: Context, node: exp.Subquery, scope: Scope) -> Typed:
    sql, columns = context.query(node.this, scope)
    if len(columns) != 1:
        raise FootfallError(f"`{shown(node)}` stands for one value, and it has {len(columns)} columns.")
    return Typed(f"({sql})", next(iter(columns.values())))


def _parenthesis(context: Context, node: exp.Paren, scope: Scope) -> Typed:
    inner = context.expression(node.this, scope)
    return Typed(f"({inner.sql})", inner.type)


def _concatenation(context: Context, node: exp.Expr, scope: Scope) -> Typed:
    sides = node.expressions if isinstance(node, exp.Concat) else [node.this, part(node, "expression")]
    texts = [expect(context.expression(side, scope), side, VARCHAR).sql for side in sides]
    return Typed(f"CAST({' || '.join(texts)} AS VARCHAR)", VARCHAR)


def conditional(tests: list[str], values: list[Typed], otherwise: Typed | None, node: exp.Expr) -> Typed:
    """A CASE in DuckDB's SQL, its values all of the type in which they meet."""
    ends = [] if otherwise is None else [otherwise]
    result = meet([value.type for value in (*values, *ends)], shown(node))
    branches = [f"WHEN {test} THEN {value.cast(result)}" for test, value in zip(tests, values, strict=True)]
    last = [f"ELSE {end.cast(result)}" for end in ends]
    return Typed(" ".join(["(CASE", *branches, *last, "END)"]), result)


def _case(context: Context, node: exp.Case, scope: Scope) -> Typed:
    subject, default = node.args.get("this"), node.args.get("default")
    tests: list[str] = []
    for branch in node.args["ifs"]:
        test = exp.EQ(this=subject.copy(), expression=branch.this.copy()) if subject is not None else branch.this
        tests.append(expect(context.expression(test, scope), test, BOOLEAN).sql)
    values = [context.expression(part(branch, "true"), scope) for branch in node.args["ifs"]]
    return conditional(tests, values, None if default is None else context.expression(default, scope), node)


def _if(context: Context, node: exp.If, scope: Scope) -> Typed:
    default = node.args.get("false")
    return conditional(
        [expect(context.expression(node.this, scope), node.this, BOOLEAN).sql],
        [context.expression(part(node, "true"), scope)],
        None if default is None else context.expression(default, scope),
        node,
    )


def _interval(context: Context, node: exp.Interval, scope: Scope) -> Typed:
    unit = str(node.args.get("unit") or "").upper()
    amount = node.this
    if not isinstance(amount, exp.Literal) or not str(amount.this).isdigit():
        raise refuse(node, "write it as interval '7' day.")
    if unit not in (*_INTERVALS, *_DAY_INTERVALS):
        raise refuse(node, "its unit is year, month, day, hour, minute or second.")
    return Typed(f"INTERVAL '{amount.this}' {unit}", _INTERVALS.get(unit, DAY_TO_SECOND))


RULES: dict[type[exp.Expr], Rule] = {
    **{kind: rule(_comparison, "this", "expression") for kind in _COMPARISONS},
    exp.Add: rule(_sum, "this", "expression"),
    exp.Sub: rule(_sum, "this", "expression"),
    exp.Mul: rule(_product, "this", "expression"),
    exp.Div: rule(_quotient, "this", "expression", "typed"),
    exp.Mod: rule(_quotient, "this", "expression"),
    exp.Neg: rule(_negative, "this"),
    exp.And: rule(_logic, "this", "expression"),
    exp.Or: rule(_logic, "this", "expression"),
    exp.Not: rule(_not, "this"),
    exp.Is: rule(_is, "this", "expression"),
    exp.Between: rule(_between, "this", "low", "high"),
    exp.In: rule(_in, "this", "expressions", "query"),
    exp.Like: rule(_like, "this", "expression"),
    exp.Escape: rule(_escape, "this", "expression"),
    exp.Exists: rule(_exists, "this"),
    exp.Subquery: rule(_subquery, "this"),
    exp.Paren: rule(_parenthesis, "this"),
    exp.DPipe: rule(_concatenation, "this", "expression"),
    exp.Concat: rule(_concatenation, "expressions"),
    exp.Case: rule(_case, "this", "ifs", "default"),
    exp.If: rule(_if, "this", "true", "false"),
    exp.Interval: rule(_interval, "this", "unit"),
}

INTEGERS = (INTEGER, BIGINT)
