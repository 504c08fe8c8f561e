"""An erasure, killed for real after each of its steps and while it writes raw, is completed by the next run."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from footfall.local.erase_run import STEPS
from footfall.local.etl_run import run_etl
from footfall.local.reconcile_run import run_reconcile
from tests.unit.etl.test_erasure import ANNA, ANNAS_EVENTS, fill, found_in

REPOSITORY = Path(__file__).resolve().parents[2]
CHILD = """
import os, signal, sys
from pathlib import Path
from footfall.events.tenant_file import TenantFile
from footfall.lake import expiry
from footfall.lake.layout import open_lake
from footfall.lake.raw_store import FileRawStore
from footfall.local.erase_run import run_erase

lake, wanted, visitor = open_lake(Path(sys.argv[1])), sys.argv[2], sys.argv[3]

def end(step):
    if step == wanted:
        os.kill(os.getpid(), signal.SIGKILL)

if wanted == "second object":
    real, done = FileRawStore.replace, []
    def replace(self, key, data):
        if done:
            os.kill(os.getpid(), signal.SIGKILL)
        done.append(key)
        real(self, key, data)
    FileRawStore.replace = replace
if wanted == "removing files":
    removing = expiry.remove
    def remove(table, paths):
        some = sorted(paths)
        removing(table, some[: len(some) // 2])
        os.kill(os.getpid(), signal.SIGKILL)
    expiry.remove = remove
tenant = next(known for known in TenantFile(lake.tenants).all() if known.name == "shop")
run_erase(lake, tenant, [visitor], [], erase_profiles=lambda name, visitors: None, at_once=True, progress=end)
"""


@pytest.mark.parametrize("step", [*STEPS, "second object", "removing files"])
def test_a_killed_erasure_is_completed_by_the_next_run(tmp_path: Path, step: str) -> None:
    lake = fill(tmp_path / "lake")
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(lake.lake.root), step, ANNA],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == -signal.SIGKILL, f"the child was not killed at {step}: {child.stderr}"
    run_etl(lake.lake)
    assert found_in(lake) == set()
    days = run_reconcile(lake.lake)
    assert all(day.balanced and not day.missing and not day.waiting for day in days)
    assert sum(day.erased for day in days) == ANNAS_EVENTS
    assert '"complete": true' in next((lake.lake.root / "erasures").glob("*.receipt.json")).read_text()
    assert not list((lake.lake.root / "erasures").glob("*.request.json"))
    assert lake.query("SELECT visitor FROM events WHERE event_id = 'twice'") == [("w",)]
