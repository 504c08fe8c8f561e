"""Gaps before raw: each collector process numbers its lines, and a number that is in no raw object was not stored.

A request that was answered 503 has used a number up, and its client sends it again; every other gap is a loss.
"""

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import msgspec

from footfall.lake.raw_rows import lines_of
from footfall.lake.raw_store import RawStore


@dataclass(frozen=True)
class Gap:
    """Lines of a collector process that are nowhere in raw.

    `lines` of them are missing between the line received at `after` and the one received at `before` (epoch
    milliseconds).
    """

    instance: str
    lines: int
    after: int
    before: int


class _Numbered(msgspec.Struct):
    instance: str
    sequence: int
    received_at: int


_decode = msgspec.json.Decoder(_Numbered).decode


def find_gaps(store: RawStore, progress: Callable[[int, int], None] = lambda done, total: None) -> list[Gap]:
    """The gaps in what the raw objects hold, by process and time.

    What lies before the first line of a process, and after its last, cannot be seen. Lines that cannot be read are
    passed over: quarantine has them.

    Args:
        store: the raw objects.
        progress: called with how many of how many of them are read.
    """
    received: dict[str, dict[int, int]] = {}
    keys = list(store.keys())
    for number, key in enumerate(keys, 1):
        for text, problem in lines_of(store.read(key)):
            if problem:
                continue
            try:
                line = _decode(text)
            except msgspec.DecodeError:
                continue
            received.setdefault(line.instance, {})[line.sequence] = line.received_at
        progress(number, len(keys))
    return [
        Gap(instance, later - earlier - 1, times[earlier], times[later])
        for instance, times in sorted(received.items())
        for earlier, later in pairwise(sorted(times))
        if later - earlier > 1
    ]
