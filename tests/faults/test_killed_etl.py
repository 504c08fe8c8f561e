"""The ETL, killed for real at each of its commit points, and run again."""

from pathlib import Path

import pytest

from footfall.etl.pipeline import STEPS
from footfall.events.raw_line import RawLine
from tests.faults.killed import end, run_to_its_end
from tests.lakes import DAY, HOUR, MINUTE, NOON, SmallLake, event, line, rejected
from tests.prepared import Prepared


def run_until(root: Path, step: str) -> None:
    """A run that ends itself once a step is done."""
    SmallLake(root).run(lambda done: end() if done == step else None)


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


def begun(root: Path) -> SmallLake:
    """A lake that has taken in the first object, and is to take in the second."""
    lake = SmallLake(root)
    lake.put("a", first())
    lake.run()
    lake.put("b", second())
    return lake


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Prepared:
    return Prepared(tmp_path_factory.mktemp("begun"), begun)


@pytest.mark.parametrize("step", STEPS)
def test_a_killed_run_is_mended_by_the_next(tmp_path: Path, prepared: Prepared, unbroken: SmallLake, step: str) -> None:
    lake = prepared.again()
    run_to_its_end(run_until, lake.lake.root, step, said=tmp_path / "said")
    lake.run()
    assert lake.tables() == unbroken.tables()


def test_a_run_after_a_run_commits_nothing(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    lake.put("a", first())
    before = lake.run().snapshots
    again = lake.run()
    assert (again.objects, again.snapshots) == (0, before)
