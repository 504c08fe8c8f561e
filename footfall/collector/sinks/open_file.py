"""The file that a collector is writing: `open/<name>.jsonl`, locked while its process lives, then sealed."""

import os
from pathlib import Path

import msgspec

from footfall.events import raw_object
from footfall.events.file_lock import lock

SUFFIX = ".jsonl"


class _First(msgspec.Struct):
    received_at: int


class OpenFile:
    """A locked file of lines. Not safe to use from several threads."""

    def __init__(self, root: Path, name: str, descriptor: int) -> None:
        self._root = root
        self._name = name
        self._descriptor = descriptor
        self.size = os.fstat(descriptor).st_size
        self.broken = False

    @classmethod
    def create(cls, root: Path, name: str) -> "OpenFile":
        """Make the file `name` below a raw folder and lock it.

        Raises:
            OSError: it cannot be made.
        """
        folder = root / raw_object.OPEN
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = lock(folder / f"{name}{SUFFIX}", os.O_RDWR | os.O_CREAT | os.O_APPEND, wait=True)
        if descriptor is None:
            raise FileNotFoundError(folder)
        sync_folder(folder)
        return cls(root, name, descriptor)

    @classmethod
    def take_over(cls, root: Path, name: str) -> "OpenFile | None":
        """Lock the file that another process has left; None where that process still lives, or the file is gone."""
        descriptor = lock(root / raw_object.OPEN / f"{name}{SUFFIX}", os.O_RDWR | os.O_APPEND, wait=False)
        return None if descriptor is None else cls(root, name, descriptor)

    def append(self, line: bytes) -> None:
        """Write a line and its newline at the end, whole or not at all.

        Raises:
            OSError: it was not. Where even its torn part could not be removed, the file is `broken`: seal it as it is.
        """
        data = line + b"\n"
        try:
            written = os.write(self._descriptor, data)
            if written != len(data):
                raise OSError(f"only {written} of {len(data)} bytes were written")
        except OSError:
            # Half a line left here would be glued to the next one, which is acknowledged.
            self.broken = True
            os.ftruncate(self._descriptor, self.size)
            self.broken = False
            raise
        self.size += len(data)

    def duplicate(self) -> int:
        """Another descriptor of the file, which stays good when this is sealed. The caller closes it."""
        return os.dup(self._descriptor)

    def seal(self) -> str | None:
        """Make the file a raw object and remove it. Returns the object's key; None where it held no whole line.

        A last line without its newline was never acknowledged, and is left out. Sealing a file twice (its process was
        killed in between) gives the same object.

        Raises:
            OSError: it could not be; the file is as it was, and may be sealed again.
        """
        lines = self._whole_lines()
        key = None
        if lines:
            key = raw_object.key(_received_at(lines), self._name)
            target = self._root / key
            if not target.exists():
                temporary = self._root / raw_object.OPEN / f"{self._name}.sealing"
                _write(target, raw_object.compress(lines), temporary)
        os.unlink(self._root / raw_object.OPEN / f"{self._name}{SUFFIX}")
        self.close()
        return key

    def close(self) -> None:
        """Let go of the file as it is."""
        os.close(self._descriptor)

    def _whole_lines(self) -> bytes:
        parts = []
        offset = 0
        while part := os.pread(self._descriptor, 1 << 20, offset):
            parts.append(part)
            offset += len(part)
        data = b"".join(parts)
        return data[: data.rfind(b"\n") + 1]


def _received_at(lines: bytes) -> int:
    """When the first line came; 0 (the hour that 1970 began) where a crash has damaged it, for the ETL to find it."""
    try:
        return msgspec.json.decode(lines[: lines.index(b"\n")], type=_First).received_at
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return 0


def _write(target: Path, data: bytes, temporary: Path) -> None:
    """Write a file that appears whole or not at all, and is there after a power cut."""
    made = _make_folders(target.parent)
    with temporary.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, target)
    sync_folder(target.parent)
    for folder in made:
        sync_folder(folder.parent)


def _make_folders(folder: Path) -> list[Path]:
    """Make a folder and those above it; returns the new ones."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    return missing


def sync_folder(folder: Path) -> None:
    """Make the folder's entries durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
