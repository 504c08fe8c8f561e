"""A client of the cluster that serves profiles, and its failures said in one line."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from opensearchpy import OpenSearch
from opensearchpy.exceptions import ConnectionError as NoConnection
from opensearchpy.exceptions import OpenSearchException, TransportError

from footfall.errors import FootfallError

TIMEOUT_SECONDS = 30


@contextmanager
def cluster(url: str) -> Iterator[OpenSearch]:
    """A client of the cluster at an address, closed after; what goes wrong inside is one line with the way out.

    Args:
        url: `http://host:port` or `https://[user:password@]host[:port]`.

    Raises:
        FootfallError: the address is none, nothing answers there, or the cluster refuses.
    """
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise FootfallError(f"{url!r} is no address of OpenSearch. Give one such as http://127.0.0.1:9200.")
    # The password stays out of what is printed.
    shown = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
    # It warns of each failed call, which is said below; who has set logging up still gets it.
    logging.getLogger("opensearch").addHandler(logging.NullHandler())
    client = OpenSearch(hosts=[url], timeout=TIMEOUT_SECONDS, max_retries=2, retry_on_timeout=True)
    try:
        yield client
    except NoConnection as error:
        raise FootfallError(
            f"no OpenSearch answers at {shown} ({type(error.info).__name__}). "
            "Check --url, or leave it out to use the lake's own node."
        ) from error
    except TransportError as error:
        raise FootfallError(
            f"OpenSearch at {shown} refused: {error.status_code} {error.error} {_reason(error)}"[:500]
        ) from error
    except OpenSearchException as error:
        raise FootfallError(f"OpenSearch at {shown}: {error}"[:500]) from error
    finally:
        client.close()


def _reason(error: TransportError) -> str:
    info: Any = error.info
    try:
        return str(info["error"]["reason"])
    except (KeyError, TypeError):
        return ""
