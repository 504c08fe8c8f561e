"""The feed of a local lake's raw: what the collector has taken in and rejected lately, event by event.

It reads the files that a collector is still writing and those it has sealed. A file keeps its name when it is sealed,
and its lines stay the same: how far each name was read is all that there is to remember.
"""

import zlib
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from footfall.events import raw_line, raw_object
from footfall.events.raw_line import RawEvent, RawLine, RawRejected
from footfall.events.reasons import WHAT_TO_DO, Reason

_OPEN_SUFFIX = ".jsonl"
_HOUR_MILLISECONDS = 3_600_000
# Several collectors may write at once: files whose names are near may hold lines of the same seconds.
_MORE_FILES = 3


class FeedItem(Struct, frozen=True, omit_defaults=True):
    """An event as it was taken in, or rejected: then with `reason`, `detail`, `what_to_do` and its `text`.

    `received_at` is in epoch milliseconds; `index` is its place in its request.
    """

    received_at: int
    tenant: str
    accepted: bool
    protocol: str = ""
    request_id: str = ""
    index: int = 0
    name: str = ""
    level: str = ""
    id: str = ""
    visitor: str = ""
    user: str = ""
    url: str = ""
    properties: dict[str, Any] = {}
    warnings: list[str] = []
    reason: str = ""
    detail: str = ""
    what_to_do: str = ""
    text: str = ""


class RawFeed:
    """What a lake's collectors write, from where it was read last. Imported files are not part of it."""

    def __init__(self, root: Path, *, tenant: str | None = None, rejected_only: bool = False) -> None:
        """Store the parts; nothing is read yet.

        Args:
            root: the raw folder of a lake.
            tenant: only this tenant's.
            rejected_only: only what was rejected, and what was accepted with a warning.
        """
        self._root = root
        self._tenant = tenant
        self._rejected_only = rejected_only
        self._read: dict[str, int] = {}

    def last(self, count: int) -> list[FeedItem]:
        """The newest items, at most so many, the oldest of them first. What is there now is not new any more."""
        found: list[FeedItem] = []
        more = _MORE_FILES
        for name, path in reversed(self._files(self._root.glob(f"[0-9]*/*/*/*/*{raw_object.SUFFIX}"))):
            if len(found) >= count:
                more -= 1
            if more > 0:
                found += self._items(name, path)
            else:
                self._read[name] = _LONGEST
        found.sort(key=_order)
        return found[-count:] if count else []

    def new(self, now: int) -> list[FeedItem]:
        """What was written since the call before, by the time of its arrival.

        Args:
            now: the time in epoch ms; only files of this hour and the one before are looked at.
        """
        hours = {raw_object.key(now - ago, "").rpartition("/")[0] for ago in (0, _HOUR_MILLISECONDS)}
        sealed = (path for hour in hours for path in (self._root / hour).glob(f"*{raw_object.SUFFIX}"))
        files = dict(self._files(sealed))
        files |= self._sealed_late(files.keys())
        found = [item for name, path in files.items() for item in self._items(name, path)]
        return sorted(found, key=_order)

    def _sealed_late(self, known: Collection[str]) -> dict[str, Path]:
        """The files that were open when they were read, and are sealed into an hour long past."""
        found: dict[str, Path] = {}
        for name in [name for name, offset in self._read.items() if offset != _LONGEST and name not in known]:
            path = next(self._root.glob(f"[0-9]*/*/*/*/{name}{raw_object.SUFFIX}"), None)
            if path is None:
                self._read[name] = _LONGEST  # it is gone: it held no whole line
            else:
                found[name] = path
        return found

    def _files(self, sealed: Iterator[Path]) -> list[tuple[str, Path]]:
        """Each file's name and path, the oldest first; of one that is being sealed, the sealed one."""
        # The open ones first: one that is sealed meanwhile is then found, if not as it was, then as it is now.
        files = {path.name.removesuffix(_OPEN_SUFFIX): path for path in self._root.glob(f"open/*{_OPEN_SUFFIX}")}
        files |= {path.name.removesuffix(raw_object.SUFFIX): path for path in sealed}
        return sorted(files.items())

    def _items(self, name: str, path: Path) -> list[FeedItem]:
        offset = self._read.get(name, 0)
        if offset == _LONGEST:
            return []
        try:
            text = _text_after(path, offset)
        except FileNotFoundError:
            return []  # it was sealed just now, and is found by its other name the next time
        lines = text[: text.rfind(b"\n") + 1]
        self._read[name] = offset + len(lines) if path.suffix == _OPEN_SUFFIX else _LONGEST
        return [item for line in lines.splitlines() for item in _items_of(line) if self._is_wanted(item)]

    def _is_wanted(self, item: FeedItem) -> bool:
        if self._tenant is not None and item.tenant != self._tenant:
            return False
        return not self._rejected_only or not item.accepted or bool(item.warnings)


_LONGEST = -1
"""Stands for a file that was read to its end, and gets no more lines."""


def _order(item: FeedItem) -> tuple[int, str, int]:
    return item.received_at, item.request_id, item.index


def _items_of(text: bytes) -> Iterator[FeedItem]:
    try:
        line = raw_line.decode(text)
    except msgspec.DecodeError as error:
        reason = Reason.LINE_DAMAGED
        yield FeedItem(0, "", False, reason=reason.value, detail=str(error), what_to_do=WHAT_TO_DO[reason])
        return
    for event in line.events:
        yield _accepted(line, event)
    for item in line.rejected:
        yield _rejected(line, item)


def _accepted(line: RawLine, event: RawEvent) -> FeedItem:
    return _item(
        line,
        event.index,
        accepted=True,
        name=event.name,
        level=event.level,
        id=event.id,
        visitor=event.visitor or line.visitor,
        user=event.user or line.user,
        url=(event.page or line.page).url,
        properties=event.properties,
        warnings=event.warnings,
    )


def _rejected(line: RawLine, item: RawRejected) -> FeedItem:
    return _item(
        line,
        item.index,
        accepted=False,
        visitor=line.visitor,
        reason=item.reason,
        detail=item.detail,
        what_to_do=WHAT_TO_DO[Reason(item.reason)] if item.reason in set(Reason) else "",
        text=item.text,
    )


def _item(line: RawLine, index: int, **told: Any) -> FeedItem:
    return FeedItem(
        received_at=line.received_at,
        tenant=line.tenant,
        protocol=line.protocol,
        request_id=line.request_id,
        index=index,
        **told,
    )


def _text_after(path: Path, offset: int) -> bytes:
    """A file's text after so many bytes of it; of a sealed file (gzip, one member), what of that can be read."""
    with path.open("rb") as file:
        if path.suffix == _OPEN_SUFFIX:
            file.seek(offset)
            return file.read()
        try:
            return zlib.decompressobj(wbits=31).decompress(file.read())[offset:]
        except zlib.error:
            return b""
