"""A lock on a file that others may replace or remove: it is held only while the path still names that very file."""

import fcntl
import os
from pathlib import Path


def lock(path: Path, flags: int, *, wait: bool) -> int | None:
    """An open, exclusively locked descriptor of the file at `path`; closing it (or the process's end) unlocks it.

    Args:
        path: the file.
        flags: as of `os.open`.
        wait: wait for whoever holds the lock; else give up at once.

    Returns:
        The descriptor, or None where another holds the lock, or where the file is not there (any more).
    """
    while True:
        try:
            descriptor = os.open(path, flags | os.O_CLOEXEC, 0o600)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            os.close(descriptor)
            return None
        if _still_names(path, descriptor):
            return descriptor
        os.close(descriptor)


def _still_names(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(path), os.fstat(descriptor))
    except FileNotFoundError:
        return False
