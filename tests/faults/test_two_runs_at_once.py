"""Two processes over one lake at once: one waits for the other, and says so."""

import os
import subprocess
import sys
import time
from pathlib import Path

from footfall.events.tenant_file import TenantFile
from footfall.lake.lease import lease
from footfall.local.reconcile_run import run_reconcile
from tests.lakes import MINUTE, NOON, SmallLake, event, line

REPOSITORY = Path(__file__).resolve().parents[2]
CHILD = """
import sys
from pathlib import Path
from footfall.lake.layout import open_lake
from footfall.local.etl_run import run_etl
from footfall.local.upkeep_run import run_upkeep

def rebuild(lake, progress):
    run_etl(lake, rebuild=True, progress=progress)

run = {"etl": run_etl, "upkeep": run_upkeep, "rebuild": rebuild}
run[sys.argv[2]](open_lake(Path(sys.argv[1])), progress=lambda step: print(step, flush=True))
"""


def start(lake: SmallLake, what: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(lake.lake.root), what],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_runs_at_once_wait_for_each_other_and_take_each_object_in_once(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    TenantFile(lake.lake.tenants).add("shop", 0)
    for number in range(6):
        lake.put(f"o{number}", [line(event(NOON + number * MINUTE, "page_view"), visitor=f"v{number % 2}")])
    with lease(lake.lake):
        running = [start(lake, what) for what in ("etl", "etl", "upkeep", "rebuild")]
        deadline = time.monotonic() + 120
        said = []
        for child in running:
            assert child.stdout is not None
            said.append(child.stdout.readline())
            assert time.monotonic() < deadline
    assert all(first.startswith(f"waiting for the run of process {os.getpid()}") for first in said), said
    for child in running:
        _, problem = child.communicate(timeout=300)
        assert child.returncode == 0, problem
    assert lake.query("SELECT count(*), count(DISTINCT event_id) FROM events") == [(6, 6)]
    assert lake.query("SELECT count(*), sum(events) FROM sessions") == [(2, 6)]
    assert all(day.balanced and not day.waiting for day in run_reconcile(lake.lake))
