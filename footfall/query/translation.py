"""Athena's SQL, checked and said in DuckDB's words.

Only what is on the proven list is let through: each construct has a rule, a rule types what it translates by Athena's
typing, and a test holds each to Athena's documented result. There is no way to a file, a catalog or a function that
no rule names.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from footfall.errors import FootfallError
from footfall.query import aggregates, casts, functions, literals, operators, selects
from footfall.query.relations import LAKE_TABLES
from footfall.query.rules import Rule, check_parts, refuse, rule
from footfall.query.scope import Columns, Relation, Scope, quote
from footfall.query.types import Typed

_HINTS: dict[str, str] = {
    "approx_distinct": "write count(distinct x), which is exact.",
    "approx_percentile": "its estimate differs between engines; rank the rows with ntile or row_number.",
    "try": "write nullif(y, 0) below a division, and try_cast for a cast.",
    "now": "give the time as a parameter, so that the same query has the same answer: --param now=2026-01-31.",
    "unnest": "write it as a join: `cross join unnest(e.items) as i (item, quantity, value)`.",
    "extract": "write year(x), month(x), day(x), hour(x).",
}
_ELSEWHERE = "docs/queries.md lists what is."


def _column(context: object, node: exp.Column, scope: Scope) -> Typed:
    if not isinstance(node.this, exp.Identifier):
        raise refuse(node, "`*` stands in a SELECT or in count(*).")
    table = node.args.get("table")
    return scope.column(str(table.this).lower() if table is not None else None, str(node.name).lower())


PROVEN: Mapping[type[exp.Expr], Rule] = {
    exp.Column: rule(_column, "this", "table"),
    **literals.RULES,
    **operators.RULES,
    **casts.RULES,
    **functions.RULES,
    **aggregates.RULES,
}


@dataclass(frozen=True)
class Translation:
    """A query in DuckDB's SQL, and its columns with the types that Athena gives them."""

    sql: str
    columns: Columns


class _Translator(selects.Sources):
    def __init__(self, parameters: Mapping[str, object], views: Mapping[str, str]) -> None:
        self._parameters = parameters
        self._views = views

    @property
    def parameters(self) -> Mapping[str, object]:
        return self._parameters

    def expression(self, node: exp.Expr, scope: Scope) -> Typed:
        known = PROVEN.get(type(node))
        if known is None:
            raise refuse(node, _hint(node))
        check_parts(node, known.parts)
        return known.translate(self, node, scope)

    def query(self, node: exp.Expr, scope: Scope | None) -> tuple[str, Columns]:
        return selects.query(self, node, scope)

    def relation(self, name: str, node: exp.Expr, scope: Scope) -> Relation:
        cte = scope.cte(name)
        if cte is not None:
            return cte
        if name in LAKE_TABLES:
            return Relation(dict(LAKE_TABLES[name]), quote(name))
        if name in self._views:
            return self._view(name)
        known = ", ".join([*LAKE_TABLES, *self._views, *sorted(scope.cte_names())])
        raise FootfallError(f"there is no table {name!r}; there is: {known}.")

    def _view(self, name: str) -> Relation:
        others = {other: text for other, text in self._views.items() if other != name}
        translated = translate(self._views[name], views=others)
        return Relation(translated.columns, f"({translated.sql})")


def translate(
    sql: str, parameters: Mapping[str, object] | None = None, views: Mapping[str, str] | None = None
) -> Translation:
    """One SELECT in Athena's SQL, in DuckDB's.

    Args:
        sql: the query, over the lake's tables and the views, by their plain names.
        parameters: the values of its `:name`s.
        views: the saved views, each a SELECT in Athena's SQL by its name.

    Raises:
        FootfallError: it cannot be read, names what there is not, or is not on the proven list.
    """
    try:
        text, columns = _Translator(parameters or {}, views or {}).query(parse(sql), None)
    except RecursionError as error:
        raise FootfallError("the query is nested too deep: take parts of it out into WITH.") from error
    for name, kind in columns.items():
        if kind.name.startswith("interval"):
            raise FootfallError(
                f"the column {name!r} is an {kind}, which the engines write differently: use date_diff."
            )
    return Translation(text, columns)


def parse(sql: str) -> exp.Expr:
    """The one SELECT of a text.

    Raises:
        FootfallError: it cannot be read, or is none, or more than one, or something else than a SELECT.
    """
    if sql.lstrip(" \t\r\n;").split(" ")[0].lower() in _STATEMENTS:
        raise FootfallError("a query is one SELECT: nothing can be changed, shown or explained by it.")
    # What sqlglot warns of is refused here, in one line.
    logging.getLogger("sqlglot").setLevel(logging.CRITICAL)
    try:
        statements = [statement for statement in sqlglot.parse(sql, read="trino") if statement is not None]
    except (SqlglotError, RecursionError) as error:
        raise FootfallError(f"the SQL cannot be read{_place(error)}") from error
    if len(statements) != 1:
        raise FootfallError(f"a query is one SELECT, and this text holds {len(statements)} statements.")
    statement = statements[0]
    if not isinstance(statement, exp.Select | exp.SetOperation | exp.Subquery):
        raise FootfallError("a query is one SELECT: nothing can be changed, shown or explained by it.")
    return statement


_STATEMENTS = ("show", "explain", "unload", "using", "describe", "alter", "set", "call", "use", "msck", "vacuum")


def _place(error: Exception) -> str:
    details = getattr(error, "errors", None)
    if not details or not details[0].get("line"):
        return ": a quote or a bracket is not closed, or it is nested too deep."
    near = f", near `{details[0]['highlight']}`" if details[0].get("highlight") else ""
    return f" at line {details[0]['line']}, column {details[0]['col']}{near}."


def _hint(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous):
        name = str(node.this).lower()
    elif isinstance(node, exp.Func):
        name = node.sql_name().lower()
    else:
        name = type(node).__name__.lower()
    aliases = {
        "approx_quantile": "approx_percentile",
        "currenttimestamp": "now",
        "current_timestamp": "now",
        "current_date": "now",
        "explode": "unnest",
        "approx_count_distinct": "approx_distinct",
    }
    return _HINTS.get(aliases.get(name, name), _ELSEWHERE)
