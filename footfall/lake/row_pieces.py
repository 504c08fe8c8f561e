"""Rows of a table, put together to pieces that are sorted and written at once."""

from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.compute as pc

from footfall.lake.tables import Table


def in_pieces(batches: Iterable[pa.RecordBatch], table: Table, most_rows: int) -> Iterator[pa.Table]:
    """The rows in pieces, each in the table's order.

    A day's rows come in one piece unless they are more than a piece holds: each piece is a file of each day in it. Days
    of few rows share a piece.

    Args:
        batches: the rows, of the table's schema, in any order; each of `most_rows` rows at most.
        table: whose rows they are.
        most_rows: a piece holds no more of a day. Twice as many are held while rows of other days come, so that rows
            of many days, in no order, may leave a day in several pieces.
    """
    held: dict[object, list[pa.Table]] = {}
    for batch in filter(len, batches):
        for day, rows in _by_day(pa.Table.from_batches([batch]), table):
            before = held.setdefault(day, [])
            if before and _rows(before) + rows.num_rows > most_rows:
                yield _sorted(before, table)
                before = held[day] = []
            before.append(rows)
        while sum(map(_rows, held.values())) > 2 * most_rows:
            largest = max(held, key=lambda day: _rows(held[day]))
            yield _sorted(held.pop(largest), table)
    together: list[pa.Table] = []
    for day in sorted(held, key=str):
        if together and _rows(together) + _rows(held[day]) > most_rows:
            yield _sorted(together, table)
            together = []
        together += held.pop(day)
    if together:
        yield _sorted(together, table)


def _by_day(rows: pa.Table, table: Table) -> Iterator[tuple[object, pa.Table]]:
    """The rows of each day that the table is parted by; of a table that is not, all of them."""
    by_day = [column for column, transform in table.partition if transform == "day"]
    if not by_day:
        yield None, rows
        return
    days = pc.cast(rows.column(by_day[0]), pa.date32(), safe=False)
    found = pc.unique(days)
    if len(found) == 1:
        yield found[0].as_py(), rows
        return
    for day in found:
        yield day.as_py(), rows.filter(pc.equal(days, day) if day.is_valid else pc.is_null(days))


def _sorted(parts: list[pa.Table], table: Table) -> pa.Table:
    # Arrow sorts an index and moves each row once; DuckDB would carry wide rows through its sort.
    rows = pa.concat_tables(parts)
    return rows.take(pc.sort_indices(rows, sort_keys=[(column, "ascending") for column in table.sort]))


def _rows(parts: list[pa.Table]) -> int:
    return sum(part.num_rows for part in parts)
