"""Which tests run in one process where `make test` runs several side by side, and in what order.

A file's tests stay together, since they share what the file prepares; so do all those that share a thing of which a
test run has one. What takes longest begins first, so that no process is left alone with it at the end.
"""

import pytest

SHARED = {"opensearch_node": "opensearch", "browser": "browser"}
"""The group of the tests that ask for a fixture of the whole run."""
FOLDERS = ("tests/parity", "tests/browser", "tests/aws", "tests/unit/ml")
"""Folders whose tests share what they prepare, or (Spark) want so much memory that one at a time is enough."""
LONGEST_FIRST = (
    *("tests/parity", "tests/quickstart", "tests/unit/cli/test_demo.py", "tests/browser"),
    *("tests/unit/etl/test_a_rebuild_gives_the_same_lake.py", "tests/faults"),
    *("tests/aws", "tests/soak", "tests/clients", "tests/unit/ml", "tests/unit/etl", "tests/unit/profiles"),
    *("tests/unit/cli", "tests/unit/local", "tests/fuzz", "tests/queries"),
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put every test into its group, and the groups into their order."""
    if not hasattr(config, "workerinput"):  # which the processes of pytest-xdist have
        return
    for item in items:
        item.add_marker(pytest.mark.xdist_group(_group(item)))
    items.sort(key=_place)


def _path(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _group(item: pytest.Item) -> str:
    path = _path(item)
    fixtures = getattr(item, "fixturenames", ())
    shared = (group for fixture, group in SHARED.items() if fixture in fixtures)
    folder = next((folder.rpartition("/")[2] for folder in FOLDERS if path.startswith(f"{folder}/")), None)
    return next(shared, None) or folder or path


def _place(item: pytest.Item) -> int:
    path = _path(item)
    places = (place for place, start in enumerate(LONGEST_FIRST) if path.startswith(start))
    return next(places, len(LONGEST_FIRST))
