"""Upkeep, killed for real after each of its steps and in the middle of them, and run again."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from footfall.etl.upkeep import STEPS
from footfall.local.reconcile_run import run_reconcile
from footfall.local.upkeep_run import run_upkeep
from tests.lakes import DAY, MINUTE, NOON, SmallLake, event, line

REPOSITORY = Path(__file__).resolve().parents[2]
TOLD = [step for step in STEPS if step.split()[-1] in ("events", "ledger", "sessions", "orphans")]

# Run as a program: a child that ends itself, as the kernel would, once a step is done, or as it removes its n-th file.
CHILD = """
import os, signal, sys
from pathlib import Path
from footfall.lake import expiry
from footfall.lake.engines import embedded_maintenance
from footfall.lake.layout import open_lake
from footfall.local.upkeep_run import run_upkeep

wanted = sys.argv[2]

def end(step):
    if step == wanted:
        os.kill(os.getpid(), signal.SIGKILL)

if wanted == "removing":
    real = expiry.remove
    def removing(table, paths):
        some = sorted(paths)
        real(table, some[: len(some) // 2])
        if some:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(table, some)
    expiry.remove = removing
    for name in ("MOST_SNAPSHOTS", "KEPT_SNAPSHOTS"):
        setattr(__import__("footfall.etl.upkeep").etl.upkeep, name, 2)
run_upkeep(open_lake(Path(sys.argv[1])), grace_ms=0, progress=end)
"""


def worn(root: Path) -> SmallLake:
    lake = SmallLake(root)
    for number in range(5):
        lake.put(f"o{number}", [line(event(NOON + number * MINUTE, "page_view"), visitor=f"v{number % 2}")])
        lake.put(f"p{number}", [line(event(NOON + DAY + number, "page_view"), visitor=f"v{number}")])
        lake.run()
    return lake


@pytest.mark.parametrize("step", [*TOLD, "removing"])
def test_a_killed_upkeep_does_no_harm(tmp_path: Path, step: str) -> None:
    lake = worn(tmp_path / "lake")
    before = lake.tables()
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(lake.lake.root), step],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == -signal.SIGKILL, f"the child was not killed at {step}: {child.stderr}"
    assert lake.tables() == before
    assert all(day.balanced for day in run_reconcile(lake.lake))
    lake.put("late", [line(event(NOON + 7 * MINUTE), visitor="v1")])
    lake.run()
    run_upkeep(lake.lake, grace_ms=0)
    after = lake.tables()
    assert len(after["events"]) == len(before["events"]) + 1
    assert len(after["sessions"]) == len(before["sessions"])
