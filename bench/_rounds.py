"""Ours and theirs measured in turn, so that whatever else the machine does falls on both."""

import gc
import statistics
import time
from collections.abc import Callable, Mapping


def cpu_seconds(sides: Mapping[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median CPU seconds of each side, after a round that does not count. Each round begins with another side."""
    spent: dict[str, list[float]] = {name: [] for name in sides}
    order = list(sides)
    for number in range(rounds + 1):
        for name in order:
            gc.collect()
            began = time.process_time()
            sides[name]()
            if number:
                spent[name].append(time.process_time() - began)
        order = order[1:] + order[:1]
    return {name: statistics.median(seconds) for name, seconds in spent.items()}
