"""Upkeep and a rebuild in Spark: the same rows as by the embedded engine."""

from pathlib import Path

import pytest

from footfall.events.tenant_file import TenantFile
from footfall.lake.catalog import load, open_catalog
from footfall.local.etl_run import run_etl
from footfall.local.reconcile_run import run_reconcile
from footfall.local.upkeep_run import run_upkeep
from tests.lakes import DAY, MINUTE, NOON, SmallLake, event, line

pytestmark = [pytest.mark.spark, pytest.mark.timeout(1_500)]


def test_upkeep_by_spark_changes_no_row(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    for number in range(5):
        lake.put(f"o{number}", [line(event(NOON + number * MINUTE, "page_view"), visitor=f"v{number % 2}")])
        lake.put(f"p{number}", [line(event(NOON + DAY + number, "page_view"), visitor=f"v{number}")])
        lake.run()
    before = lake.tables()
    report = run_upkeep(lake.lake, "spark")
    assert report.compacted["events"].files_before == 10
    assert len(list(load(open_catalog(lake.lake), "events").scan().plan_files())) == 2
    assert lake.tables() == before
    assert all(day.balanced for day in run_reconcile(lake.lake))
    lake.put("late", [line(event(NOON + 7 * MINUTE), visitor="v1")])
    lake.run()
    assert len(lake.tables()["events"]) == len(before["events"]) + 1
    run_upkeep(lake.lake, grace_ms=0)
    assert len(lake.tables()["events"]) == len(before["events"]) + 1


def test_a_rebuild_by_spark_takes_the_place_of_the_old_tables_at_the_end(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    TenantFile(lake.lake.tenants).add("shop", 0)
    lake.put("a", [line(event(NOON, "page_view"), event(NOON + MINUTE))])
    lake.run()
    before = lake.tables()
    seen: list[bool] = []
    run_etl(lake.lake, "spark", rebuild=True, progress=lambda step: seen.append(lake.tables() == before))
    assert seen
    assert all(seen)
    assert lake.tables() == before
    lake.put("b", [line(event(NOON + DAY), visitor="w")])
    lake.run()
    assert len(lake.tables()["events"]) == 3
