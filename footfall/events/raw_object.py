"""How raw objects are named and framed: whoever writes one does it here, so that all of them look the same."""

import gzip
from datetime import UTC, datetime

SUFFIX = ".json.gz"
OPEN = "open"
ACTIONS = "actions"
"""The folder of raw that holds operators' actions, which are no raw objects."""


def key(first_received_at: int, name: str) -> str:
    """The key of a collector's object: the UTC hour of its first line (epoch ms), then its name."""
    hour = datetime.fromtimestamp(first_received_at / 1000, UTC)
    return f"{hour:%Y/%m/%d/%H}/{name}{SUFFIX}"


def compress(lines: bytes) -> bytes:
    """The object's bytes. The same lines give the same bytes: gzip's own time stamp is left at 0."""
    return gzip.compress(lines, compresslevel=6, mtime=0)
