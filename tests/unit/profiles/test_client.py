import socket

import pytest

from footfall.errors import FootfallError
from footfall.local.opensearch_node import OpenSearchNode
from footfall.profiles.client import cluster


@pytest.mark.parametrize("url", ["", "localhost:9200", "ftp://localhost", "http://", "http:9200"])
def test_what_is_no_address_is_said_so(url: str) -> None:
    with pytest.raises(FootfallError, match="is no address of OpenSearch"), cluster(url):
        pass


def test_nothing_that_answers_is_one_line_without_the_password() -> None:
    with socket.socket() as taken:
        # Bound and not listening: nobody else gets the port, and a connection is refused.
        taken.bind(("127.0.0.1", 0))
        url = f"http://ada:secret@127.0.0.1:{taken.getsockname()[1]}"
        with pytest.raises(FootfallError, match="no OpenSearch answers at http://127") as told, cluster(url) as client:
            client.info()
    assert "secret" not in str(told.value)
    assert "\n" not in str(told.value)


def test_what_the_cluster_refuses_is_one_line_with_its_reason(opensearch_node: OpenSearchNode) -> None:
    with (
        pytest.raises(FootfallError, match=r"refused: 400 invalid_index_name_exception .*must be lowercase"),
        cluster(opensearch_node.url) as client,
    ):
        client.indices.create(index="UPPER")
