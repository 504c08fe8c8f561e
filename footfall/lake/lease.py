"""One writer at a time: ETL, replay, erasure and upkeep hold the lake's lease."""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from footfall.lake.layout import LocalLake


@contextmanager
def lease(lake: LocalLake, waiting: Callable[[str], None] = lambda holder: None) -> Iterator[None]:
    """Hold the lake's lease; wait for whoever holds it.

    The lock is the operating system's, so it ends with its process, however that ends.

    Args:
        lake: the lake.
        waiting: called once with the holder's process id where there is one to wait for.
    """
    lake.warehouse.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(lake.warehouse / ".lease", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting(os.pread(descriptor, 32, 0).decode("ascii", "replace"))
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)
