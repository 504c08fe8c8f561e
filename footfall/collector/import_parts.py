"""The raw objects of one import: parts whose names follow from what is imported, each written once."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from footfall.errors import FootfallError
from footfall.events.raw_object import SUFFIX, compress

FOLDER = "import"
ROWS_PER_PART = 20_000
BYTES_PER_PART = 32 << 20


class ImportParts:
    """Writes `raw/import/<name>-<part>.json.gz`. A part that is there already is kept as it is."""

    def __init__(self, raw: Path, name: str) -> None:
        """Names the parts; nothing is written yet.

        Args:
            raw: the lake's folder of raw objects.
            name: says what is imported: the same content and settings give the same name.
        """
        self._folder = raw / FOLDER
        self._name = name
        self._lines: list[bytes] = []
        self._rows = 0
        self._bytes = 0
        self.written = 0
        self.kept = 0

    def add(self, line: bytes, rows: int, row_bytes: int) -> None:
        """Add a raw line: so many rows of the file, of so many bytes. A part that is full is written.

        Where a part ends depends on the file alone, never on what is made of its rows.

        Raises:
            FootfallError: the disk does not take it.
        """
        self._lines.append(line)
        self._rows += rows
        self._bytes += row_bytes
        if self._rows >= ROWS_PER_PART or self._bytes >= BYTES_PER_PART:
            self.finish()

    def finish(self) -> None:
        """Write the last part: whole and on disk when this returns, or not at all.

        Raises:
            FootfallError: the disk does not take it.
        """
        if not self._lines:
            return
        path = self._folder / f"{self._name}-{self.written + self.kept:06d}{SUFFIX}"
        with _told(path):
            if not path.exists() and self._write(path, b"".join(line + b"\n" for line in self._lines)):
                self.written += 1
            else:
                self.kept += 1
        self._lines, self._rows, self._bytes = [], 0, 0

    def _write(self, path: Path, lines: bytes) -> bool:
        self._folder.mkdir(parents=True, exist_ok=True)
        # Another process may import the same file: the temporary names differ, and the first to finish wins.
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            with temporary.open("wb") as file:
                file.write(compress(lines))
                file.flush()
                os.fsync(file.fileno())
            won = _name_once(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
        _sync_folder(self._folder)
        return won

    def remove_leftovers(self) -> None:
        """Remove what killed imports of the same file left half written."""
        for path in self._folder.glob(f".{self._name}-*.tmp"):
            owner = path.name.split(".")[-2]
            if owner.isdecimal() and int(owner) != os.getpid() and not is_alive(int(owner)):
                path.unlink(missing_ok=True)


def _name_once(temporary: Path, path: Path) -> bool:
    """Give the file its name, unless that is taken: a raw object is never changed."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        return False
    except OSError:
        # Some file systems have no hard links.
        if path.exists():
            return False
        temporary.replace(path)
    return True


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def is_alive(process: int) -> bool:
    """Whether a process of that number runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FootfallError(
            f"{path} cannot be written: {error.strerror}. Make room or rights, and import again."
        ) from error
