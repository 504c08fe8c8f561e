"""One real OpenSearch node a test run."""

from collections.abc import Iterator

import pytest
from opensearchpy import OpenSearch

from footfall.local.opensearch_node import OpenSearchNode
from footfall.profiles.client import cluster


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests that need the node, so that `-m "not opensearch"` leaves them out."""
    for item in items:
        if "opensearch_node" in getattr(item, "fixturenames", ()):
            item.add_marker("opensearch")


@pytest.fixture(scope="session")
def opensearch_node() -> Iterator[OpenSearchNode]:
    """The node: started for the first test that asks, stopped after the last. Tests keep apart by tenant names."""
    with OpenSearchNode.start_ephemeral() as node:
        yield node


@pytest.fixture
def opensearch(opensearch_node: OpenSearchNode) -> Iterator[OpenSearch]:
    """A client of the node."""
    with cluster(opensearch_node.url) as client:
        yield client
