"""Raw objects: where they are, and how they are named.

A raw object's key is `YYYY/MM/DD/HH/<name>.json.gz` (what the collector wrote, by the UTC hour of its first line)
or `import/<name>.json.gz` (what came from a file). Objects are never changed, erasure aside.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Protocol

from footfall.events.raw_object import ACTIONS, OPEN, SUFFIX

OBJECTS_A_PART = 2_000
"""So many raw objects at most are worked on at once."""


class RawStore(Protocol):
    """Where raw objects are read from. Files on a laptop, S3 on AWS."""

    def sizes(self, since: str = "") -> Iterator[tuple[str, int]]:
        """The raw objects' keys and bytes, in the order of keys: of all, or of those whose keys come after a text."""

    def keys(self) -> Iterator[str]:
        """Every raw object's key, in order."""

    def read(self, key: str) -> bytes:
        """The object's bytes, compressed as it was written."""

    def replace(self, key: str, data: bytes) -> None:
        """Put other bytes in an object's place, whole or not at all: only an erasure does."""

    def remove(self, key: str) -> None:
        """Remove an object: only retention does. One that is gone already is no fault."""


class FileRawStore:
    """Raw objects as files below a folder.

    `open/` below it holds what a collector is still writing, and `actions/` what operators did.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def sizes(self, since: str = "") -> Iterator[tuple[str, int]]:
        """The raw objects' keys and bytes, in the order of keys: of all, or of those whose keys come after a text."""
        return ((key, entry.stat().st_size) for key, entry in self._found(since))

    def keys(self) -> Iterator[str]:
        """Every raw object's key, in order; a file that is still open is none yet."""
        return (key for key, _ in self._found())

    def _found(self, since: str = "") -> list[tuple[str, os.DirEntry[str]]]:
        if not self.root.is_dir():
            return []
        return sorted(_below(self.root, "", since), key=lambda found: found[0].split("/"))

    def read(self, key: str) -> bytes:
        """The object's bytes, compressed as it was written."""
        return (self.root / key).read_bytes()

    def replace(self, key: str, data: bytes) -> None:
        """Put other bytes in an object's place, whole or not at all, and on disk when this returns."""
        path = self.root / key
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync_folder(path.parent)

    def remove(self, key: str) -> None:
        """Remove an object."""
        path = self.root / key
        path.unlink(missing_ok=True)
        _sync_folder(path.parent)


def in_parts(objects: Iterable[tuple[str, int]], most_bytes: int) -> Iterator[list[str]]:
    """The objects' keys, in order, in parts of OBJECTS_A_PART at most, or of so many bytes (one object may have more).

    Args:
        objects: keys and bytes.
        most_bytes: how many bytes a part has at most.
    """
    keys: list[str] = []
    total = 0
    for key, size in objects:
        if keys and (len(keys) == OBJECTS_A_PART or total + size > most_bytes):
            yield keys
            keys, total = [], 0
        keys.append(key)
        total += size
    if keys:
        yield keys


def _below(folder: Path | str, prefix: str, since: str) -> Iterator[tuple[str, "os.DirEntry[str]"]]:
    """The objects below a folder, each with its key. A run lists them: `Path.rglob` takes thrice as long."""
    with suppress(PermissionError), os.scandir(folder) as entries:
        for entry in entries:
            key = f"{prefix}{entry.name}"
            if entry.is_dir(follow_symlinks=False):
                inner = f"{key}/"
                # A folder that begins as the text does may hold some that come after it.
                if inner >= since[: len(inner)] and (prefix or entry.name not in (OPEN, ACTIONS)):
                    yield from _below(entry.path, inner, since)
            elif key > since and entry.name.endswith(SUFFIX):
                yield key, entry


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
