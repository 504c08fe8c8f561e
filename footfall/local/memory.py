"""How a run in a process of ours takes memory, and gives it back."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pyarrow as pa

_BETWEEN_COLLECTIONS = 1_000_000


def give_back_soon() -> None:
    """Have Arrow allocate by jemalloc, where it was built with it: it gives what is let go back to the system soon.

    A run lets go of hundreds of megabytes at a time. With the default allocator its peak of resident memory is half a
    gigabyte higher (measured: docs/decisions/0018).
    """
    with suppress(NotImplementedError):
        pa.set_memory_pool(pa.jemalloc_memory_pool())


@contextmanager
def collect_seldom() -> Iterator[None]:
    """Have Python look for cycles of objects once in a million new ones meanwhile, instead of 700.

    Decoded events are millions of small objects without cycles: looking through them takes a fifth of decoding
    (measured: docs/decisions/0018).
    """
    before = gc.get_threshold()
    gc.set_threshold(_BETWEEN_COLLECTIONS, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
