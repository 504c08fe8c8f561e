"""The ETL, killed for real at each of its commit points, and run again."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from footfall.etl.pipeline import STEPS
from footfall.events.raw_line import RawLine
from tests.lakes import DAY, HOUR, MINUTE, NOON, SmallLake, event, line, rejected

REPOSITORY = Path(__file__).resolve().parents[2]

# Run as a program: a child that ends itself, as the kernel would, once a step is done.
CHILD = """
import os, signal, sys
from pathlib import Path
from tests.lakes import SmallLake

def end(step):
    if step == sys.argv[2]:
        os.kill(os.getpid(), signal.SIGKILL)

SmallLake(Path(sys.argv[1])).run(end)
"""


def first() -> list[RawLine]:
    """Two visits, and an event whose copy will come with an earlier arrival, and so belong to a day weeks before."""
    return [
        line(event(NOON, "page_view"), event(NOON + 5 * MINUTE, "purchase", properties={"value": 3})),
        line(event(NOON + 12 * HOUR + MINUTE, "page_view", id="moved"), received=NOON + 2 * DAY),
        line(event(NOON + HOUR, id="copy"), visitor="w", received=NOON + 20 * DAY, sent_at=NOON + 3 * HOUR),
    ]


def second() -> list[RawLine]:
    """What moves a visit across midnight, joins two visits, replaces a stored copy, and is rejected."""
    return [
        line(event(NOON + 12 * HOUR - MINUTE, "page_view"), received=NOON + 3 * DAY, rejected=[rejected(7)]),
        line(event(NOON + 20 * MINUTE), event(NOON + 40 * MINUTE), received=NOON + 3 * DAY),
        line(event(NOON + HOUR, id="copy"), visitor="w", received=NOON + 2 * HOUR),
    ]


@pytest.fixture(scope="module")
def unbroken(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    lake = SmallLake(tmp_path_factory.mktemp("unbroken") / "lake")
    lake.put("a", first())
    lake.put("b", second())
    lake.run()
    return lake


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_run_is_mended_by_the_next(tmp_path: Path, unbroken: SmallLake, step: str) -> None:
    lake = SmallLake(tmp_path / "lake")
    lake.put("a", first())
    lake.run()
    lake.put("b", second())
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(lake.lake.root), step],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert child.returncode == -signal.SIGKILL, f"the child was not killed at {step}: {child.stderr}"
    lake.run()
    assert lake.tables() == unbroken.tables()


def test_a_run_after_a_run_commits_nothing(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    lake.put("a", first())
    before = lake.run().snapshots
    again = lake.run()
    assert (again.objects, again.snapshots) == (0, before)
