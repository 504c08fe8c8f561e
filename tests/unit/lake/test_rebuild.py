"""Tables built again beside the old ones."""

from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pytest

from footfall.events.tenant_file import TenantFile
from footfall.lake.layout import open_lake
from footfall.lake.rebuild import begin
from footfall.lake.schemas import arrow_schema
from footfall.lake.tables import PREDICTIONS
from footfall.local.etl_run import run_etl
from footfall.local.reconcile_run import run_reconcile
from footfall.local.upkeep_run import run_upkeep
from footfall.ml.predictions import LakePredictions
from tests.faults.killed import end, run_to_its_end
from tests.lakes import DAY, MINUTE, NOON, SmallLake, event, line
from tests.prepared import Prepared

AS_OF = datetime(2025, 10, 10, tzinfo=UTC).replace(tzinfo=None)


def rebuild_until(root: Path, step: str) -> None:
    """A rebuild that ends itself once a step is done."""
    run_etl(open_lake(root), rebuild=True, progress=lambda done: end() if done == step else None)


def scored(root: Path) -> SmallLake:
    small = SmallLake(root)
    TenantFile(small.lake.tenants).add("shop", 0)
    small.put("a", [line(event(NOON, "page_view"), event(NOON + MINUTE))])
    small.put("b", [line(event(NOON + DAY, "page_view"), visitor="w")])
    small.run()
    score = {"tenant": "shop", "engine": "conversion", "visitor": "v", "day": AS_OF.date(), "as_of": AS_OF,
             "score": 0.5, "percentile": 0.0, "model_version": "1", "reasons": "[]"}  # fmt: skip
    rows = pa.Table.from_pylist([score], schema=arrow_schema(PREDICTIONS))
    LakePredictions(small.lake).replace("shop", "conversion", AS_OF, rows)
    return small


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return Prepared(tmp_path_factory.mktemp("prepared"), scored)


@pytest.fixture
def lake(prepared: Prepared) -> SmallLake:
    return prepared.again()


def test_readers_see_the_old_tables_until_the_new_ones_are_all_there(lake: SmallLake) -> None:
    before = lake.tables()
    next(lake.lake.raw.glob("b*")).unlink()
    seen: list[bool] = []
    run_etl(lake.lake, rebuild=True, progress=lambda step: seen.append(lake.tables() == before))
    assert len(seen) > 4
    assert all(seen)
    assert lake.query("SELECT visitor, count(*) FROM events GROUP BY ALL") == [("v", 2)]


def test_a_rebuild_gives_the_same_rows_and_keeps_predictions(lake: SmallLake) -> None:
    before = lake.tables()
    for _ in range(2):
        report = run_etl(lake.lake, rebuild=True)
        assert report.objects == 2
        assert lake.tables() == before
        assert lake.query("SELECT visitor, score FROM predictions") == [("v", 0.5)]
    assert all(day.balanced for day in run_reconcile(lake.lake))
    assert run_etl(lake.lake).objects == 0
    assert run_upkeep(lake.lake, grace_ms=0).orphans.files
    assert lake.tables() == before
    assert lake.query("SELECT visitor, score FROM predictions") == [("v", 0.5)]


@pytest.mark.parametrize("step", ["events", "ledger"])
def test_a_rebuild_that_is_killed_leaves_the_old_lake_as_it_was(tmp_path: Path, lake: SmallLake, step: str) -> None:
    before = lake.tables()
    run_to_its_end(rebuild_until, lake.lake.root, step, said=tmp_path / "said")
    assert lake.tables() == before
    lake.put("c", [line(event(NOON + 3 * DAY), visitor="x")])
    lake.run()
    after = lake.tables()
    assert len(after["events"]) == 4
    run_etl(lake.lake, rebuild=True)
    assert lake.tables() == after
    assert len(list(lake.lake.warehouse.glob("rebuilt-*"))) == 1


def test_what_killed_rebuilds_leave_does_not_pile_up(lake: SmallLake) -> None:
    for _ in range(3):
        begin(lake.lake)
    assert len(list(lake.lake.warehouse.glob("rebuilt-*"))) == 1
    assert len(lake.tables()["events"]) == 3
