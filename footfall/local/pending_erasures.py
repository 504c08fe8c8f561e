"""Erasures that were interrupted, or whose old snapshots are due: every run finishes them."""

from collections.abc import Callable
from functools import partial

from footfall.errors import FootfallError
from footfall.lake.layout import LocalLake
from footfall.local.erase_run import is_any_due, resume
from footfall.local.profile_erasure import erase_from_node


def finish_erasures(lake: LocalLake, progress: Callable[[str], None] = lambda step: None) -> None:
    """Finish what is pending, if anything is. A store that cannot be reached is told of, and stops no run.

    The caller does not hold the lease.
    """
    if not is_any_due(lake):
        return
    try:
        resume(lake, erase_profiles=partial(erase_from_node, lake), progress=progress)
    except FootfallError as error:
        progress(f"an erasure is not complete yet: {error}")
