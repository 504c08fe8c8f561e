"""Which names a part of a query sees, and what they stand for."""

from __future__ import annotations

from dataclasses import dataclass, field

from footfall.errors import FootfallError
from footfall.query.types import SqlType, Typed

Columns = dict[str, SqlType]


def quote(name: str) -> str:
    """A name as DuckDB reads it, whatever is in it."""
    return '"' + name.replace('"', '""') + '"'


@dataclass
class Relation:
    """Something to select from: its columns in order, and the DuckDB SQL that stands for it in a FROM."""

    columns: Columns
    sql: str


@dataclass
class Scope:
    """The relations of one SELECT by alias, the CTEs it can name, and the SELECT around it.

    `merged` are the columns that a USING joins into one; `outputs` are what an ORDER BY may name besides.
    """

    parent: Scope | None = None
    ctes: dict[str, Relation] = field(default_factory=dict)
    sources: dict[str, Columns] = field(default_factory=dict)
    merged: dict[str, SqlType] = field(default_factory=dict)
    outputs: Columns = field(default_factory=dict)

    def cte(self, name: str) -> Relation | None:
        """The CTE of that name, from here outwards."""
        return self.ctes.get(name) or (self.parent.cte(name) if self.parent else None)

    def cte_names(self) -> set[str]:
        """Every CTE that can be named here."""
        return set(self.ctes) | (self.parent.cte_names() if self.parent else set())

    def add(self, alias: str, columns: Columns) -> None:
        """Let a relation be named by its alias.

        Raises:
            FootfallError: the alias is taken.
        """
        if alias in self.sources:
            raise FootfallError(f"two tables are named {alias!r} here: give one an alias.")
        self.sources[alias] = columns

    def column(self, table: str | None, name: str) -> Typed:
        """The column, from here outwards.

        Raises:
            FootfallError: there is none, or more than one.
        """
        found = self._column(table, name)
        if found is None:
            raise FootfallError(self._missing(table, name))
        return found

    def _column(self, table: str | None, name: str) -> Typed | None:
        if table is None and name in self.outputs:
            return Typed(quote(name), self.outputs[name])
        if table is None and name in self.merged:
            return Typed(quote(name), self.merged[name])
        aliases = [alias for alias, columns in self.sources.items() if table in (None, alias) and name in columns]
        if len(aliases) > 1:
            raise FootfallError(f"the column {name!r} is in {' and '.join(aliases)}: write {aliases[0]}.{name}.")
        if aliases:
            return Typed(f"{quote(aliases[0])}.{quote(name)}", self.sources[aliases[0]][name])
        return self.parent._column(table, name) if self.parent else None

    def _missing(self, table: str | None, name: str) -> str:
        if table is not None and table not in self.sources:
            return (
                f"there is no table {table!r} here to take the column {name!r} of; there is: {_listed(self.sources)}."
            )
        if not self.sources:
            return f"there is no column {name!r}: nothing is selected from."
        columns = (f"{alias} has {_listed(has)}" for alias, has in self.sources.items() if table in (None, alias))
        return f"there is no column {name!r}; " + "; ".join(columns) + "."


def _listed(names: dict[str, Columns] | Columns) -> str:
    return ", ".join(names) or "nothing"
