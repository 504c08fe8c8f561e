"""The books balance, and tell where they do not."""

from pathlib import Path

import pytest

from footfall.etl.books import DayBooks
from footfall.lake.catalog import load, open_catalog
from footfall.lake.commit import overwrite
from footfall.local.reconcile_run import run_reconcile
from tests.lakes import DAY, NOON, SmallLake, event, line, rejected


@pytest.fixture
def lake(tmp_path: Path) -> SmallLake:
    small = SmallLake(tmp_path / "lake")
    small.put("a", [line(event(NOON, id="x"), event(NOON, id="y"), rejected=[rejected(2)])])
    small.put("b", [line(event(NOON, id="x"), received=NOON + DAY)])
    small.put_bytes("2025/10/09/12/c", b"damaged")
    small.run()
    return small


def books(lake: SmallLake) -> list[tuple[str, str, int, int, int, int, int, int, int]]:
    return [
        (day.tenant, day.day, day.received, day.stored, day.duplicate, day.quarantined, day.missing, day.invented,
         day.waiting)
        for day in run_reconcile(lake.lake)
    ]  # fmt: skip


def test_what_was_received_is_stored_duplicate_or_in_quarantine(lake: SmallLake) -> None:
    assert books(lake) == [
        ("", "2025-10-09", 1, 0, 0, 1, 0, 0, 0),
        ("shop", "2025-10-09", 3, 2, 0, 1, 0, 0, 0),
        ("shop", "2025-10-10", 1, 0, 1, 0, 0, 0, 0),
    ]
    assert all(day.balanced for day in run_reconcile(lake.lake))


def test_a_line_that_firehose_and_a_spill_object_both_hold_balances(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    twice = line(event(NOON, id="x"), event(NOON, id="y"), rejected=[rejected(2)])
    lake.put("2025/10/09/12/firehose", [twice])
    lake.run()
    lake.put("spill/2025/10/09/12/i-1", [twice])
    lake.run()
    assert books(lake) == [("shop", "2025-10-09", 6, 2, 2, 2, 0, 0, 0)]
    assert lake.query("SELECT count(*), count(DISTINCT (tenant, received_at, raw_index, text)) FROM quarantine") == [
        (2, 1)
    ]


def test_a_tenants_books_hold_the_lines_that_may_be_its_own(lake: SmallLake) -> None:
    assert {day.tenant for day in run_reconcile(lake.lake, "shop")} == {"", "shop"}


def test_what_no_run_has_taken_in_waits(lake: SmallLake) -> None:
    lake.put("d", [line(event(NOON, id="z"))])
    day = run_reconcile(lake.lake)[1]
    assert (day.received, day.waiting, day.balanced) == (3, 1, True)


def test_an_event_that_vanished_from_the_table_is_missed(lake: SmallLake) -> None:
    def forget(name: str) -> None:
        table = load(open_catalog(lake.lake), name)
        overwrite(table, [task.file for task in table.scan().plan_files()], table.scan().to_arrow().slice(0, 0))

    forget("events")
    _name_the_current_snapshots(lake)
    found = [(day.stored, day.duplicate, day.missing, day.balanced) for day in run_reconcile(lake.lake)]
    assert found == [(0, 0, 0, True), (0, 0, 2, False), (0, 0, 1, False)]


def test_a_row_that_raw_does_not_explain_is_found(lake: SmallLake) -> None:
    next(lake.lake.raw.glob("a*")).unlink()
    day = next(day for day in run_reconcile(lake.lake) if day.tenant == "shop")
    assert (day.invented, day.balanced) == (3, False)


def test_a_row_that_stands_twice_is_found(lake: SmallLake) -> None:
    table = load(open_catalog(lake.lake), "events")
    overwrite(table, [], table.scan().to_arrow())
    _name_the_current_snapshots(lake)
    day = next(day for day in run_reconcile(lake.lake) if day.tenant == "shop")
    assert (day.stored, day.invented, day.balanced) == (2, 2, False)


def test_balanced_means_that_nothing_is_missing_or_invented() -> None:
    sound = DayBooks("t", "2025-10-09", 3, 1, 1, 1, 0, 0, 5)
    assert sound.balanced
    assert not DayBooks("t", "2025-10-09", 4, 1, 1, 1, 1, 0, 0).balanced
    assert not DayBooks("t", "2025-10-09", 3, 1, 1, 1, 0, 1, 0).balanced


def _name_the_current_snapshots(lake: SmallLake) -> None:
    """As a run would: the ledger's last commit names the tables' snapshots."""
    catalog = open_catalog(lake.lake)
    named = {}
    for name in ("events", "quarantine"):
        current = load(catalog, name).current_snapshot()
        assert current is not None
        named[f"footfall.{name}-snapshot"] = str(current.snapshot_id)
    ledger = load(catalog, "ledger")
    overwrite(ledger, [], ledger.scan().to_arrow().slice(0, 0), named)
