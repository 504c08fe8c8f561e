"""The shape of a rule: one construct of Athena's SQL on the proven list, and how it is said to DuckDB."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from sqlglot import exp

from footfall.errors import FootfallError
from footfall.query.scope import Columns, Scope
from footfall.query.types import SqlType, Typed

ALWAYS_IGNORED = frozenset({"comments"})


class Context(Protocol):
    """What a rule may ask of the translation it is part of."""

    @property
    def parameters(self) -> Mapping[str, object]:
        """The values of the query's parameters."""

    def expression(self, node: exp.Expr, scope: Scope) -> Typed:
        """Translate a part of the expression."""

    def query(self, node: exp.Expr, scope: Scope | None) -> tuple[str, Columns]:
        """Translate a query inside of the query: its SQL and the columns it gives."""


@dataclass(frozen=True)
class Rule:
    """How a construct is translated, and the parts of it that the rule knows (sqlglot's argument names)."""

    translate: Callable[[Context, Any, Scope], Typed]
    parts: frozenset[str]


def rule(translate: Callable[[Context, Any, Scope], Typed], *parts: str) -> Rule:
    """A rule for a construct that has these parts and no others."""
    return Rule(translate, frozenset(parts))


def shown(node: exp.Expr) -> str:
    """The construct as its author would know it, on one line, cut where it is long."""
    try:
        text = " ".join(node.sql(dialect="trino").split())
    except ValueError:  # sqlglot reads some constructs that it cannot write
        text = type(node).__name__
    return text if len(text) <= 80 else text[:77] + "..."


def refuse(node: exp.Expr, hint: str) -> FootfallError:
    """The error for a construct that is not proven. `hint` says what to write instead."""
    return FootfallError(f"`{shown(node)}` is not on the list of SQL that is proven equal to Athena's: {hint}")


def check_parts(node: exp.Expr, parts: frozenset[str]) -> None:
    """Refuse a construct with a part (a modifier, an option) that its rule does not know, or without its first.

    Raises:
        FootfallError: there is such a part (it is named), or the first is missing.
    """
    may_lack_it = isinstance(node, exp.Case | exp.Star | exp.Placeholder)
    if "this" in parts and node.args.get("this") is None and not may_lack_it:
        raise refuse(node, "an argument is missing.")
    for name, value in node.args.items():
        if name not in parts and value not in (None, False, [], ""):
            raise refuse(
                node, f"leave out its {name.rstrip('_').replace('_', ' ')} part (docs/queries.md has the list)."
            )


def part(node: exp.Expr, name: str) -> exp.Expr:
    """A part that the construct cannot do without.

    Raises:
        FootfallError: it is missing.
    """
    found = node.args.get(name)
    if not isinstance(found, exp.Expr):
        raise refuse(node, "an argument is missing.")
    return found


def expect(typed: Typed, node: exp.Expr, *allowed: SqlType) -> Typed:
    """The expression, if it is of one of the types; NULL becomes the first of them.

    Raises:
        FootfallError: it is of another type, which Athena refuses.
    """
    if typed.type in allowed:
        return typed
    if typed.type.name == "unknown":
        return Typed(typed.cast(allowed[0]), allowed[0])
    names = " or ".join(str(kind) for kind in allowed)
    raise FootfallError(f"`{shown(node)}` is {typed.type}, and Athena takes {names} here: cast it.")


def constant_text(context: Context, node: exp.Expr, why: str) -> str:
    """The text of a string that is written in the query, or given by a parameter.

    Raises:
        FootfallError: it is not constant.
    """
    value: object = node.this if isinstance(node, exp.Literal) and node.is_string else None
    if isinstance(node, exp.Placeholder):
        value = context.parameters.get(str(node.this))
    if not isinstance(value, str):
        raise refuse(node, f"write {why} as a string, such as 'x'.")
    return value


def text_literal(text: str) -> str:
    """A string as DuckDB writes it."""
    return "'" + text.replace("'", "''") + "'"
