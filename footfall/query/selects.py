"""Queries: SELECT, joins, CTEs, set operations."""

from __future__ import annotations

from typing import Protocol

from sqlglot import exp

from footfall.errors import FootfallError
from footfall.query.aggregates import ordering
from footfall.query.rules import Context, check_parts, expect, refuse, shown
from footfall.query.scope import Columns, Relation, Scope, quote
from footfall.query.types import BOOLEAN, UNKNOWN, Typed, meet

_SELECT_PARTS = frozenset(
    {
        "with_",
        "expressions",
        "distinct",
        "from_",
        "joins",
        "where",
        "group",
        "having",
        "order",
        "limit",
        "offset",
    }
)
_SET_PARTS = frozenset({"with_", "this", "expression", "distinct", "order", "limit", "offset"})
_SET_OPERATORS: dict[type[exp.Expr], str] = {
    exp.Union: "UNION",
    exp.Except: "EXCEPT",
    exp.Intersect: "INTERSECT",
}
_JOIN_SIDES = ("", "LEFT", "RIGHT", "FULL")


class Sources(Context, Protocol):
    """What a SELECT asks of the translation besides what a rule does."""

    def relation(self, name: str, node: exp.Expr, scope: Scope) -> Relation:
        """The table, view or CTE of that name.

        Raises:
            FootfallError: there is none; the message says what there is.
        """


def query(context: Sources, node: exp.Expr, parent: Scope | None) -> tuple[str, Columns]:
    """A whole query: its SQL in DuckDB, and the columns it gives.

    Raises:
        FootfallError: it is not on the proven list.
    """
    if isinstance(node, exp.Subquery):
        check_parts(node, frozenset({"this"}))
        return query(context, node.this, parent)
    if isinstance(node, exp.Select):
        return _select(context, node, parent)
    if type(node) in _SET_OPERATORS:
        return _set_operation(context, node, parent)
    raise refuse(node, "write one SELECT, with WITH before it and UNION, EXCEPT or INTERSECT between.")


def _select(context: Sources, node: exp.Select, parent: Scope | None) -> tuple[str, Columns]:
    check_parts(node, _SELECT_PARTS)
    if not node.expressions:
        raise FootfallError("a SELECT has columns: write `select *` or name them.")
    outer, ctes = _with(context, node, parent)
    scope = Scope(parent=outer)
    tables = _from(context, node, scope)
    outputs, items = _projection(context, node, scope)
    sql = [ctes + "SELECT"]
    if node.args.get("distinct") is not None:
        check_parts(node.args["distinct"], frozenset())
        sql.append("DISTINCT")
    sql.append(", ".join(items))
    sql.extend(tables)
    if node.args.get("where") is not None:
        sql.append("WHERE " + _condition(context, node.args["where"].this, scope))
    if node.args.get("group") is not None:
        check_parts(node.args["group"], frozenset({"expressions"}))
        if not node.args["group"].expressions:
            raise FootfallError("a GROUP BY names what to group by.")
        sql.append("GROUP BY " + ", ".join(_grouped(context, by, scope) for by in node.args["group"].expressions))
    if node.args.get("having") is not None:
        sql.append("HAVING " + _condition(context, node.args["having"].this, scope))
    scope.outputs = outputs
    sql.extend(_end(context, node, scope))
    return " ".join(sql), outputs


def _with(context: Sources, node: exp.Expr, parent: Scope | None) -> tuple[Scope | None, str]:
    """The scope that knows the query's CTEs, and their SQL."""
    clause = node.args.get("with_")
    if clause is None:
        return parent, ""
    check_parts(clause, frozenset({"expressions"}))
    scope, texts = parent, []
    for cte in clause.expressions:
        check_parts(cte, frozenset({"this", "alias"}))
        name = str(cte.alias).lower()
        sql, columns = query(context, cte.this, scope)
        named = cte.args["alias"].args.get("columns") or []
        if named and len(named) != len(columns):
            raise FootfallError(f"the CTE {name!r} names {len(named)} columns and has {len(columns)}.")
        if named:
            columns = dict(zip((str(column.this).lower() for column in named), columns.values(), strict=True))
        # DuckDB takes a CTE that is named as the table it reads for a circle; Athena does not.
        inner = f"with_{name}_{_depth(scope)}"
        texts.append(f"{quote(inner)}({', '.join(map(quote, columns))}) AS ({sql})")
        scope = Scope(parent=scope, ctes={name: Relation(columns, quote(inner))})
    return scope, f"WITH {', '.join(texts)} "


def _depth(scope: Scope | None) -> int:
    return 0 if scope is None else 1 + _depth(scope.parent)


def _from(context: Sources, node: exp.Select, scope: Scope) -> list[str]:
    clause = node.args.get("from_")
    if clause is None:
        return []
    return [
        f"FROM {_source(context, clause.this, scope)}",
        *(_join(context, join, scope) for join in node.args.get("joins") or []),
    ]


def _source(context: Sources, node: exp.Expr, scope: Scope) -> str:
    if isinstance(node, exp.Table):
        check_parts(node, frozenset({"this", "alias"}))
        if not isinstance(node.this, exp.Identifier):
            raise refuse(node, "select from a table, a view, a CTE or a subquery.")
        relation = context.relation(str(node.this.this).lower(), node, scope)
        return _named(relation, node.args.get("alias"), str(node.this.this).lower(), scope)
    if isinstance(node, exp.Subquery):
        check_parts(node, frozenset({"this", "alias"}))
        sql, columns = query(context, node.this, Scope(parent=_without_sources(scope)))
        return _named(Relation(columns, f"({sql})"), node.args.get("alias"), "", scope)
    if isinstance(node, exp.Values):
        check_parts(node, frozenset({"expressions", "alias"}))
        return _named(_values(context, node, scope), node.args.get("alias"), "", scope)
    if isinstance(node, exp.Unnest):
        return _unnest(context, node, scope)
    raise refuse(node, "select from a table, a view, a CTE or a subquery.")


def _unnest(context: Context, node: exp.Unnest, scope: Scope) -> str:
    """The elements of an array of a table to the left, a row each; a row's fields become columns."""
    check_parts(node, frozenset({"expressions", "alias"}))
    alias = node.args.get("alias")
    if len(node.expressions) != 1 or alias is None or not alias.args.get("columns"):
        raise refuse(
            node, "unnest one array, and name its columns: `cross join unnest(e.items) as i (item, quantity, value)`."
        )
    array = context.expression(node.expressions[0], scope)
    if array.type.element is None:
        raise FootfallError(f"`{shown(node)}` takes an array, and `{shown(node.expressions[0])}` is {array.type}.")
    element = array.type.element
    if element.fields:
        columns = dict(element.fields)
        taken = ", ".join(f"e.{quote(name)} AS {quote(name)}" for name in columns)
    else:
        columns = {"element": element}
        taken = 'e AS "element"'
    return _named(Relation(columns, f"(SELECT {taken} FROM UNNEST({array.sql}) AS u(e))"), alias, "", scope)


def _without_sources(scope: Scope) -> Scope | None:
    """What a subquery in FROM sees: the CTEs, and the SELECTs around, but not its neighbours."""
    return scope.parent


def _named(relation: Relation, alias: exp.Expr | None, default: str, scope: Scope) -> str:
    name = str(alias.this.this).lower() if alias is not None and alias.this is not None else default
    columns = relation.columns
    listed = (alias.args.get("columns") or []) if alias is not None else []
    if listed and len(listed) != len(columns):
        raise FootfallError(f"{name!r} names {len(listed)} columns and has {len(columns)}.")
    if listed:
        columns = dict(zip((str(column.this).lower() for column in listed), columns.values(), strict=True))
    # A subquery without an alias is legal on Athena: its columns are then named without a table.
    name = name or f"_subquery{len(scope.sources)}"
    scope.add(name, columns)
    renamed = f"({', '.join(map(quote, columns))})" if columns is not relation.columns else ""
    return f"{relation.sql} AS {quote(name)}{renamed}"


def _values(context: Context, node: exp.Values, scope: Scope) -> Relation:
    rows = [[context.expression(cell, scope) for cell in row.expressions] for row in node.expressions]
    if len({len(row) for row in rows}) != 1:
        raise FootfallError(f"`{shown(node)}` has rows of different lengths.")
    types = [meet([row[place].type for row in rows], shown(node)) for place in range(len(rows[0]))]
    cells = [", ".join(cell.cast(kind) for cell, kind in zip(row, types, strict=True)) for row in rows]
    columns = {f"col{place}": kind for place, kind in enumerate(types)}
    return Relation(columns, "(VALUES " + ", ".join(f"({cell})" for cell in cells) + ")")


def _join(context: Sources, join: exp.Join, scope: Scope) -> str:
    check_parts(join, frozenset({"this", "on", "using", "side", "kind"}))
    side, kind = str(join.args.get("side") or "").upper(), str(join.args.get("kind") or "").upper()
    using = [
        str(column.this if isinstance(column.this, str) else column.name).lower()
        for column in join.args.get("using") or []
    ]
    left = {name: dict(columns) for name, columns in scope.sources.items()}
    table = _source(context, join.this, scope)
    if kind == "CROSS" and not side:
        return f"CROSS JOIN {table}"
    if isinstance(join.this, exp.Unnest) and side != "LEFT":
        raise refuse(join, "write `cross join unnest(...)`, or `left join unnest(...) on true`.")
    if side not in _JOIN_SIDES or kind not in ("", "INNER", "OUTER") or not (join.args.get("on") or using):
        raise refuse(join, "join by [LEFT | RIGHT | FULL] JOIN ... ON or USING, or by CROSS JOIN.")
    head = f"{side} JOIN {table}".strip()
    if not using:
        return f"{head} ON {_condition(context, join.args['on'], scope)}"
    right = next(columns for name, columns in scope.sources.items() if name not in left)
    for name in using:
        types = [columns[name] for columns in left.values() if name in columns][:1]
        if not types or name not in right:
            raise FootfallError(f"`{shown(join)}`: {name!r} is not a column of both sides.")
        if types[0] != right[name]:
            raise FootfallError(f"`{shown(join)}`: {name!r} is {types[0]} on one side and {right[name]} on the other.")
        scope.merged[name] = types[0]
    return f"{head} USING ({', '.join(map(quote, using))})"


def _condition(context: Context, node: exp.Expr, scope: Scope) -> str:
    return expect(context.expression(node, scope), node, BOOLEAN).sql


def _grouped(context: Context, node: exp.Expr, scope: Scope) -> str:
    if isinstance(node, exp.Literal) and not node.is_string:
        return str(node.this)
    return context.expression(node, scope).sql


def _projection(context: Sources, node: exp.Select, scope: Scope) -> tuple[Columns, list[str]]:
    outputs: Columns = {}
    items: list[str] = []
    for name, typed in _outputs(context, node, scope):
        if name in outputs:
            raise FootfallError(f"two columns of the result are named {name!r}: give one an alias.")
        outputs[name] = typed.type
        items.append(f"{typed.sql} AS {quote(name)}")
    return outputs, items


def _outputs(context: Sources, node: exp.Select, scope: Scope) -> list[tuple[str, Typed]]:
    found: list[tuple[str, Typed]] = []
    for item in node.expressions:
        if isinstance(item, exp.Star) or (isinstance(item, exp.Column) and isinstance(item.this, exp.Star)):
            found.extend(_star(item, scope))
        elif isinstance(item, exp.Alias):
            check_parts(item, frozenset({"this", "alias"}))
            found.append((str(item.alias).lower(), context.expression(item.this, scope)))
        elif isinstance(item, exp.Column):
            found.append((str(item.name).lower(), context.expression(item, scope)))
        else:
            # Athena names a column that has no name by its place.
            found.append((f"_col{len(found)}", context.expression(item, scope)))
    return found


def _star(item: exp.Expr, scope: Scope) -> list[tuple[str, Typed]]:
    check_parts(item, frozenset({"this", "table"}))
    table = str(item.args["table"].this).lower() if item.args.get("table") is not None else None
    if table is None and scope.merged:
        raise refuse(item, "name the columns: the engines order those of a USING differently.")
    if table is not None and table not in scope.sources:
        raise FootfallError(f"there is no table {table!r} here; there is: {', '.join(scope.sources) or 'nothing'}.")
    if not scope.sources:
        raise FootfallError("`*` needs a FROM.")
    return [
        (name, Typed(f"{quote(alias)}.{quote(name)}", kind))
        for alias, columns in scope.sources.items()
        if table in (None, alias)
        for name, kind in columns.items()
    ]


def _set_operation(context: Sources, node: exp.Expr, parent: Scope | None) -> tuple[str, Columns]:
    check_parts(node, _SET_PARTS)
    operator = _SET_OPERATORS[type(node)]
    if not node.args.get("distinct"):
        if operator != "UNION":
            raise refuse(node, f"write {operator} without ALL.")
        operator += " ALL"
    scope, ctes = _with(context, node, parent)
    left, columns = query(context, node.this, scope)
    right, others = query(context, node.args["expression"], scope)
    if len(columns) != len(others):
        raise FootfallError(f"the sides of a {operator} have {len(columns)} and {len(others)} columns.")
    outputs = {
        name: meet((mine, other), f"{operator} of column {name}")
        for (name, mine), other in zip(columns.items(), others.values(), strict=True)
    }
    sides = [_as_types(left, columns, outputs), _as_types(right, others, outputs)]
    end = _end(context, node, Scope(parent=scope, outputs=outputs))
    body = f"({sides[0]}) {operator} ({sides[1]})"
    return ctes + " ".join([body, *end]), outputs


def _as_types(sql: str, has: Columns, wanted: Columns) -> str:
    """The query, its columns cast where the other side of the set operation is wider."""
    if list(has.values()) == list(wanted.values()):
        return sql
    columns = ", ".join(
        f"{quote(name)}" if kind == to or to == UNKNOWN else f"CAST({quote(name)} AS {to.duckdb}) AS {quote(name)}"
        for (name, kind), to in zip(has.items(), wanted.values(), strict=True)
    )
    return f"SELECT {columns} FROM ({sql}) AS _side"


def _end(context: Context, node: exp.Expr, scope: Scope) -> list[str]:
    sql: list[str] = []
    if node.args.get("order") is not None:
        check_parts(node.args["order"], frozenset({"expressions"}))
        sql.append("ORDER BY " + ordering(context, node.args["order"], scope))
    for part, words in (("limit", "LIMIT"), ("offset", "OFFSET")):
        if node.args.get(part) is not None:
            sql.append(f"{words} {_row_count(context, node.args[part])}")
    return sql


def _row_count(context: Context, node: exp.Expr) -> int:
    if not isinstance(node, exp.Limit | exp.Offset):
        raise refuse(node, "write LIMIT 10.")
    check_parts(node, frozenset({"expression"}))
    amount = node.expression
    value: object = str(amount.this) if isinstance(amount, exp.Literal) and not amount.is_string else None
    if isinstance(amount, exp.Placeholder):
        value = context.parameters.get(str(amount.this))
    if not str(value).isdigit():
        raise refuse(node, "write a whole number, or a parameter that is one.")
    return int(str(value))
