"""Small objects that only their owner may read: in a folder, and in S3."""

import os
from collections.abc import Iterator
from pathlib import Path

from footfall.lake.s3_objects import S3Objects


class PrivateFolder:
    """Files that only their owner may read, in a folder that is made when the first is written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def names(self) -> Iterator[str]:
        """Every file's name, in order."""
        found = self._folder.iterdir() if self._folder.is_dir() else ()
        return iter(sorted(path.name for path in found if not path.name.startswith(".")))

    def read(self, name: str) -> bytes:
        """A file's bytes."""
        return (self._folder / name).read_bytes()

    def write(self, name: str, data: bytes) -> None:
        """Write a file, whole and on disk when this returns."""
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / name
        temporary = path.with_name(f".{name}.new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)

    def remove(self, name: str) -> None:
        """Remove a file."""
        (self._folder / name).unlink(missing_ok=True)


class PrivateObjects:
    """Objects below a prefix of a bucket; the bucket's policies say who may read them.

    Args:
        objects: the objects.
    """

    def __init__(self, objects: S3Objects) -> None:
        self._objects = objects

    def names(self) -> Iterator[str]:
        """Every object's name, in order."""
        return (found.key for found in self._objects.listed())

    def read(self, name: str) -> bytes:
        """An object's bytes."""
        return self._objects.read(name)

    def write(self, name: str, data: bytes) -> None:
        """Write an object."""
        self._objects.write(name, data, ContentType="application/json")

    def remove(self, name: str) -> None:
        """Remove an object and its earlier versions, these first: until all is gone, the object is still there."""
        found = [version for version in self._objects.versions(name) if version.key == name]
        for version in sorted(found, key=lambda one: one.is_now):
            self._objects.remove(name, version.id)
