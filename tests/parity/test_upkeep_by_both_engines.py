"""Upkeep, rebuild, erasure and retention in Spark: the same rows as by the embedded engine."""

import gzip
from pathlib import Path

import pytest

from footfall.events.tenant_file import TenantFile
from footfall.lake.actions import ActionLog, FileActionStore
from footfall.lake.catalog import load, open_catalog
from footfall.lake.retention import RETENTION, Cutoffs
from footfall.lake.suppression import ERASURE, Erasure, keyed_hash
from footfall.local.etl_run import run_etl
from footfall.local.reconcile_run import run_reconcile
from footfall.local.upkeep_run import run_upkeep
from tests.lakes import DAY, MINUTE, NOON, SmallLake, event, line, rejected

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


def test_both_engines_leave_out_the_erased_and_what_is_too_old(tmp_path: Path) -> None:
    lakes = [SmallLake(tmp_path / "embedded"), SmallLake(tmp_path / "other")]
    TenantFile(lakes[0].lake.tenants).add("shop", 0)
    lakes[1].lake.tenants.write_bytes(lakes[0].lake.tenants.read_bytes())
    (tenant,) = TenantFile(lakes[0].lake.tenants).all()
    for lake, engine in zip(lakes, ("duckdb", "spark"), strict=True):
        log = ActionLog(FileActionStore(lake.lake.raw))
        log.record(ERASURE, "shop", NOON, Erasure((keyed_hash(tenant.salt, "visitor", "gone"),), ()))
        log.record(RETENTION, "shop", NOON, Cutoffs({"": NOON - DAY, "click": NOON}))
        lake.put(
            "a",
            [
                line(event(NOON, "page_view"), event(NOON - MINUTE, "click"), event(NOON - MINUTE, "view")),
                line(event(NOON + 1), visitor="gone", rejected=[rejected(1)]),
                line(event(NOON - 2 * DAY, "view"), visitor="w", received=NOON - 2 * DAY, rejected=[rejected(1)]),
            ],
        )
        run_etl(lake.lake, engine)
        assert len(lake.tables()["events"]) == 2
        days = run_reconcile(lake.lake)
        assert all(day.balanced and not day.missing for day in days)
        assert [sum(day.erased for day in days), sum(day.expired for day in days)] == [2, 3]
        assert b"gone" not in gzip.decompress((lake.lake.raw / "a.json.gz").read_bytes())
    assert lakes[0].tables() == lakes[1].tables()
