"""The memory that Arrow takes in a process of ours."""

from contextlib import suppress

import pyarrow as pa


def give_back_soon() -> None:
    """Have Arrow allocate by jemalloc, where it was built with it: it gives what is let go back to the system soon.

    A run lets go of hundreds of megabytes at a time. With the default allocator its peak of resident memory is half a
    gigabyte higher (measured: docs/decisions/0018).
    """
    with suppress(NotImplementedError):
        pa.set_memory_pool(pa.jemalloc_memory_pool())
