"""The books balance, and tell where they do not."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.etl import books as books_module
from footfall.etl.books import DayBooks, first_day
from footfall.etl.late_events import LatePolicy
from footfall.etl.ledger_commits import last_commit
from footfall.events.raw_line import RawLine
from footfall.lake.catalog import load, open_catalog
from footfall.lake.commit import overwrite
from footfall.lake.engines.port import Commit, Engine
from footfall.lake.raw_store import FileRawStore
from footfall.local.reconcile_run import run_reconcile
from tests.histories import PATIENT, raw_lines
from tests.lakes import DAY, HOUR, NOON, SmallLake, event, line, rejected


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


def test_the_last_days_have_today_among_them() -> None:
    assert first_day(1, NOON) == NOON // DAY
    assert first_day(7, NOON) == NOON // DAY - 6


def test_balanced_means_that_nothing_is_missing_or_invented() -> None:
    sound = DayBooks("t", "2025-10-09", 3, 1, 1, 1, 0, 0, 5)
    assert sound.balanced
    assert not DayBooks("t", "2025-10-09", 4, 1, 1, 1, 1, 0, 0).balanced
    assert not DayBooks("t", "2025-10-09", 3, 1, 1, 1, 0, 1, 0).balanced


MIDNIGHT_OF_THE_9TH = NOON - 12 * HOUR


@settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(
    st.lists(st.lists(raw_lines(), min_size=1, max_size=2), min_size=1, max_size=4),
    st.integers(0, 4),
    st.none() | st.integers(0, 3).map(lambda day: MIDNIGHT_OF_THE_9TH // DAY + day),
    st.sampled_from([1, 5, None]),
    st.sampled_from([None, *PATIENT]),
)
def test_the_books_of_some_days_are_those_days_of_all_books(
    objects: list[list[RawLine]], taken_in: int, first: int | None, most_events: int | None, late: LatePolicy | None
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        lake = SmallLake(Path(folder) / "lake")
        for number, lines in enumerate(objects):
            lake.put(f"import/o{number}", lines)
            if number <= taken_in:
                lake.run(late=late)
        days = run_reconcile(lake.lake)
        assert all(day.balanced for day in days)
        midnight = f"{datetime.fromtimestamp((first or 0) * DAY / 1000, UTC):%Y-%m-%d}"
        asked = run_reconcile(lake.lake, first=first, most_events=most_events)
        assert asked == [day for day in days if day.day >= midnight]


def test_the_books_of_the_last_days_tell_what_is_missing_and_what_nobody_sent(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    for day, where in enumerate(("2025/10/09/12/a", "2025/10/10/12/b", "2025/10/11/12/c")):
        lake.put(
            where, [line(event(NOON + day * DAY, id=f"x{day}"), event(NOON, id="first"), received=NOON + day * DAY)]
        )
    lake.run()
    (lake.lake.raw / "2025/10/10/12/b.json.gz").unlink()
    lake.put("2025/10/11/12/c", [line(*(event(NOON + 2 * DAY, id=f"y{n}") for n in range(3)), received=NOON + 2 * DAY)])
    first = NOON // DAY + 1
    found = [
        (day.day, day.received, day.stored, day.missing, day.invented) for day in run_reconcile(lake.lake, first=first)
    ]
    assert found == [("2025-10-10", 0, 0, 0, 1), ("2025-10-11", 3, 1, 2, 0)]


def test_days_that_are_proved_apart_tell_of_rows_that_nobody_sent_of_whomever(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    for day, where in enumerate(("2025/10/09/12/a", "2025/10/10/12/b")):
        lake.put(where, [line(event(NOON + day * DAY, id=f"x{day}"), received=NOON + day * DAY)])
    lake.run()
    table = load(open_catalog(lake.lake), "events")
    rows = table.scan().to_arrow()
    for column, values in {"tenant": ["nobody"] * 2, "raw_object": ["x", "y"]}.items():
        rows = rows.set_column(rows.schema.get_field_index(column), column, pa.array(values))
    overwrite(table, [], rows.cast(table.schema().as_arrow()))
    _name_the_current_snapshots(lake)
    found = [
        (day.tenant, day.day, day.stored, day.missing, day.invented) for day in run_reconcile(lake.lake, most_events=1)
    ]
    assert found == [(day.tenant, day.day, day.stored, day.missing, day.invented) for day in run_reconcile(lake.lake)]
    assert ("nobody", "2025-10-10", 0, 0, 1) in found


def test_of_the_books_of_the_last_days_no_older_object_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lake = SmallLake(tmp_path / "lake")
    for day in range(3):
        lake.put(f"2025/10/{9 + day:02}/12/o", [line(event(NOON + day * DAY, id=str(day)))])
    lake.run()
    lake.put("2025/10/09/13/waiting", [line(event(NOON, id="w"))])
    read: list[str] = []
    before = FileRawStore.read

    def remembered(store: FileRawStore, key: str) -> bytes:
        read.append(key)
        return before(store, key)

    monkeypatch.setattr(FileRawStore, "read", remembered)
    (found,) = run_reconcile(lake.lake, first=NOON // DAY + 2)
    assert (found.day, found.received, found.stored) == ("2025-10-11", 1, 1)
    assert read == ["2025/10/11/12/o.json.gz"]


def test_the_books_are_as_of_the_ledgers_last_commit_whatever_a_run_does_meanwhile(lake: SmallLake) -> None:
    lake.put("d", [line(event(NOON, id="z"))])
    before = last_commit

    def beside_a_run(engine: Engine) -> Commit | None:
        found = before(engine)
        lake.run()
        return found

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(books_module, "last_commit", beside_a_run)
        day = run_reconcile(lake.lake)[1]
    assert (day.received, day.waiting, day.balanced) == (3, 1, True)


def _name_the_current_snapshots(lake: SmallLake) -> None:
    """As a run would: the ledger's last commit names the tables' snapshots."""
    catalog = open_catalog(lake.lake)
    named = {}
    for name in ("events", "quarantine"):
        current = load(catalog, name).current_snapshot()
        if current is not None:
            named[f"footfall.{name}-snapshot"] = str(current.snapshot_id)
    ledger = load(catalog, "ledger")
    overwrite(ledger, [], ledger.scan().to_arrow().slice(0, 0), named)
