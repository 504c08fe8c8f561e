"""The lake as it was."""

import time

import pytest

from footfall.errors import FootfallError
from footfall.events.tenant_file import TenantFile
from footfall.local.upkeep_run import run_upkeep
from footfall.query.embedded import run
from tests.lakes import MINUTE, NOON, SmallLake, event, line

COUNTS = """
SELECT (SELECT count(*) FROM events) AS events, (SELECT count(*) FROM sessions) AS sessions,
    (SELECT count(*) FROM quarantine) AS quarantine
"""


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> tuple[SmallLake, list[int]]:
    """A lake after three runs, and a time before the first and after each."""
    lake = SmallLake(tmp_path_factory.mktemp("history") / "lake")
    TenantFile(lake.lake.tenants).add("shop", 0)
    times = [int(time.time() * 1000)]
    for number in range(3):
        lake.put(f"o{number}", [line(event(NOON + number * MINUTE), visitor=f"v{number}")])
        lake.run()
        times.append(int(time.time() * 1000) + 1)
    return lake, times


def counts(lake: SmallLake, at: int | None) -> tuple[object, ...]:
    return tuple(run(lake.lake, "shop", COUNTS, as_of=at).to_pylist()[0].values())


def test_a_query_sees_the_lake_as_of_the_last_run_before_its_time(history: tuple[SmallLake, list[int]]) -> None:
    lake, times = history
    assert [counts(lake, at) for at in times[1:]] == [(1, 1, 0), (2, 2, 0), (3, 3, 0)]
    assert counts(lake, None) == (3, 3, 0)


def test_a_time_before_all_that_is_kept_is_refused_with_the_first_that_can_be_asked_for(
    history: tuple[SmallLake, list[int]],
) -> None:
    lake, times = history
    with pytest.raises(FootfallError, match=r"what is kept begins at \d{4}-"):
        counts(lake, times[0])


def test_upkeep_leaves_history_readable(history: tuple[SmallLake, list[int]]) -> None:
    lake, times = history
    run_upkeep(lake.lake, grace_ms=0)
    assert [counts(lake, at) for at in times[1:]] == [(1, 1, 0), (2, 2, 0), (3, 3, 0)]
