"""Raw lines into files of a local lake."""

import os
import secrets
import threading
from collections.abc import Callable
from pathlib import Path

from footfall.collector.sinks.open_file import OpenFile
from footfall.collector.sinks.port import SinkUnavailable
from footfall.events.raw_line import EncodedLine

SEAL_AFTER_MILLISECONDS = 2_000
SEAL_ABOVE_BYTES = 8_000_000


class FileSink:
    """Appends lines to a file in `open/`, and seals it into a raw object once it is 2 s old or 8 MB large.

    A line is durable when `write` returns: after the process is killed always; after a power cut where `sync` is on.
    What a killed process left is sealed by `footfall.collector.sinks.adoption.adopt`. Safe to use from several
    threads. Somebody must call `seal_if_due` now and then, for a file that nothing more is written to.
    """

    def __init__(
        self,
        root: Path,
        clock: Callable[[], int],
        *,
        sync: bool = True,
        seal_after_milliseconds: int = SEAL_AFTER_MILLISECONDS,
        seal_above_bytes: int = SEAL_ABOVE_BYTES,
    ) -> None:
        """Store the parts; nothing is opened yet.

        Args:
            root: the raw folder of a lake.
            clock: the time in epoch milliseconds.
            sync: have the disk confirm each write.
            seal_after_milliseconds: a file's greatest age.
            seal_above_bytes: a file's size, uncompressed, from which it is sealed.
        """
        self._root = root
        self._clock = clock
        self._sync = sync
        self._seal_after_milliseconds = seal_after_milliseconds
        self._seal_above_bytes = seal_above_bytes
        self._token = secrets.token_hex(8)
        self._count = 0
        self._open: OpenFile | None = None
        self._opened_at = 0
        self._unsealed: list[OpenFile] = []
        self._lock = threading.Lock()
        self._sealing = threading.Lock()

    def write(self, line: EncodedLine) -> None:
        """Make a line durable.

        Raises:
            SinkUnavailable: the disk is full, say.
        """
        try:
            with self._lock:
                descriptor = self._append(line.text)
            # Outside the lock: several threads wait for one flush of the disk together.
            if descriptor is not None:
                try:
                    os.fdatasync(descriptor)
                finally:
                    os.close(descriptor)
        except OSError as error:
            raise SinkUnavailable(f"{self._root} cannot be written: {error.strerror or error}") from error
        self.seal_if_due()

    def seal_if_due(self) -> list[str]:
        """Seal the open file if it is old or large enough. Returns the keys of the raw objects made.

        A file that cannot be sealed now is sealed at a later call: its lines are durable as they are.
        """
        with self._lock:
            if self._open is not None and self._is_due(self._open):
                self._set_aside(self._open)
        return self._seal_what_is_set_aside(wait=False)

    def close(self) -> None:
        """Seal what is open. What cannot be sealed is left to be adopted."""
        with self._lock:
            if self._open is not None:
                self._set_aside(self._open)
        self._seal_what_is_set_aside(wait=True)
        with self._sealing:
            for left in self._unsealed:
                left.close()
            self._unsealed.clear()

    def _append(self, text: bytes) -> int | None:
        """Append to the open file, or to a new one. Returns a descriptor to flush and close, where that is wanted."""
        now = self._clock()
        if self._open is None:
            self._open = OpenFile.create(self._root, f"{now}-{self._token}-{self._count:06d}")
            self._opened_at = now
            self._count += 1
        try:
            self._open.append(text)
        except OSError:
            if self._open.broken:
                self._set_aside(self._open)
            raise
        return self._open.duplicate() if self._sync else None

    def _is_due(self, file: OpenFile) -> bool:
        # A clock that was set back would else keep the file open until it has caught up.
        age = abs(self._clock() - self._opened_at)
        return age >= self._seal_after_milliseconds or file.size >= self._seal_above_bytes

    def _set_aside(self, file: OpenFile) -> None:
        self._open = None
        self._unsealed.append(file)

    def _seal_what_is_set_aside(self, *, wait: bool) -> list[str]:
        """Compressing takes long: writers go on meanwhile, with the next file."""
        if not self._unsealed or not self._sealing.acquire(blocking=wait):
            return []
        try:
            return [key for file in list(self._unsealed) if (key := self._seal(file)) is not None]
        finally:
            self._sealing.release()

    def _seal(self, file: OpenFile) -> str | None:
        try:
            key = file.seal()
        except OSError:
            return None
        self._unsealed.remove(file)
        return key
