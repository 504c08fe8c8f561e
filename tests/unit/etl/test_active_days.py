"""Of the days near a late event, a run reads those that a visit may join, and comes to what a rebuild gives."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from pyiceberg.catalog import Catalog

from footfall.etl.pipeline import run
from footfall.lake.catalog import open_catalog
from footfall.lake.engines.duckdb import DuckDBEngine
from footfall.lake.engines.port import Bounds
from footfall.lake.raw_store import FileRawStore
from footfall.lake.tables import Table
from tests.lakes import DAY, HOUR, MINUTE, NOON, SmallLake, event, line

MIDNIGHT = NOON - 12 * HOUR


def whole_days(first: int, last: int) -> list[int]:
    """An event each 25 minutes, from the middle of the first day to the middle of the last."""
    return list(range(MIDNIGHT + first * DAY + 12 * HOUR, MIDNIGHT + last * DAY + 12 * HOUR, 25 * MINUTE))


TIMES = {
    "nothing is near": ([NOON, NOON + 9 * DAY], NOON + 5 * DAY),
    "a visit of the evening before goes on": ([MIDNIGHT + DAY - 5 * MINUTE], MIDNIGHT + DAY + 5 * MINUTE),
    "a visit of the next morning began": ([MIDNIGHT + DAY + 5 * MINUTE], MIDNIGHT + DAY - 5 * MINUTE),
    "two visits become one": (
        [MIDNIGHT + DAY - 20 * MINUTE, MIDNIGHT + DAY + 20 * MINUTE],
        MIDNIGHT + DAY,
    ),
    "a day without events parts two days": ([NOON, NOON + 2 * DAY], NOON + 2 * DAY + MINUTE),
    "the day between comes late": ([NOON, NOON + 2 * DAY], NOON + DAY),
    "the first gap of filled days closes": (
        [time for time in whole_days(0, 5) if abs(time - NOON - DAY) > 30 * MINUTE],
        NOON + DAY + 5 * MINUTE,
    ),
    "filled days begin earlier": (whole_days(1, 6), NOON + DAY - 20 * MINUTE),
}


@pytest.mark.parametrize(("times", "late"), TIMES.values(), ids=TIMES)
def test_a_late_event_comes_to_what_a_rebuild_gives(tmp_path: Path, times: list[int], late: int) -> None:
    on_time = [line(event(time, "page_view")) for time in times]
    told_late = [line(event(late), received=late + 20 * DAY, sent_at=late + 20 * DAY)]
    lived, clean = SmallLake(tmp_path / "lived"), SmallLake(tmp_path / "clean")
    lived.put("a", on_time)
    lived.run()
    for lake in (lived, clean):
        lake.put("a", on_time)
        lake.put("b", told_late)
        lake.run()
    assert lived.tables() == clean.tables()


READ = {
    "its own": (NOON + 4 * DAY, (4, 5)),
    "the one before": (MIDNIGHT + 4 * DAY + 15 * MINUTE, (3, 5)),
    "its own, where the visit ends on it": (MIDNIGHT + 4 * DAY - 20 * MINUTE, (3, 4)),
}


@pytest.mark.parametrize(("late", "days"), READ.values(), ids=READ)
def test_days_near_a_late_event_are_read_where_a_visit_may_join_them(
    tmp_path: Path, late: int, days: tuple[int, int]
) -> None:
    lake = SmallLake(tmp_path / "lake")
    others = [line(event(NOON + day * DAY, id=f"w{day}"), visitor="w") for day in range(9)]
    of_visitor = [NOON, MIDNIGHT + 4 * DAY - 10 * MINUTE, MIDNIGHT + 5 * DAY - 40 * MINUTE, NOON + 5 * DAY]
    lake.put("a", [*others, *(line(event(time)) for time in of_visitor)])
    lake.run()
    lake.put("b", [line(event(late, id="late"), received=NOON + 20 * DAY, sent_at=NOON + 20 * DAY)])
    engine = _Watched(open_catalog(lake.lake))
    run(engine, FileRawStore(lake.lake.raw), lake.tenants)
    engine.close()
    first, end = days
    assert engine.asked["stored_read"] == ((MIDNIGHT + first * DAY, MIDNIGHT + end * DAY),)


class _Watched(DuckDBEngine):
    """An engine that remembers what was asked of the tables."""

    def __init__(self, catalog: Catalog) -> None:
        super().__init__(catalog)
        self.asked: dict[str, tuple[tuple[int, int], ...]] = {}

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
        """Remember, and ask."""
        self.asked[name] = bounds.ranges if bounds is not None else ()
        super().stored_among(name, table, bounds, keys, on, columns, snapshot, lazily=lazily)
