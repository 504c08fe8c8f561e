"""Upkeep, killed for real after each of its steps and in the middle of them, and run again."""

from collections.abc import Collection
from pathlib import Path

import pytest
from pyiceberg.table import Table as IcebergTable

from footfall.etl import upkeep
from footfall.etl.upkeep import STEPS
from footfall.lake import expiry, reachable
from footfall.lake.engines.maintenance import Removed
from footfall.lake.layout import open_lake
from footfall.local.reconcile_run import run_reconcile
from footfall.local.upkeep_run import run_upkeep
from tests.faults.killed import end, run_to_its_end
from tests.lakes import DAY, MINUTE, NOON, SmallLake, event, line
from tests.prepared import Prepared

TOLD = [step for step in STEPS if step.split()[-1] in ("events", "ledger", "sessions", "orphans")]


def upkeep_until(root: Path, wanted: str) -> None:
    """An upkeep that ends itself once a step is done, or (`removing`) half way through the files that it removes."""
    if wanted == "removing":

        def removing(table: IcebergTable, paths: Collection[str]) -> Removed:
            some = sorted(paths)
            reachable.remove(table, some[: len(some) // 2])
            return end() if some else Removed()

        patch = pytest.MonkeyPatch()
        patch.setattr(expiry, "remove", removing)
        for name in ("MOST_SNAPSHOTS", "KEPT_SNAPSHOTS"):
            patch.setattr(upkeep, name, 2)
    run_upkeep(open_lake(root), grace_ms=0, progress=lambda done: end() if done == wanted else None)


def worn(root: Path) -> SmallLake:
    lake = SmallLake(root)
    for number in range(5):
        lake.put(f"o{number}", [line(event(NOON + number * MINUTE, "page_view"), visitor=f"v{number % 2}")])
        lake.put(f"p{number}", [line(event(NOON + DAY + number, "page_view"), visitor=f"v{number}")])
        lake.run()
    return lake


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return Prepared(tmp_path_factory.mktemp("worn"), worn)


@pytest.mark.parametrize("step", [*TOLD, "removing"])
def test_a_killed_upkeep_does_no_harm(tmp_path: Path, prepared: Prepared, step: str) -> None:
    lake = prepared.again()
    before = lake.tables()
    run_to_its_end(upkeep_until, lake.lake.root, step, said=tmp_path / "said")
    assert lake.tables() == before
    assert all(day.balanced for day in run_reconcile(lake.lake))
    lake.put("late", [line(event(NOON + 7 * MINUTE), visitor="v1")])
    lake.run()
    run_upkeep(lake.lake, grace_ms=0)
    after = lake.tables()
    assert len(after["events"]) == len(before["events"]) + 1
    assert len(after["sessions"]) == len(before["sessions"])
