"""Erasures that were interrupted, or whose old snapshots are due: every run finishes them."""

import time
from collections.abc import Callable
from functools import partial

from footfall.errors import FootfallError
from footfall.lake.layout import LocalLake
from footfall.lake.receipts import Erasures
from footfall.local.erase_run import resume
from footfall.local.profile_erasure import erase_from_node


def finish_erasures(lake: LocalLake, progress: Callable[[str], None] = lambda step: None) -> None:
    """Finish what is pending, if anything is. A store that cannot be reached is told of, and stops no run.

    The caller does not hold the lease.
    """
    now = int(time.time() * 1000)
    erasures = Erasures(lake)
    due = (receipt for receipt in erasures.receipts() if not receipt.complete and receipt.snapshots_due <= now)
    if next(erasures.requests(), None) is None and next(due, None) is None:
        return
    try:
        resume(lake, erase_profiles=partial(erase_from_node, lake), progress=progress)
    except FootfallError as error:
        progress(f"an erasure is not complete yet: {error}")
