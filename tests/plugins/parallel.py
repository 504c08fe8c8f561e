"""Which tests run in one process where `make test` runs several side by side, and in what order.

A file's tests stay together, since they share what the file prepares; so do those of files that share a thing of which
a test run has one. What takes longest begins first, so that no process is left alone with it at the end.

pytest-xdist writes its groups into the ids of tests, which pytest 9.2 does not take any more: the scheduler is ours.
"""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import pytest
from _pytest.nodeid import NodeId

if TYPE_CHECKING:
    from xdist.scheduler import LoadScopeScheduling

TOGETHER = {
    "Spark": ("tests/parity/",),
    "Chromium": ("tests/browser/", "tests/clients/test_snowplow_browser.py"),
    "OpenSearch": (
        "tests/unit/profiles/",
        "tests/unit/local/test_opensearch_node.py",
        "tests/unit/local/test_lake_node.py",
    ),
    "AWS": ("tests/aws/",),
    "models": ("tests/unit/ml/",),
}
"""What a run has one of, or wants so much memory that one at a time is enough, and where the tests are that use it."""
LONGEST_FIRST = (
    # A process is given its next group when two tests are left of the last: these should not take minutes.
    *("tests/parity/test_upkeep_by_both_engines.py", "tests/parity", "tests/aws"),
    *("tests/quickstart", "tests/unit/cli/test_demo.py", "tests/browser"),
    *("tests/unit/etl/test_a_rebuild_gives_the_same_lake.py", "tests/faults"),
    *("tests/soak", "tests/clients", "tests/unit/ml", "tests/unit/etl", "tests/unit/profiles"),
    *("tests/unit/cli", "tests/unit/local", "tests/fuzz", "tests/queries"),
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each test an id of its own, and put them into their order."""
    _tell_apart(items)
    if hasattr(config, "workerinput"):  # which the processes of pytest-xdist have
        items.sort(key=_place)


def _tell_apart(items: Sequence[pytest.Item]) -> None:
    """Of tests with the same id pytest-xdist runs one, and says nothing of the others.

    From pytest 9.2 on, ids leave out what a plugin adds to a test's name, as schemathesis does for each operation.
    """
    for item in _with_the_id_of_another(items):
        assert item.parent is not None
        item._id = NodeId.parse(f"{item.parent.nodeid}::{item.name}")
    if alike := _with_the_id_of_another(items):
        raise pytest.UsageError(f"several tests have the id {alike[0].nodeid}: only one of them would be run.")


def _with_the_id_of_another(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    counted = Counter(item.nodeid for item in items)
    return [item for item in items if counted[item.nodeid] > 1]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "LoadScopeScheduling":
    """What hands out the tests."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduler(LoadScopeScheduling):  # type: ignore[misc] # it has no types
        def _split_scope(self, nodeid: str) -> str:
            return group(nodeid)

    return Scheduler(config, log)


def group(nodeid: str) -> str:
    """The group of a test: all of one group run in one process, one after the other."""
    path = _path(nodeid)
    return next((name for name, starts in TOGETHER.items() if path.startswith(starts)), path)


def _path(nodeid: str) -> str:
    return nodeid.partition("::")[0]


def _place(item: pytest.Item) -> int:
    path = _path(item.nodeid)
    places = (place for place, start in enumerate(LONGEST_FIRST) if path.startswith(start))
    return next(places, len(LONGEST_FIRST))
