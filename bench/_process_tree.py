"""What a tree of processes has spent, as Linux counts it."""

import os
from collections import defaultdict
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")
# Of /proc/<pid>/stat, after the name: the parent, and from utime on the process's own time and its ended children's.
_PARENT, _TIMES = 1, slice(11, 15)


def tree_cpu_seconds(without: int = 0) -> float:
    """User and system time of this process and all below it, ended ones too.

    Args:
        without: a process that does not count, with all below it.
    """
    children: dict[int, list[int]] = defaultdict(list)
    ticks: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        children[int(fields[_PARENT])].append(int(entry.name))
        ticks[int(entry.name)] = sum(int(field) for field in fields[_TIMES])
    spent = 0
    waiting = [os.getpid()]
    while waiting:
        process = waiting.pop()
        if process != without:
            spent += ticks.get(process, 0)
            waiting += children[process]
    return spent / _TICKS
