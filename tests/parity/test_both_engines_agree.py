"""Promise 3, on real files and simulated traffic; and what is known of these files, found again."""

import csv
import gzip
from collections import defaultdict
from decimal import Decimal

import pytest

from footfall.lake.reader import connect
from footfall.lake.tables import LEDGER, TABLES
from footfall.local.reconcile_run import run_reconcile
from tests.lakes import DERIVED_FROM_RAW
from tests.parity.conftest import DATA, Lakes, Query

pytestmark = [pytest.mark.spark, pytest.mark.timeout(1_500)]
SECOND = "%Y-%m-%d %H:%M:%S"
# Nobody says in these files what is known of somebody, or that two ids are one: test_small_stories_agree.py does.
EMPTY = ("entities", "aliases")


@pytest.mark.parametrize("name", DERIVED_FROM_RAW)
def test_the_tables_are_row_identical(lakes: Lakes, name: str) -> None:
    order = ", ".join(next(table.key for table in TABLES if table.name == name))
    embedded, spark = (
        connect(lake, None).execute(f"SELECT * FROM {name} ORDER BY {order}").fetchall()
        for lake in (lakes.embedded, lakes.spark)
    )
    assert (len(embedded) == 0) == (name in EMPTY)
    assert embedded == spark


def test_the_ledgers_hold_the_same_counts(lakes: Lakes) -> None:
    columns = ", ".join(column.name for column in LEDGER.columns if not column.name.endswith("_snapshot"))
    embedded, spark = (
        connect(lake, None).execute(f"SELECT {columns} FROM ledger ORDER BY ALL").fetchall()
        for lake in (lakes.embedded, lakes.spark)
    )
    assert embedded == spark


def test_the_books_of_both_balance(lakes: Lakes) -> None:
    for lake in (lakes.embedded, lakes.spark):
        assert all(day.balanced and not day.waiting for day in run_reconcile(lake))


def test_every_line_of_the_log_is_an_event_or_in_quarantine(query: Query) -> None:
    with (DATA / "web_server_log" / "apache_logs").open("rb") as file:
        lines = sum(1 for _ in file)
    ((events,),) = query("blog", "SELECT count(*) FROM events")
    quarantined = query("blog", "SELECT position, reason FROM quarantine")
    assert quarantined == [("line 8899 of apache_logs", "line_unreadable")]
    assert (events, lines) == (9_999, 10_000)


def test_the_visits_of_the_shop_are_its_own_session_ids(query: Query) -> None:
    theirs = defaultdict(set)
    with gzip.open(DATA / "shop_clickstream" / "ecom.csv.gz", "rt", newline="") as file:
        for row in csv.DictReader(file):
            theirs[(row["user_id"], row["session_id"])].add(row["timestamp"][:19])
    ours = query("shop", "SELECT visitor, started_at, ended_at, events FROM sessions")
    expected = {(visitor, min(times), max(times)) for (visitor, _), times in theirs.items()}
    found = {(visitor, f"{started:{SECOND}}", f"{ended:{SECOND}}") for visitor, started, ended, _ in ours}
    assert found == expected
    assert len(ours) == len(theirs)


def test_the_purchases_add_up_to_the_cent(query: Query) -> None:
    with (DATA / "cdnow" / "CDNOW_master.txt").open() as file:
        rows = [line.split() for line in file][1:]
    total = sum(Decimal(row[-1]) for row in rows)
    found = query("cds", "SELECT count(*), count(DISTINCT visitor), sum(value) FROM events")
    assert found == [(69_659, 23_570, total)]
    assert query("cds", "SELECT sum(conversions), sum(value) FROM visitor_days") == [(69_659, total)]


def test_the_simulated_visits_are_found(lakes: Lakes, query: Query) -> None:
    truth = lakes.simulation.truth
    assert query("demo", "SELECT count(*) FROM events") == [(truth.stored,)]
    assert query("demo", "SELECT count(*) FROM sessions") == [(len(truth.sessions),)]
    assert query("demo", "SELECT count(*) FROM quarantine") == [(truth.quarantined,)]


@pytest.mark.parametrize("tenant", ["shop", "cds"])
def test_nobody_of_an_imported_csv_is_taken_for_a_bot(query: Query, tenant: str) -> None:
    assert query(tenant, "SELECT DISTINCT bot_reason FROM visitor_days") == [(None,)]


def test_of_a_log_few_are_bots_by_behaviour_alone(query: Query) -> None:
    rows = query("blog", "SELECT bot_reason, count(*) FROM visitor_days GROUP BY 1")
    counts = {str(reason): int(str(count)) for reason, count in rows}
    assert counts["user_agent"] > 0
    behaviour = sum(count for reason, count in counts.items() if reason not in ("None", "user_agent", "robots_txt"))
    assert behaviour <= 0.01 * sum(counts.values())


def test_the_simulated_bots_are_found_and_no_person_is(lakes: Lakes, query: Query) -> None:
    found = {(visitor, is_bot) for visitor, is_bot in query("demo", "SELECT DISTINCT visitor, is_bot FROM sessions")}
    assert found == {(session.visitor, session.is_bot) for session in lakes.simulation.truth.sessions}
