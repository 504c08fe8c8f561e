"""What is older than its tenant keeps it leaves every table, and raw."""

from pathlib import Path

import pytest

from footfall.errors import FootfallError
from footfall.etl.retention import expire_old
from footfall.events.tenant_file import TenantFile
from footfall.events.tenant_settings import change
from footfall.events.tenants import Tenant, event_retention
from footfall.lake.actions import ActionLog, FileActionStore
from footfall.lake.catalog import open_catalog
from footfall.lake.engines.duckdb import DuckDBEngine
from footfall.lake.raw_store import FileRawStore
from footfall.lake.retention import Cutoffs, Retention, due, record_due
from footfall.local.etl_run import run_etl
from footfall.local.reconcile_run import run_reconcile
from footfall.local.upkeep_run import run_upkeep
from tests.histories import Killed, kill_after
from tests.lakes import DAY, HOUR, NOON, SmallLake, event, line, rejected
from tests.prepared import Prepared

MIDNIGHT = NOON - 12 * HOUR


def keep(lake: SmallLake, *settings: str) -> None:
    TenantFile(lake.lake.tenants).update("shop", lambda tenant: change(tenant, settings))
    lake.tenants = TenantFile(lake.lake.tenants).all()


def five_days(root: Path) -> SmallLake:
    """A page view and a click on each of five days, a rejected event on the first; another tenant's on the first."""
    small = SmallLake(root)
    for name in ("shop", "blog"):
        TenantFile(small.lake.tenants).add(name, 0)
    small.tenants = TenantFile(small.lake.tenants).all()
    for day in range(5):
        at = NOON + day * DAY
        bad = [rejected(2)] if day == 0 else []
        small.put(f"o{day}", [line(event(at, "page_view"), event(at + 1000, "click", user="ann"), rejected=bad)])
    small.put("blog", [line(event(NOON, "page_view"), tenant="blog")])
    small.run()
    return small


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return Prepared(tmp_path_factory.mktemp("prepared"), five_days)


@pytest.fixture
def lake(prepared: Prepared) -> SmallLake:
    return prepared.again()


def days_of(lake: SmallLake, name: str) -> list[tuple[int]]:
    return lake.query(f"SELECT day(event_time) FROM events WHERE tenant = 'shop' AND name = '{name}' ORDER BY 1")


def balanced(lake: SmallLake) -> int:
    """The number of expired events in books that balance."""
    days = run_reconcile(lake.lake)
    assert all(day.balanced and not day.missing for day in days)
    assert sum(day.received for day in days) == 12
    return sum(day.expired for day in days)


def test_nothing_goes_where_nothing_is_said(lake: SmallLake) -> None:
    before = lake.tables()
    run_upkeep(lake.lake, now=NOON + 4_000 * DAY)
    assert lake.tables() == before
    assert not (lake.lake.raw / "actions").exists()


def test_events_of_days_before_the_cutoff_leave_every_table_and_raw(lake: SmallLake) -> None:
    keep(lake, "retention_days=2")
    report = run_upkeep(lake.lake, now=NOON + 4 * DAY)
    assert (report.retention.events, report.retention.quarantined, report.retention.objects) == (4, 1, 2)
    assert days_of(lake, "click") == [(11,), (12,), (13,)]
    assert lake.query("SELECT day(day) FROM identities ORDER BY day") == [(11,), (12,), (13,)]
    for table in ("sessions", "page_views", "visitor_days"):
        assert lake.query(f"SELECT tenant, count(*) FROM {table} GROUP BY 1 ORDER BY 1") == [("blog", 1), ("shop", 3)]
    assert lake.query("SELECT count(*) FROM quarantine") == [(0,)]
    assert sorted(path.name for path in lake.lake.raw.glob("*.gz")) == [
        "blog.json.gz", "o2.json.gz", "o3.json.gz", "o4.json.gz"
    ]  # fmt: skip
    assert balanced(lake) == 5
    before = lake.tables()
    run_etl(lake.lake, rebuild=True)
    assert lake.tables() == before
    assert balanced(lake) == 5


def test_events_of_a_name_may_be_kept_for_another_time(lake: SmallLake) -> None:
    keep(lake, "retention_days=0", "event_retention=click:1")
    report = run_upkeep(lake.lake, now=NOON + 4 * DAY)
    assert (report.retention.events, report.retention.objects) == (3, 0)
    assert days_of(lake, "page_view") == [(9,), (10,), (11,), (12,), (13,)]
    assert days_of(lake, "click") == [(12,), (13,)]
    assert balanced(lake) == 3
    before = lake.tables()
    run_etl(lake.lake, rebuild=True)
    assert lake.tables() == before


def test_what_arrives_later_than_it_is_kept_is_counted_and_not_stored(lake: SmallLake) -> None:
    keep(lake, "retention_days=2")
    run_upkeep(lake.lake, now=NOON + 4 * DAY)
    lake.put("late", [line(event(NOON + DAY, "click"), event(NOON + 3 * DAY + 7, "click"), received=NOON + 4 * DAY)])
    lake.run()
    assert lake.query("SELECT count(*) FROM events WHERE raw_object = 'late.json.gz'") == [(1,)]
    days = run_reconcile(lake.lake)
    assert all(day.balanced and not day.missing for day in days)
    assert sum(day.expired for day in days) == 6


def test_keeping_longer_brings_nothing_back(lake: SmallLake) -> None:
    keep(lake, "event_retention=click:1")
    run_upkeep(lake.lake, now=NOON + 4 * DAY)
    before = lake.tables()
    keep(lake, "event_retention=click:4")
    run_upkeep(lake.lake, now=NOON + 4 * DAY)
    run_etl(lake.lake, rebuild=True)
    assert lake.tables() == before


@pytest.mark.parametrize("step", ["quarantine", "events", "sessions", "ledger"])
def test_a_run_that_ends_in_the_middle_is_finished_by_the_next(lake: SmallLake, step: str) -> None:
    keep(lake, "retention_days=2")
    retention = record_due(ActionLog(FileActionStore(lake.lake.raw)), lake.tenants, NOON + 4 * DAY)
    engine = DuckDBEngine(open_catalog(lake.lake))
    with pytest.raises(Killed):
        expire_old(engine, FileRawStore(lake.lake.raw), lake.tenants, retention, kill_after(step))
    engine.close()
    lake.run()
    run_upkeep(lake.lake, now=NOON + 4 * DAY)
    assert lake.query("SELECT count(*) FROM sessions WHERE tenant = 'shop'") == [(3,)]
    assert balanced(lake) == 5


def test_cutoffs_are_midnights_and_only_move_forward() -> None:
    tenant = Tenant("shop", salt="s", retention_days=2, event_retention=("click:1", "purchase:0"))
    assert due(tenant, NOON).before == {"": MIDNIGHT - 2 * DAY, "click": MIDNIGHT - DAY, "purchase": 0}
    both = Retention({"shop": [Cutoffs({"": 5, "a": 9, "b": 0}), Cutoffs({"": 7, "b": 6})]})
    assert dict(both.of("shop")) == {"": 7, "a": 9, "b": 6}
    assert (both.earliest("shop"), both.latest("shop"), both.earliest("other"), both.earliest("")) == (6, 9, 0, 6)


@pytest.mark.parametrize("entry", ["click", "click:", ":3", "click:x", "click:-1"])
def test_a_retention_that_is_none_is_refused(entry: str) -> None:
    with pytest.raises(FootfallError, match="event_retention"):
        change(Tenant("shop", salt="s"), [f"event_retention={entry}"])


def test_a_name_may_hold_a_colon() -> None:
    assert event_retention(change(Tenant("shop", salt="s"), ["event_retention=a:b:30"])) == {"a:b": 30}


def test_what_a_killed_run_left_undone_is_done_after_retention(lake: SmallLake) -> None:
    lake.put("late", [line(event(NOON + 4 * DAY + HOUR, "click"), visitor="w")])
    with pytest.raises(Killed):
        lake.run(kill_after("events"))
    keep(lake, "retention_days=3")
    run_upkeep(lake.lake, now=NOON + 5 * DAY)
    lake.run()
    assert lake.query("SELECT count(*) FROM events WHERE visitor = 'w'") == [(1,)]
    assert lake.query("SELECT count(*) FROM sessions WHERE visitor = 'w'") == [(1,)]
    assert lake.query("SELECT count(*) FROM visitor_days WHERE visitor = 'w'") == [(1,)]
