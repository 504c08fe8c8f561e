"""The OpenSearch node of a lake: the one that `footfall up` runs, or one for as long as a command needs it."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from footfall.lake.layout import LocalLake
from footfall.local.home import local_home
from footfall.local.node_user import within_reach
from footfall.local.opensearch_node import OpenSearchNode, runs


@contextmanager
def lake_node(lake: LocalLake, *, shared: bool = False, progress: Callable[[str], None] | None = None) -> Iterator[str]:
    """The address of the lake's OpenSearch node: one that runs already, else one started here and stopped after.

    The node's data stays in `local_home()/opensearch/data-<hash of the lake's path>`: profiles that were loaded are
    there the next time.

    Args:
        lake: the lake.
        shared: let other commands find the node started here (`footfall up`: it runs long).
        progress: told in a line what takes long.

    Raises:
        FootfallError: the node cannot be started.
    """
    running = running_url(lake)
    if running is not None:
        yield running
        return
    with OpenSearchNode.start(_home(lake), progress=progress) as node:
        record = record_of(lake)
        if shared:
            record.write_text(json.dumps({"url": node.url, "pid": node.pid, "home": str(node.home)}))
        try:
            yield node.url
        finally:
            if shared:
                record.unlink(missing_ok=True)


def running_url(lake: LocalLake) -> str | None:
    """The address of the node that another command runs for this lake, or None. A stale record is none."""
    try:
        found = json.loads(record_of(lake).read_text())
        url, pid, home = str(found["url"]), int(found["pid"]), Path(found["home"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return url if runs(pid, home) else None


def has_data(lake: LocalLake) -> bool:
    """Whether a node was ever started for this lake."""
    return _home(lake).exists()


def record_of(lake: LocalLake) -> Path:
    """The file in which a shared node is told of: JSON, {url, pid, home}."""
    return local_home() / "opensearch" / f"{_key(lake)}.json"


def _key(lake: LocalLake) -> str:
    return hashlib.sha256(str(lake.root.resolve()).encode()).hexdigest()[:16]


def _home(lake: LocalLake) -> Path:
    return within_reach(local_home() / "opensearch") / f"data-{_key(lake)}"
