"""A folder for what does not fit into memory: people's events, which must not outlive their process.

DuckDB removes its files as it ends, and cannot where it is killed.
"""

import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

from footfall.events import file_lock

_PREFIX = "footfall-spill-"


class SpillFolder:
    """A new folder of this process. Those of processes that were killed are removed as it is made.

    Who lives holds a lock on the folder, which the kernel lets go of with the process, in another container too.

    Args:
        parent: where it is made; the system's folder for temporary files unless another is given.
    """

    def __init__(self, parent: Path | None = None) -> None:
        beside = Path(tempfile.gettempdir()) if parent is None else parent
        for left in beside.glob(f"{_PREFIX}*"):
            _remove_if_left(left)
        folder, held = _made_and_locked(beside)
        self.path = Path(folder.name)
        self._open = ExitStack()
        self._open.callback(os.close, held)
        self._open.callback(folder.cleanup)

    def close(self) -> None:
        """Remove it, with all that is in it; done again, nothing."""
        self._open.close()


def _made_and_locked(parent: Path) -> tuple[tempfile.TemporaryDirectory[str], int]:
    while True:
        folder = tempfile.TemporaryDirectory(prefix=_PREFIX, dir=parent, ignore_cleanup_errors=True)
        if (held := file_lock.lock(Path(folder.name), os.O_RDONLY, wait=True)) is not None:
            return folder, held
        # Another process took it, before it was locked, for one that was left.
        folder.cleanup()


def _remove_if_left(folder: Path) -> None:
    try:
        held = file_lock.lock(folder, os.O_RDONLY, wait=False)
    except OSError:  # another user's, or no folder
        return
    if held is not None:
        shutil.rmtree(folder, ignore_errors=True)
        os.close(held)
