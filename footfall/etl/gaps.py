"""Gaps before raw: each collector process numbers its lines, and a number that is in no raw object was not stored.

A request that was answered 503 has used a number up, and its client sends it again; every other gap is a loss.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import msgspec

from footfall.lake.raw_rows import DAY_MS, lines_of, may_hold
from footfall.lake.raw_store import RawStore

OBJECTS_AT_ONCE = 200
"""How many raw objects are read between two words of progress."""


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
Each = Callable[[Callable[[str], "list[_Run]"], Sequence[str]], "list[list[_Run]]"]


class _Run(msgspec.Struct, frozen=True, order=True):
    """Numbers of a process without a gap, both ends among them, and when their lines were received (epoch ms)."""

    instance: str
    first: int
    last: int
    first_at: int
    last_at: int


def find_gaps(
    store: RawStore,
    progress: Callable[[int, int], None] = lambda done, total: None,
    first: int | None = None,
    each: Each | None = None,
) -> list[Gap]:
    """The gaps in what raw objects hold, by process and time.

    What lies before the first line of a process, and after its last, cannot be seen. Lines that cannot be read are
    passed over: quarantine has them.

    Args:
        store: the raw objects.
        progress: called with how many of how many of them are read.
        first: the first day to look at (since 1970, of received_at), by the objects' names; None: all days.
        each: an engine's method of that name, which may spread the reading over machines.
    """
    keys = [key for key in store.keys() if may_hold(key, (first or 0) * DAY_MS)]  # noqa: SIM118
    runs: list[_Run] = []
    for start in range(0, len(keys), OBJECTS_AT_ONCE):
        some = keys[start : start + OBJECTS_AT_ONCE]
        work = partial(_runs_in, store)
        found = each(work, some) if each is not None else [work(key) for key in some]
        # Of runs that touch, one is left: a process has as many as it has gaps, however many objects there are.
        runs = list(_joined([*runs, *(run for of_object in found for run in of_object)]))
        progress(start + len(some), len(keys))
    return [
        Gap(run.instance, later.first - run.last - 1, run.last_at, later.first_at)
        for run, later in pairwise(runs)
        if run.instance == later.instance
    ]


def _runs_in(store: RawStore, key: str) -> list[_Run]:
    """The numbers in a raw object."""
    lines = []
    for text, problem in lines_of(store.read(key)):
        if problem:
            continue
        try:
            line = _decode(text)
        except msgspec.DecodeError:
            continue
        lines.append(_Run(line.instance, line.sequence, line.sequence, line.received_at, line.received_at))
    return list(_joined(lines))


def _joined(runs: Iterable[_Run]) -> Iterator[_Run]:
    """Runs in order, those of a process that overlap or follow each other as one."""
    before: _Run | None = None
    for run in sorted(runs):
        if before is None or run.instance != before.instance or run.first > before.last + 1:
            if before is not None:
                yield before
            before = run
        elif run.last > before.last:
            before = msgspec.structs.replace(before, last=run.last, last_at=run.last_at)
    if before is not None:
        yield before
