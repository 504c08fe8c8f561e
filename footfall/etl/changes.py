"""What a run reads and writes of a table: the days that matter, and only the rows that changed."""

from collections.abc import Sequence

from footfall.lake.engines.port import Bounds, Engine
from footfall.lake.raw_rows import DAY_MS
from footfall.lake.tables import EVENTS, Table

EVENT_DAY = f"cast(unix_millis(cast({{}}.event_time as timestamp)) div {DAY_MS} as int)"
"""The UTC day of an event's time (days since 1970), of the relation that stands for {}."""


def commit_changes(engine: Engine, table: Table, before: str, bounds: Bounds | None) -> int | None:
    """Make the table hold the rows of the relation `<table>_all` where it held others, in one commit.

    Rows that are as they were are not written again.

    Args:
        engine: the engine.
        table: the table; its stored rows within the bounds are named `<table>_read`.
        before: a select of those of `<table>_read` that the new rows stand for.
        bounds: which stored rows may matter.

    Returns:
        The table's snapshot after it.
    """
    engine.stored(f"{table.name}_read", table, bounds)
    return commit_difference(engine, table, before, bounds)


def commit_difference(engine: Engine, table: Table, before: str, bounds: Bounds | None) -> int | None:
    """The same, where those of the stored rows that matter were read already.

    Args:
        engine: the engine.
        table: the table.
        before: a select of the stored rows that the new ones stand for.
        bounds: where these rows lie.

    Returns:
        The table's snapshot after it.
    """
    name = table.name
    engine.define(f"{name}_before", before, table)
    if engine.is_empty(f"{name}_before"):
        engine.define(f"{name}_changed", f"select * from {name}_all", table, lazily=True)
        engine.define(f"{name}_stale", f"select * from {name}_before", table, lazily=True)
    else:
        engine.define(f"{name}_changed", f"select * from {name}_all except select * from {name}_before", table)
        engine.define(f"{name}_stale", f"select * from {name}_before except select * from {name}_all", table)
    days = [column for column, transform in table.partition if transform == "day"]
    if days:
        # The rows that leave are few, and they tell their days themselves.
        bounds = column_bounds(engine, f"{name}_stale", days[0])
    return engine.replace(table, f"{name}_changed", f"{name}_stale", bounds)


def earlier_among(
    engine: Engine, name: str, before: int | None, bounds: Bounds, keys: str, on: Sequence[str], columns: Sequence[str]
) -> None:
    """Define a lazy relation of the events that were stored before a run's own, as of the snapshot `before`.

    With None there were none. The other arguments are those of `Engine.stored_among`.
    """
    if before is None:
        engine.stored(name, EVENTS, Bounds((), bounds.column, ()), columns=columns)
    else:
        engine.stored_among(name, EVENTS, bounds, keys, on, columns, before, lazily=True)


def column_bounds(engine: Engine, relation: str, column: str) -> Bounds:
    """The tenants and UTC days of a relation's timestamp, as bounds on the column of that name."""
    days = engine.rows(
        f"select distinct tenant, cast(unix_millis(cast({column} as timestamp)) div {DAY_MS} as int) from {relation}"
    )
    return _bounds(days, column)


def day_bounds(engine: Engine, relation: str, column: str) -> Bounds:
    """The tenants and days (`day_number`) of a relation, as bounds on a column."""
    return _bounds(engine.rows(f"select distinct tenant, day_number from {relation}"), column)


def _bounds(days: list[tuple[object, ...]], column: str) -> Bounds:
    numbers = sorted({int(str(day)) for _, day in days})
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number * DAY_MS:
            ranges[-1] = (ranges[-1][0], (number + 1) * DAY_MS)
        else:
            ranges.append((number * DAY_MS, (number + 1) * DAY_MS))
    return Bounds(tuple(sorted({str(tenant) for tenant, _ in days})), column, tuple(ranges))
