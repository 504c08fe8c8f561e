"""Upkeep changes files, never rows."""

import os
import time
from pathlib import Path

import pytest

from footfall.lake.catalog import load, open_catalog
from footfall.lake.engines.embedded_maintenance import EmbeddedMaintenance
from footfall.lake.expiry import expire_snapshots
from footfall.lake.history import history
from footfall.lake.ledger_names import named_snapshots
from footfall.lake.reachable import files_of
from footfall.lake.reader import connect
from footfall.lake.tables import EVENTS
from footfall.local.reconcile_run import run_reconcile
from footfall.local.upkeep_run import run_upkeep
from tests.histories import Killed, kill_after
from tests.lakes import DAY, MINUTE, NOON, SmallLake, event, line, rejected
from tests.prepared import Prepared

TABLES = ("events", "page_views", "sessions", "visitor_days", "quarantine")


def fill(lake: SmallLake, runs: int) -> None:
    """A run each for a few visitors of the same two days."""
    for number in range(runs):
        lake.put(
            f"o{number:03d}",
            [
                line(event(NOON + number * MINUTE, "page_view"), visitor=f"v{number}", rejected=[rejected(9)]),
                line(event(NOON + DAY + number, "page_view"), visitor=f"v{number}"),
            ],
        )
        lake.run()


def worn(root: Path) -> SmallLake:
    small = SmallLake(root)
    fill(small, 6)
    return small


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return Prepared(tmp_path_factory.mktemp("prepared"), worn)


@pytest.fixture
def lake(prepared: Prepared) -> SmallLake:
    return prepared.again()


def files(lake: SmallLake, name: str) -> int:
    return len(list(load(open_catalog(lake.lake), name).scan().plan_files()))


def test_small_files_of_closed_days_become_one_sorted_file_and_no_row_changes(lake: SmallLake) -> None:
    before, found = lake.tables(), files(lake, "events")
    report = run_upkeep(lake.lake)
    assert lake.tables() == before
    assert (found, files(lake, "events")) == (12, 2)
    assert report.compacted["events"].files_before == 12
    for task in load(open_catalog(lake.lake), "events").scan().plan_files():
        with connect(lake.lake, None) as connection:
            path = task.file.file_path.removeprefix("file://")
            times = connection.execute(f"SELECT tenant, event_time FROM read_parquet('{path}')").fetchall()
        assert times == sorted(times)
    assert all(day.balanced for day in run_reconcile(lake.lake))


def test_upkeep_after_upkeep_does_nothing(lake: SmallLake) -> None:
    run_upkeep(lake.lake)
    named = {name: load(open_catalog(lake.lake), name).current_snapshot() for name in TABLES}
    report = run_upkeep(lake.lake)
    assert not report.compacted
    assert {name: load(open_catalog(lake.lake), name).current_snapshot() for name in TABLES} == named


def test_days_that_are_not_over_are_left_alone(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    now = int(time.time() * 1000)
    for number in range(5):
        lake.put(f"o{number}", [line(event(now + number), visitor=f"v{number}")])
        lake.run()
    run_upkeep(lake.lake)
    assert files(lake, "events") == 5


def test_runs_after_upkeep_go_on_as_before(lake: SmallLake, tmp_path: Path) -> None:
    run_upkeep(lake.lake)
    lake.put("late", [line(event(NOON + 20 * MINUTE), visitor="v1")])
    lake.run()
    clean = SmallLake(tmp_path / "clean")
    for path in sorted(lake.lake.raw.glob("*.json.gz")):
        clean.put_bytes(path.name.removesuffix(".json.gz"), path.read_bytes())
    clean.run()
    assert lake.tables() == clean.tables()


def test_upkeep_does_not_hide_what_a_killed_run_left_undone(lake: SmallLake, tmp_path: Path) -> None:
    lake.put("late", [line(event(NOON + 20 * MINUTE), visitor="v1")])
    with pytest.raises(Killed):
        lake.run(kill_after("events"))
    run_upkeep(lake.lake)
    lake.run()
    clean = SmallLake(tmp_path / "clean")
    for path in sorted(lake.lake.raw.glob("*.json.gz")):
        clean.put_bytes(path.name.removesuffix(".json.gz"), path.read_bytes())
    clean.run()
    assert lake.tables() == clean.tables()


def test_expiry_removes_the_files_that_no_kept_snapshot_needs(lake: SmallLake) -> None:
    table = load(open_catalog(lake.lake), "sessions")
    kept = table.snapshots()[2].snapshot_id
    rows = table.scan(snapshot_id=kept).to_arrow()
    removed = expire_snapshots(table, [kept], most=3, kept=1)
    assert removed.files
    assert removed.bytes
    again = load(open_catalog(lake.lake), "sessions")
    assert len(again.snapshots()) == 2
    assert again.scan(snapshot_id=kept).to_arrow().equals(rows)
    on_disk = {str(path) for path in (lake.lake.warehouse / "footfall" / "sessions").rglob("*") if path.is_file()}
    assert on_disk == {path.removeprefix("file://") for path in files_of(again)}


def test_snapshots_that_the_ledgers_kept_commits_name_can_be_read(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    fill(lake, 4)
    for _ in range(45):
        # What predictions would do often: commits of one table that no run names.
        table = load(open_catalog(lake.lake), "sessions")
        with table.transaction() as change:
            change.append(table.scan().to_arrow().slice(0, 0))
    run_upkeep(lake.lake)
    commits = [named_snapshots(commit.properties) for commit in history(load(open_catalog(lake.lake), "ledger"))]
    named = [names["sessions"] for names in commits if names]
    sessions = load(open_catalog(lake.lake), "sessions")
    assert len(sessions.snapshots()) < 20
    assert [sessions.scan(snapshot_id=snapshot).to_arrow().num_rows for snapshot in named][:4] == [2, 4, 6, 8]


def test_files_that_nothing_names_are_removed_once_they_are_old(lake: SmallLake) -> None:
    stray = lake.lake.warehouse / "footfall" / "events" / "data" / "stray.parquet"
    young = stray.with_name("young.parquet")
    replaced = lake.lake.warehouse / "rebuilt-1" / "events" / "old.parquet"
    for path in (stray, young, replaced):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"12345")
    four_days_ago = time.time() - 4 * 86_400
    for path in (stray, replaced):
        os.utime(path, (four_days_ago, four_days_ago))
    report = run_upkeep(lake.lake)
    assert (report.orphans.files, report.orphans.bytes) == (2, 10)
    assert (stray.exists(), young.exists(), replaced.exists()) == (False, True, False)
    before = lake.tables()
    assert run_upkeep(lake.lake, grace_ms=0).orphans.files == 1
    assert lake.tables() == before


def test_many_manifests_are_joined(lake: SmallLake) -> None:
    before = lake.tables()
    catalog = open_catalog(lake.lake)
    report = EmbeddedMaintenance(catalog, lake.lake.warehouse.as_uri()).rewrite_manifests(EVENTS, most=4)
    assert (report.files_before, report.files_after) == (6, 1)
    assert lake.tables() == before
    lake.put("late", [line(event(NOON + 20 * MINUTE), visitor="v1")])
    lake.run()
    assert lake.query("SELECT count(*) FROM events") == [(len(before["events"]) + 1,)]
