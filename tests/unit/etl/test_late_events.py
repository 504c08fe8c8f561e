"""Events that come days late wait for others of their day, and are lost nowhere meanwhile."""

from datetime import date
from pathlib import Path

import pyarrow.parquet as parquet
import pytest

from footfall.etl.late_events import USUAL, LatePolicy, WaitingDay, days_due
from footfall.events.tenant_file import TenantFile
from footfall.events.tenant_settings import change
from footfall.local.erase_run import run_erase
from footfall.local.etl_run import run_etl
from footfall.local.reconcile_run import run_reconcile
from footfall.local.replay_run import run_replay
from footfall.local.upkeep_run import run_upkeep
from tests.histories import Killed, kill_after
from tests.lakes import DAY, HOUR, MINUTE, NOON, SmallLake, event, line, rejected

TRAFFIC = 80
"""Events that come in time in each object: eight of eighty are few."""


def put(lake: SmallLake, hour: int, *late_days: int, visitor: str = "late") -> str:
    """An hour's object: what came in time, and an event of each of these many days ago."""
    now = NOON + hour * HOUR
    times = [now + number * MINUTE // 2 for number in range(TRAFFIC)]
    lines = [line(*(event(at) for at in times), visitor=f"v{hour}", received=now + HOUR)]
    lines += [line(event(now - days * DAY), visitor=visitor, received=now + HOUR) for days in late_days]
    key = f"2025/10/09/{12 + hour:02}/{hour}"
    lake.put(key, lines)
    return key


@pytest.fixture
def lake(tmp_path: Path) -> SmallLake:
    small = SmallLake(tmp_path / "lake")
    TenantFile(small.lake.tenants).add("shop", 0)
    small.tenants = TenantFile(small.lake.tenants).all()
    return small


def days_stored(lake: SmallLake) -> list[int]:
    """How many days before the first hour each late event lies that is stored, and in every table."""
    events = lake.query("SELECT event_time FROM events WHERE visitor = 'late' ORDER BY event_time DESC")
    derived = lake.query("SELECT started_at FROM sessions WHERE visitor = 'late' ORDER BY started_at DESC")
    assert events == derived
    return [(date(2025, 10, 9) - time.date()).days for (time,) in events]


def waiting(lake: SmallLake) -> int:
    return int(lake.query("SELECT count(*) FROM late_events")[0][0])


def late_in_books(lake: SmallLake) -> int:
    days = run_reconcile(lake.lake)
    assert all(day.balanced for day in days)
    return sum(day.late for day in days)


def test_a_day_is_due_by_its_number_of_events_or_by_its_age_and_else_the_oldest_is() -> None:
    policy = LatePolicy(days_a_run=1, worth_a_day=10, longest_wait_ms=DAY)
    fresh, old, older, large = (
        WaitingDay(1, 9, 3 * HOUR),
        WaitingDay(2, 1, 2 * HOUR),
        WaitingDay(3, 1, HOUR),
        WaitingDay(4, 10, 3 * HOUR),
    )
    assert days_due(policy, [], NOON, 0) == set()
    assert days_due(policy, [fresh, old, older], 4 * HOUR, 0) == {3}
    assert days_due(policy, [fresh, old, older, large], 4 * HOUR, 0) == {4}
    assert days_due(policy, [fresh, old, older, large], DAY + 2 * HOUR, 0) == {2, 3, 4}


def test_a_day_must_be_worth_it_beside_all_that_arrived() -> None:
    policy = LatePolicy(days_a_run=0, worth_a_day=10, worth_share=0.1)
    large = WaitingDay(4, 50, 3 * HOUR)
    assert days_due(policy, [large], 4 * HOUR, 500) == {4}
    assert days_due(policy, [large], 4 * HOUR, 501) == set()


def test_a_day_that_is_touched_anyway_is_taken_beside_the_others() -> None:
    policy = LatePolicy(days_a_run=1, worth_a_day=10)
    waiting = [WaitingDay(1, 1, HOUR, touched=True), WaitingDay(2, 1, HOUR), WaitingDay(3, 1, 2 * HOUR)]
    assert days_due(policy, waiting, 4 * HOUR, 0) == {1, 2}


def test_a_day_is_due_where_what_waits_is_not_late_and_all_are_where_very_many_wait() -> None:
    policy = LatePolicy(days_a_run=0, worth_a_day=10, most_waiting=20)
    waiting = [WaitingDay(1, 9, HOUR, in_time=True), WaitingDay(2, 9, HOUR), WaitingDay(3, 2, HOUR)]
    assert days_due(policy, waiting, 4 * HOUR, 0) == {1}
    assert days_due(policy, [*waiting, WaitingDay(4, 1, HOUR)], 4 * HOUR, 0) == {1, 2, 3, 4}


def test_late_days_are_taken_in_some_at_a_time_and_all_when_nothing_else_is_new(lake: SmallLake) -> None:
    put(lake, 0, 3, 4, 5)
    report = lake.run(late=USUAL)
    assert (report.events, report.new_events, report.waiting) == (TRAFFIC + 3, TRAFFIC + 1, 2)
    assert days_stored(lake) == [3]
    assert late_in_books(lake) == waiting(lake) == 2
    put(lake, 1, 6)
    assert lake.run(late=USUAL).waiting == 2
    assert days_stored(lake) == [3, 4]
    report = lake.run(late=USUAL)
    assert (report.objects, report.new_events, report.waiting) == (0, 2, 0)
    assert days_stored(lake) == [3, 4, 5, 6]
    assert late_in_books(lake) == waiting(lake) == 0
    before = lake.query("SELECT count(*) FROM events")
    assert lake.run(late=USUAL).new_events == 0
    assert lake.query("SELECT count(*) FROM events") == before


def test_what_is_a_day_old_and_no_more_is_not_late(lake: SmallLake) -> None:
    key = put(lake, 0)
    now = NOON + HOUR
    times = [now - DAY, now - DAY - 14 * HOUR, now - 3 * DAY]
    lake.put(f"{key}-more", [line(event(at), visitor="late", received=now) for at in times])
    assert lake.run(late=USUAL).waiting == 1
    assert lake.query("SELECT count(*) FROM events WHERE visitor = 'late'") == [(2,)]


def test_what_is_late_of_a_day_that_others_touch_is_taken_with_these(lake: SmallLake) -> None:
    key = put(lake, 0, 3, 4)
    now = NOON + HOUR
    lake.put(f"{key}-more", [line(event(at), visitor="late", received=now) for at in (now - DAY, now - DAY - 2 * HOUR)])
    assert lake.run(late=USUAL).waiting == 1
    assert days_stored(lake) == [1, 1, 3]


def test_within_a_run_of_parts_an_hour_is_late_until_the_last_part(lake: SmallLake) -> None:
    for hour in range(3):
        now = NOON + hour * HOUR
        in_time = line(
            *(event(now + number * MINUTE // 2) for number in range(TRAFFIC)), visitor="v", received=now + HOUR
        )
        yesterday = line(event(now - 16 * HOUR), visitor="late", received=now + HOUR)
        lake.put(f"2025/10/09/{12 + hour}/{hour}", [in_time, yesterday])
    waited: list[int] = []

    def progress(step: str) -> None:
        if step.startswith("part"):
            waited.append(waiting(lake))

    assert lake.run(progress, most_bytes=1, late=USUAL).waiting == 0
    assert waited == [1, 2, 0]
    assert days_stored(lake) == [1, 1, 1]
    assert late_in_books(lake) == 0


def test_a_last_part_without_an_event_takes_in_what_had_waited_for_it(lake: SmallLake) -> None:
    put(lake, 0, 3)
    now = NOON + HOUR
    times = [now + number * MINUTE // 2 for number in range(TRAFFIC)]
    in_time = line(*(event(at) for at in times), visitor="v", received=now + HOUR)
    lake.put("2025/10/09/13/1", [in_time, line(event(now - 16 * HOUR), visitor="late", received=now + HOUR)])
    lake.put("2025/10/09/14/2", [line(rejected=[rejected(1)], received=now + HOUR)])
    assert lake.run(most_bytes=1, late=USUAL).waiting == 1
    assert days_stored(lake) == [1]


def test_nothing_waits_of_history_that_is_told_afterwards(lake: SmallLake) -> None:
    put(lake, 0, *range(2, 2 + TRAFFIC // 4))
    assert lake.run(late=USUAL).waiting == 0


def test_what_was_imported_never_waits(lake: SmallLake) -> None:
    put(lake, 0)
    history = [event(NOON - day * DAY, visitor="late") for day in (3, 4, 5)]
    lake.put("imported", [line(*history, visitor="", protocol="import/csv", imported=True, received=NOON)])
    assert lake.run(late=USUAL).waiting == 0
    assert days_stored(lake) == [3, 4, 5]


def test_nothing_waits_where_all_is_asked_for(lake: SmallLake) -> None:
    put(lake, 0, 3, 4, 5)
    assert run_etl(lake.lake, everything=True).waiting == 0
    assert days_stored(lake) == [3, 4, 5]


def test_nothing_waits_for_more_than_a_day_of_traffic(lake: SmallLake) -> None:
    put(lake, 0, 3, 4, 5, 6)
    assert lake.run(late=USUAL).waiting == 3
    put(lake, 23)
    assert lake.run(late=USUAL).waiting == 2
    put(lake, 25)
    assert lake.run(late=USUAL).waiting == 0


def test_what_a_killed_run_stored_of_a_day_is_worked_out_whichever_day_the_next_would_take(lake: SmallLake) -> None:
    put(lake, 0, 3, 20)
    assert lake.run(late=USUAL).waiting == 1
    put(lake, 1, 5)
    with pytest.raises(Killed):
        lake.run(kill_after("events"), late=USUAL)
    # An object that came before the others, and only now to raw: its day has waited longest.
    put(lake, -5, 6)
    lake.run(late=USUAL)
    lake.run(late=USUAL)
    assert days_stored(lake) == [3, 5, 6, 20]


def test_the_first_copy_counts_wherever_it_waits(lake: SmallLake) -> None:
    put(lake, 0, 3, 4, 4)
    lake.run(late=USUAL)
    copies = [
        line(event(NOON - 4 * DAY), visitor="late", received=NOON + 2 * HOUR, sequence=number) for number in (1, 2)
    ]
    lake.put("2025/10/09/14/copies", [line(*(event(NOON + HOUR + at) for at in range(TRAFFIC)), visitor="v"), *copies])
    lake.run(late=USUAL)
    lake.run(late=USUAL)
    assert days_stored(lake) == [3, 4]
    assert lake.query("SELECT raw_object, raw_line FROM events WHERE day(event_time) = 5") == [
        ("2025/10/09/12/0.json.gz", 2)
    ]


def test_what_is_replayed_waits_no_more(lake: SmallLake) -> None:
    put(lake, 0, 3, 4, 5)
    put(lake, 1, 6, 7)
    lake.run(late=USUAL)
    assert waiting(lake) == 4
    run_replay(lake.lake, NOON, NOON + 2 * HOUR)
    assert waiting(lake) == 0
    assert days_stored(lake) == [3, 4, 5, 6, 7]


def test_an_erasure_takes_out_what_waits(lake: SmallLake) -> None:
    put(lake, 0, 3, 4, 5)
    put(lake, 1, 6, 7, visitor="other")
    lake.run(late=USUAL)
    (tenant,) = lake.tenants
    receipt = run_erase(lake.lake, tenant, ["late"], [], erase_profiles=lambda name, visitors: None, at_once=True)
    assert receipt.stores["late_events"].removed == {"rows": 2}
    assert lake.query("SELECT DISTINCT visitor FROM late_events") == [("other",)]
    assert days_stored(lake) == []
    assert late_in_books(lake) == waiting(lake)
    files = list(lake.lake.warehouse.rglob("*.parquet"))
    rows = [row for path in files for row in parquet.read_table(path, partitioning=None).to_pylist()]
    assert rows
    assert not [row for row in rows if row.get("visitor") == "late"]


def test_a_user_is_erased_with_a_visitor_of_whom_only_a_late_event_tells(lake: SmallLake) -> None:
    put(lake, 0, 3, 4)
    now = NOON + 2 * HOUR
    lines = [line(*(event(now + step * MINUTE) for step in range(40)), visitor="tablet")]
    lines.append(line(event(now - 8 * DAY, user="ann"), visitor="tablet", received=now + HOUR))
    lake.put("2025/10/09/14/named", lines)
    (tenant,) = lake.tenants
    run_erase(lake.lake, tenant, [], ["ann"], erase_profiles=lambda name, visitors: None, at_once=True)
    assert lake.query("SELECT count(*) FROM events WHERE visitor = 'tablet'") == [(0,)]


def test_what_is_older_than_it_is_kept_waits_no_more(lake: SmallLake) -> None:
    put(lake, 0, 3, 4, 20)
    lake.run(late=USUAL)
    TenantFile(lake.lake.tenants).update("shop", lambda tenant: change(tenant, ["retention_days=10"]))
    report = run_upkeep(lake.lake, now=NOON + DAY)
    assert report.retention.events == 1
    assert waiting(lake) == 1
    lake.run(late=USUAL)
    assert days_stored(lake) == [3, 4]
