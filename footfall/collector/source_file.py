"""A file to import: plain or gzip, found by its first bytes."""

import gzip
import hashlib
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from footfall.errors import FootfallError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_CHUNK = 1 << 18
_GZIP = b"\x1f\x8b"
_OTHERS = {b"PK\x03\x04": "zip", b"BZh": "bzip2", b"\xfd7zXZ": "xz", b"\x28\xb5\x2f\xfd": "zstd"}

Watch = Callable[[int], None]
"""Is told how many bytes of the file (as it lies there, packed or not) have been read."""
Take = Callable[[bytes], object]
"""Is given each piece of the content as it is read."""


def size_of(path: Path) -> int:
    """The file's size in bytes.

    Raises:
        FootfallError: there is none, it is no plain file, or it is empty.
    """
    try:
        if path.is_dir():
            raise FootfallError(f"{path} is a folder: name a file in it.")
        if not path.is_file():
            raise FootfallError(f"there is no file {path}: check the path.")
        size = path.stat().st_size
    except OSError as error:
        raise FootfallError(f"{path} cannot be read: {error.strerror}.") from error
    if not size:
        raise FootfallError(f"{path} is empty: there is nothing to import.")
    return size


@contextmanager
def open_content(path: Path, watch: Watch | None = None, take: Take | None = None) -> Iterator[BinaryIO]:
    """The file's content, unpacked where it is gzip. Reading it raises FootfallError where that fails.

    Raises:
        FootfallError: the file cannot be opened, or is packed in another way.
    """
    try:
        file = path.open("rb")
    except OSError as error:
        raise FootfallError(f"{path} cannot be read: {error.strerror}.") from error
    with file:
        start = file.read(8)
        for magic, name in _OTHERS.items():
            if start.startswith(magic):
                raise FootfallError(f"{path} is packed with {name}: unpack it, or pack it with gzip.")
        file.seek(0)
        content: BinaryIO = gzip.GzipFile(fileobj=file) if start.startswith(_GZIP) else file  # type: ignore[assignment]
        yield io.BufferedReader(_Content(path, file, content, watch, take), _CHUNK)


def digest_of(path: Path, watch: Watch | None = None) -> str:
    """The SHA-256 of the file's content, in hex: the same for a file and for its gzip.

    Raises:
        FootfallError: the file cannot be read to its end.
    """
    digest = hashlib.sha256()
    with open_content(path, watch) as content:
        while chunk := content.read(_CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


class _Content(io.RawIOBase):
    """Says in one line what is wrong with the file, and how far it has been read."""

    def __init__(self, path: Path, file: BinaryIO, content: BinaryIO, watch: Watch | None, take: Take | None) -> None:
        self._path = path
        self._file = file
        self._content = content
        self._watch = watch
        self._take = take

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        view = memoryview(buffer)
        try:
            chunk = self._content.read(len(view))
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise FootfallError(f"{self._path} is damaged gzip ({error}): get it again.") from error
        except OSError as error:
            raise FootfallError(f"{self._path} cannot be read: {error.strerror}.") from error
        if self._watch is not None:
            self._watch(self._file.tell())
        if self._take is not None:
            self._take(chunk)
        view[: len(chunk)] = chunk
        return len(chunk)
