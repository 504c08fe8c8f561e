"""Which data files are read for which bounds."""

from pathlib import Path

import pytest
from pyiceberg.expressions import BooleanExpression, In

from footfall.lake.catalog import load, open_catalog
from footfall.lake.engines.port import Bounds
from footfall.lake.file_choice import data_files, files_where
from tests.lakes import DAY, HOUR, NOON, SmallLake, event, line

MIDNIGHT = NOON - 12 * HOUR


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    """Events of noon on three days, the last of them told two days late; one of another tenant."""
    lake = SmallLake(tmp_path_factory.mktemp("choice") / "lake")
    late = line(event(NOON + 2 * DAY), received=NOON + 4 * DAY, sent_at=NOON + 4 * DAY)
    lake.put("a", [line(event(NOON)), line(event(NOON + DAY)), late, line(event(NOON), tenant="blog")])
    lake.run()
    return lake


@pytest.mark.parametrize(
    ("tenants", "column", "days", "found"),
    [
        (("shop",), "event_time", [0], 1),
        (("shop",), "event_time", [0, 2], 2),
        (("shop",), "event_time", [5], 0),
        (("shop",), "event_time", [], 3),
        (("shop", "blog"), "event_time", [0], 2),
        (("nobody-here",), "event_time", [0, 1, 2], 0),
        (("shop",), "client_time", [1], 1),
        (("shop",), "received_at", [4], 1),
        (("shop",), "received_at", [2], 0),
    ],
)
def test_the_files_that_may_hold_rows_within_bounds_are_chosen(
    lake: SmallLake, tenants: tuple[str, ...], column: str, days: list[int], found: int
) -> None:
    table = load(open_catalog(lake.lake), "events")
    ranges = tuple((MIDNIGHT + day * DAY, MIDNIGHT + (day + 1) * DAY) for day in days)
    assert len(data_files(table, bounds=Bounds(tenants, column, ranges))) == found


def test_a_range_ends_before_its_end(lake: SmallLake) -> None:
    table = load(open_catalog(lake.lake), "events")
    for low, high, found in ((NOON, NOON + 1, 1), (NOON - 1, NOON, 0), (NOON + 1, NOON + 2, 0)):
        bounds = Bounds(("shop",), "client_time", ((low, high),))
        assert len(data_files(table, bounds=bounds)) == found, (low, high)


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("tenant = 'blog'", 1),
        ("tenant = 'shop' and received_at >= '2025-10-11T00:00:00'", 1),
        ("tenant > 'shop' or is_bot = true", 0),
        ("raw_object >= 'a' or is_bot = true", 4),
        ("raw_object >= 'b' or is_bot = false", 4),
        (In("tenant", ("blog", "nobody-here")), 1),
        (In("tenant", ("nobody-here",)), 0),
    ],
)
def test_the_files_that_may_hold_a_row_of_a_condition_are_chosen(
    lake: SmallLake, condition: str | BooleanExpression, found: int
) -> None:
    table = load(open_catalog(lake.lake), "events")
    assert len(files_where(table, data_files(table), condition)) == found
    assert {file.file_path for file in files_where(table, data_files(table), condition)} == {
        task.file.file_path for task in table.scan(row_filter=condition).plan_files()
    }


def test_a_table_without_a_snapshot_has_no_files(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    assert data_files(load(open_catalog(lake.lake), "events")) == []
