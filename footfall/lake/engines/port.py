"""The port that the pipeline runs on: relations by name, models in Spark SQL, tables of the lake."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

import pyarrow as pa

from footfall.lake.raw_rows import LeaveOut
from footfall.lake.raw_store import RawStore
from footfall.lake.tables import Table

ColumnFunction = Callable[[list[str]], pa.Table]
Result = TypeVar("Result")


@dataclass(frozen=True)
class Bounds:
    """Which stored rows may matter: of these tenants, and (where a column is named) of these days of it.

    `ranges` are half open, in epoch milliseconds. Bounds only spare reading: what is read may hold more.
    """

    tenants: tuple[str, ...]
    column: str
    ranges: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Commit:
    """A snapshot of a table: its id, when it was made (epoch ms), and what its summary says."""

    snapshot: int
    at: int
    properties: Mapping[str, str]


class Engine(Protocol):
    """An engine. Relations live until `close`; a relation defined again replaces the one before."""

    @property
    def most_bytes(self) -> int:
        """How many bytes of raw objects it should be given at once."""

    def stage(
        self,
        store: RawStore,
        keys: Sequence[str],
        leave_out: LeaveOut | None = None,
        columns: Sequence[str] | None = None,
        beside: str | None = None,
    ) -> None:
        """Decode raw objects into the relations staged_events, staged_rejected and staged_ledger.

        `leave_out` gives each line without the events of who was erased. With `columns`, events have no others. Rows of
        the relation `beside`, which has all columns of the table `events`, may be added to what is made of them.
        """

    def expect(
        self,
        store: RawStore,
        keys: Sequence[str],
        leave_out: LeaveOut | None = None,
        columns: Sequence[str] | None = None,
    ) -> None:
        """Say which raw objects are staged next: an engine may decode them while it does what it is told meanwhile."""

    def map_column(self, name: str, source: str, column: str, function: ColumnFunction, schema: pa.Schema) -> None:
        """Define a relation from a function of a column's distinct values that are not null (in no order)."""

    def register(self, name: str, rows: pa.Table) -> None:
        """Define a small relation from rows at hand."""

    def define(self, name: str, sql: str, table: Table | None = None, *, lazily: bool = False) -> None:
        """Define a relation by a select in Spark SQL; with a table, its columns are cast to that table's schema.

        A lazy one is worked out whenever it is read, as far as it is asked for: for wide rows that are read once, or a
        few columns at a time. What it is made from must not be defined again before it is read.
        """

    def without(self, name: str, source: str, leaving: str, on: Sequence[str]) -> None:
        """Define a lazy relation of the rows of `source` but those that agree with a row of `leaving` in `on`.

        Neither is asked for again, nor what was lazily defined from them: an engine may take the rows out of `source`.
        The columns `on` are never NULL, and tell the rows of `source` apart.
        """

    def add(self, name: str, source: str, rows: str) -> None:
        """Define a lazy relation of the rows of two relations that have the same columns.

        `source` is not asked for again, nor what was lazily defined from it: an engine may put the others into it.
        """

    def number(self, name: str, sql: str) -> None:
        """Define a relation by a select in Spark SQL, with a whole number of its own beside each row: `number`."""

    def number_together(self, name: str, relations: Sequence[str], columns: Sequence[str]) -> None:
        """Define a relation of these columns of all rows of relations, with a number beside each, as `number` does.

        They must not be defined again before it is read.
        """

    def forget(self, name: str) -> None:
        """Let go of a relation that is not asked for again; what was defined from it stays, lazy relations aside."""

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """A small result of a select in Spark SQL."""

    def each(self, work: Callable[[str], Result], keys: Sequence[str]) -> list[Result]:
        """What a piece of work gives for each of these keys, in their order; an engine of many machines spreads it."""

    def is_empty(self, name: str) -> bool:
        """Whether a relation is known to have no rows; False too where that costs as much as to work with it."""

    def snapshot(self, table: Table) -> int | None:
        """The table's current snapshot."""

    def history(self, table: Table) -> Sequence[Commit]:
        """The table's kept snapshots, the oldest first."""

    def stored(
        self,
        name: str,
        table: Table,
        bounds: Bounds | None,
        snapshot: int | None = None,
        columns: Sequence[str] | None = None,
    ) -> None:
        """Define a relation of a table's rows within bounds (None: all rows), as of a snapshot (None: the current).

        With `columns`, no other columns are read.
        """

    def stored_where(self, name: str, table: Table, condition: str) -> None:
        """Define a relation of a table's rows, among them all for which a condition holds.

        Columns are compared with literals in it: files of which their metadata tell that none of their rows can meet it
        are not opened.
        """

    def stored_from(
        self,
        name: str,
        table: Table,
        values: Sequence[str],
        column: str = "raw_object",
        bounds: Bounds | None = None,
    ) -> None:
        """Define a relation of a table's rows within bounds that hold one of these values in a column of texts."""

    def stored_among(
        self,
        name: str,
        table: Table,
        bounds: Bounds | None,
        keys: str,
        on: Sequence[str],
        columns: Sequence[str] | None = None,
        snapshot: int | None = None,
        *,
        lazily: bool = False,
    ) -> None:
        """Define a relation of a table's rows within bounds that agree with a row of the relation `keys` in `on`.

        They are as of a snapshot (None: the current). The columns `on` are never NULL; the last of them tells rows
        apart best. Of rows that do not agree, hardly more than these is read. With `columns`, no others are read of
        those that do. A lazy one is as in `define`.
        """

    def lost(self, name: str, table: Table, snapshot: int) -> None:
        """Define a relation of the rows that a table held at a snapshot and does not hold any more."""

    def replace(
        self, table: Table, rows: str, stale: str, bounds: Bounds | None, properties: Mapping[str, str] | None = None
    ) -> int | None:
        """Take away the stored rows whose key stands in `stale`, and put in the rows of `rows`, in one commit.

        Nothing is committed where both are empty and no property is given. Properties stand in the summary of that
        commit, or of one of no rows right after it (an engine's MERGE takes none): killed between the two, the rows
        are there and the properties are not.

        Returns:
            The table's snapshot after it.
        """

    def expire(self, table: Table, keep: Sequence[int]) -> None:
        """Bound the number of the table's snapshots; those in `keep` stay."""

    def close(self) -> None:
        """Let go of what the engine holds."""
