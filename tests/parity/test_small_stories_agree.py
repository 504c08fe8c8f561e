"""Promise 3 where public files and the simulation say nothing: tabs, vitals, bots of each kind, cells, new rules; who
is who; what was erased or is too old."""

import gzip
from pathlib import Path
from typing import NamedTuple

import pytest

from footfall.etl.pipeline import RunReport
from footfall.etl.unlinks import UNLINK
from footfall.events.tenant_toml import render
from footfall.events.tenants import Tenant
from footfall.lake.retention import RETENTION
from footfall.lake.suppression import ERASURE
from footfall.local.etl_run import run_etl
from footfall.local.reconcile_run import run_reconcile
from tests.lakes import DAY, DERIVED_FROM_RAW, NOON, Rows, SmallLake
from tests.parity import told

# Three runs of Spark before the first test.
pytestmark = [pytest.mark.spark, pytest.mark.timeout(1_500)]
# Nothing is rejected in the visits, and nobody is named in them: the people are.
UNTOLD = ("quarantine", "entities", "identities", "aliases")
OF_PEOPLE = ("entities", "identities", "aliases", "sessions", "visitor_days")


class Told(NamedTuple):
    """A lake that was told everything; what its runs reported; what it held after the first of them, by tenant."""

    lake: SmallLake
    runs: list[RunReport]
    first: dict[str, dict[str, Rows]]


class Both(NamedTuple):
    embedded: Told
    spark: Told


def rows_of(lake: SmallLake, tenant: Tenant) -> dict[str, Rows]:
    return {
        name: sorted(lake.query(f"SELECT * FROM {name} WHERE tenant = '{tenant.name}'"), key=repr)
        for name in DERIVED_FROM_RAW
    }


def new_lake(root: Path) -> SmallLake:
    """A lake with what is told first in raw, an erasure and a retention among it."""
    lake = SmallLake(root)
    lake.lake.tenants.write_text(render([told.VISITS, told.PEOPLE, told.PAST]))
    lake.actions.record(ERASURE, told.PAST.name, NOON, told.ERASURE_OF_PAST)
    lake.actions.record(RETENTION, told.PAST.name, NOON, told.CUTOFFS_OF_PAST)
    lake.put("visits", told.visits())
    lake.put("people", told.people())
    lake.put("past", told.past())
    return lake


def unlink(lake: SmallLake) -> None:
    for order in told.UNLINKS:
        lake.actions.record(UNLINK, told.PEOPLE.name, NOON + 3 * DAY, order)


def take_up_new_rules(lake: SmallLake) -> None:
    lake.lake.tenants.write_text(render([told.NEW_RULES, told.PEOPLE, told.PAST]))


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Both:
    """The same raw, orders and rules: by DuckDB in five runs, by Spark in three. The last takes in what waits."""
    embedded = new_lake(tmp_path_factory.mktemp("embedded") / "lake")
    runs = [run_etl(embedded.lake, everything=True)]
    first = {tenant.name: rows_of(embedded, tenant) for tenant in (told.VISITS, told.PAST)}
    unlink(embedded)
    runs.append(run_etl(embedded.lake))
    embedded.put("people late", told.late_people())
    runs.append(run_etl(embedded.lake, everything=True))
    take_up_new_rules(embedded)
    embedded.put("people busy", told.busy_people())
    runs += [run_etl(embedded.lake) for _ in range(2)]

    spark = new_lake(tmp_path_factory.mktemp("spark") / "lake")
    spark.put("people late", told.late_people())
    by_spark = [run_etl(spark.lake, "spark", everything=True)]
    first_by_spark = {tenant.name: rows_of(spark, tenant) for tenant in (told.VISITS, told.PAST)}
    unlink(spark)
    take_up_new_rules(spark)
    spark.put("people busy", told.busy_people())
    by_spark += [run_etl(spark.lake, "spark") for _ in range(2)]
    return Both(Told(embedded, runs, first), Told(spark, by_spark, first_by_spark))


def test_the_runs_say_what_they_did(both: Both) -> None:
    said = [[(run.objects, bool(run.reworked), run.unlinks) for run in one.runs] for one in both]
    assert said[0] == [(3, False, 0), (0, False, 2), (1, False, 0), (1, True, 0), (0, False, 0)]
    assert said[1] == [(4, False, 0), (1, True, 2), (0, False, 0)]
    assert both.embedded.runs[3].reworked == both.spark.runs[1].reworked


def test_a_few_late_events_wait_for_a_run_that_has_nothing_else_to_do(both: Both) -> None:
    for one in both:
        assert [(run.new_events, run.waiting) for run in one.runs[-2:]] == [(51, 2), (2, 0)]
        assert one.lake.query("SELECT count(*) FROM late_events") == [(0,)]


@pytest.mark.parametrize("name", DERIVED_FROM_RAW)
def test_both_engines_tell_the_same_of_visits_and_take_up_new_rules(both: Both, name: str) -> None:
    first, first_by_spark = (one.first[told.VISITS.name][name] for one in both)
    last, last_by_spark = (rows_of(one.lake, told.VISITS)[name] for one in both)
    assert bool(first) == (name not in UNTOLD)
    assert first_by_spark == first
    assert last_by_spark == last
    assert (first != last) == (name in ("sessions", "visitor_days"))


@pytest.mark.parametrize("name", OF_PEOPLE)
def test_both_engines_tell_the_same_of_people(both: Both, name: str) -> None:
    embedded, spark = (rows_of(one.lake, told.PEOPLE)[name] for one in both)
    assert len(embedded) > 0
    assert embedded == spark


def test_both_engines_leave_out_the_erased_and_what_is_too_old(both: Both) -> None:
    for one in both:
        rows = rows_of(one.lake, told.PAST)
        assert rows == one.first[told.PAST.name]
        assert len(rows["events"]) == 2
        days = run_reconcile(one.lake.lake)
        assert all(day.balanced and not day.missing for day in days)
        assert [sum(day.erased for day in days), sum(day.expired for day in days)] == [2, 3]
        assert b"gone" not in _texts(one.lake, "past")
    assert both.embedded.first[told.PAST.name] == both.spark.first[told.PAST.name]


def test_the_tables_of_all_tenants_are_row_identical(both: Both) -> None:
    assert both.embedded.lake.tables() == both.spark.lake.tables()


def _texts(lake: SmallLake, key: str) -> bytes:
    return gzip.decompress((lake.lake.raw / f"{key}.json.gz").read_bytes())
