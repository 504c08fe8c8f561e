"""Lakes that are filled once, and put back as they were for each test that asks."""

import shutil
from collections.abc import Callable
from pathlib import Path

from tests.lakes import SmallLake


class Prepared:
    """A lake that many tests begin with: filled by the first, copied back by the others.

    Each gets it at the same path, since Iceberg's paths are absolute. So one test at a time may use it.

    Args:
        folder: an empty folder of its own.
        fill: makes the lake in the folder that it is given.
    """

    def __init__(self, folder: Path, fill: Callable[[Path], SmallLake]) -> None:
        self._root, self._kept = folder / "lake", folder / "kept"
        self._tenants = fill(self._root).tenants
        shutil.copytree(self._root, self._kept)

    def again(self) -> SmallLake:
        """The lake as it was when it had been filled, whatever was done to it since."""
        shutil.rmtree(self._root)
        shutil.copytree(self._kept, self._root)
        return SmallLake(self._root, self._tenants)
