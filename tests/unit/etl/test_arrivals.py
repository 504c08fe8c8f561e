"""A run that comes by the hour looks through recent raw objects, and one at times through all."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from footfall.etl import arrivals
from footfall.etl.replay import mark
from footfall.lake.catalog import open_catalog
from footfall.lake.engines.duckdb import DuckDBEngine
from footfall.lake.raw_store import FileRawStore
from footfall.local.reconcile_run import run_reconcile
from tests.histories import Killed, kill_after
from tests.lakes import HOUR, NOON, SmallLake, event, line


@pytest.fixture
def lake(tmp_path: Path) -> SmallLake:
    return SmallLake(tmp_path / "lake")


@pytest.fixture
def listings(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """From which text on each run has listed the raw objects."""
    seen: list[str] = []
    sizes = FileRawStore.sizes

    def watched(store: FileRawStore, since: str = "") -> Iterator[tuple[str, int]]:
        seen.append(since)
        return sizes(store, since)

    monkeypatch.setattr(FileRawStore, "sizes", watched)
    return seen


def put(lake: SmallLake, hour: str, number: int = 0) -> None:
    """An object of that hour, with an event of its own."""
    lake.put(f"{hour}/{number}", [line(event(NOON + number * HOUR, id=f"{hour}-{number}"), visitor=f"v{number}")])


def test_a_run_by_the_hour_lists_from_25_hours_before_the_newest_object_on(
    lake: SmallLake, listings: list[str]
) -> None:
    for hour in ("2025/10/01/00", "2025/10/09/12"):
        put(lake, hour)
    assert lake.run(recent=True).objects == 2
    put(lake, "2025/10/09/13")
    assert lake.run(recent=True).objects == 1
    put(lake, "2025/10/08/12", 1)
    put(lake, "import/file", 2)
    assert lake.run(recent=True).objects == 2
    assert lake.run(recent=True).objects == 0
    assert listings == ["", "2025/10/08/11", "2025/10/08/12", "2025/10/08/12"]
    assert lake.query("SELECT count(*) FROM events") == [(5,)]


def test_what_came_later_than_that_is_found_by_a_run_that_lists_all(lake: SmallLake) -> None:
    put(lake, "2025/10/09/12")
    lake.run()
    put(lake, "2025/10/01/00", 1)
    put(lake, "2025/10/09/13", 2)
    assert lake.run(recent=True).objects == 1
    assert sum(day.waiting for day in run_reconcile(lake.lake)) == 1
    assert lake.run().objects == 1
    assert lake.query("SELECT count(*) FROM events") == [(3,)]


def test_all_are_listed_once_a_week_however_often_runs_come(
    lake: SmallLake, listings: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for hour, day in enumerate((0.0, 0.1, 6.9, 7.0, 13.9, 35.0, 34.0)):
        monkeypatch.setattr(arrivals, "now_ms", lambda day=day: int((20_000 + day) * 86_400_000))
        put(lake, f"2025/10/09/{10 + hour}")
        lake.run(recent=True)
    # The last by a clock that was set back: when all were listed is not known by it.
    assert [since == "" for since in listings] == [True, False, False, True, False, True, True]


def test_an_object_named_by_a_time_to_come_hides_none(lake: SmallLake) -> None:
    put(lake, "2025/10/09/12")
    put(lake, "9999/01/01/00", 1)
    lake.run()
    # By the clock of this machine, at which the ledger was committed: that is after these.
    ((now,),) = lake.query("SELECT strftime(now() - INTERVAL 3 HOUR, '%Y/%m/%d/%H')")
    put(lake, now, 2)
    assert lake.run(recent=True).objects == 1


def test_a_folder_that_is_no_hour_tells_of_none(lake: SmallLake, listings: list[str]) -> None:
    for number, hour in enumerate(("2025/10/09/12", "2025/13/40/99", "0001/01/01/00")):
        put(lake, hour, number)
    lake.run()
    put(lake, "2025/10/09/13", 3)
    assert lake.run(recent=True).objects == 1
    assert listings[-1] == "2025/10/08/11"


def test_a_backlog_that_was_cut_short_is_gone_on_with(lake: SmallLake) -> None:
    put(lake, "2025/10/01/00", 0)
    lake.run()
    for number, hour in enumerate(("2025/10/02/00", "2025/10/05/00", "2025/10/09/00"), 1):
        put(lake, hour, number)
    steps = iter(range(100))

    def kill_in_the_second_part(step: str) -> None:
        if step == "ledger" and next(steps) == 1:
            raise Killed

    with pytest.raises(Killed):
        lake.run(kill_in_the_second_part, most_bytes=1, recent=True)
    lake.run(recent=True)
    assert lake.query("SELECT count(*) FROM events") == [(4,)]


@pytest.mark.parametrize("step", ["events", "sessions", "ledger"])
def test_after_a_killed_run_all_are_listed_until_the_tables_agree(
    lake: SmallLake, listings: list[str], step: str
) -> None:
    put(lake, "2025/10/09/12")
    lake.run()
    put(lake, "2025/10/09/13", 1)
    with pytest.raises(Killed):
        lake.run(kill_after(step), recent=True)
    lake.run(recent=True)
    assert (listings[-1] == "") == (step != "ledger")
    assert lake.query("SELECT count(*) FROM sessions") == [(2,)]


def test_what_a_replay_asks_for_is_found_wherever_it_lies(lake: SmallLake, listings: list[str]) -> None:
    put(lake, "2025/10/01/00")
    put(lake, "2025/10/09/12", 1)
    lake.run()
    engine = DuckDBEngine(open_catalog(lake.lake))
    mark(engine, ["2025/10/01/00/0.json.gz"])
    engine.close()
    listings.clear()
    assert lake.run(recent=True).objects == 1
    assert listings == [""]


def test_a_tenant_who_sends_again_after_long_is_no_new_one(lake: SmallLake) -> None:
    put(lake, "2025/10/01/00")
    lake.run()
    before = lake.query("SELECT * FROM rules")
    put(lake, "2025/10/09/12", 1)
    lake.run(recent=True)
    put(lake, "2025/10/09/13", 2)
    lake.run(recent=True)
    assert lake.query("SELECT * FROM rules") == before
