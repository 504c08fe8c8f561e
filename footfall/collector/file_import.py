"""Takes a file into raw: row by row through the same checks as live events, in parts that can be taken up again."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import msgspec

from footfall.collector.import_parts import BYTES_PER_PART, ROWS_PER_PART, ImportParts
from footfall.collector.source_file import digest_of, open_content, size_of
from footfall.errors import FootfallError
from footfall.events.model import Level
from footfall.events.raw_line import VERSION, RawEvent, RawLine, RawRejected, encode
from footfall.events.reasons import Reason
from footfall.events.validation import check_decoded, reject, safe_text
from footfall.protocols.file_lines import Line, read_lines
from footfall.protocols.imported_row import Heading, ImportedEvent, Row, RowReader, Unreadable

ROWS_PER_LINE = 500
BYTES_PER_LINE = 1 << 20
_LAYOUT = f"1:{ROWS_PER_LINE}:{BYTES_PER_LINE}:{ROWS_PER_PART}:{BYTES_PER_PART}"

Progress = Callable[[int, int], None]
"""Is told how much is done, and of how much. The file is read twice, so that is twice its size in bytes."""


def _unwatched(done: int, total: int) -> None:
    """Nobody watches."""


@dataclass
class ImportReport:
    """What came of a file: lines = headings + events + rejected, but that a row with quoted line ends has more lines.

    `written` and `kept` count raw objects: those of this run, and those that were there.
    """

    lines: int = 0
    headings: int = 0
    events: int = 0
    rejected: int = 0
    reasons: Counter[str] = field(default_factory=Counter)
    names: Counter[str] = field(default_factory=Counter)
    first_rejected: RawRejected | None = None
    written: int = 0
    kept: int = 0

    @property
    def already_imported(self) -> bool:
        """Nothing was written, since all of it was there."""
        return self.kept > 0 and self.written == 0


def sample_lines(path: Path, count: int = 200) -> list[Line]:
    """A file's first lines, to find its format by. Raises FootfallError where it cannot be read."""
    size_of(path)
    with open_content(path) as content:
        return [line for line, _ in zip(read_lines(content), range(count), strict=False)]


def check_file(path: Path, progress: Progress = _unwatched) -> str:
    """Read a file to its end before anything is written for it. Returns its content's SHA-256.

    Raises:
        FootfallError: it cannot be read to its end.
    """
    size = size_of(path)
    return digest_of(path, lambda done: progress(done, 2 * size))


def import_file(
    path: Path,
    reader: RowReader,
    *,
    digest: str,
    tenant: str,
    raw: Path,
    now: int,
    progress: Progress = _unwatched,
) -> ImportReport:
    """Take a file into raw. Run again, after a kill or to no purpose, it writes only the parts that are missing.

    Args:
        path: the file, plain or gzip.
        reader: reads its rows, from the first.
        digest: what `check_file` said of it.
        tenant: whose events they are.
        raw: the lake's folder of raw objects.
        now: when it is imported, in epoch ms.
        progress: is told how far it is.

    Raises:
        FootfallError: the file cannot be read, changes meanwhile, or raw cannot be written.
    """
    size = size_of(path)
    name = _import_name(reader, tenant, digest)
    parts = ImportParts(raw, name)
    parts.remove_leftovers()
    checker = _RowChecker(reader, tenant, path.name)
    read = hashlib.sha256()
    with open_content(path, lambda done: progress(size + done, 2 * size), read.update) as content:
        for sequence, chunk in enumerate(_chunks(checker.without_headings(reader.rows(read_lines(content))))):
            events, rejected = checker.check(chunk)
            line = RawLine(
                version=VERSION,
                request_id=f"{name}-{sequence}",
                tenant=tenant,
                received_at=now,
                protocol=f"import/{reader.kind}",
                instance=name,
                sequence=sequence,
                events=events,
                rejected=rejected,
                imported=True,
            )
            parts.add(encode(line), len(chunk), sum(len(row.bytes) for row in chunk))
        parts.finish()
    if read.hexdigest() != digest:
        raise FootfallError(f"{path} was changed while it was imported: import it again when nothing writes to it.")
    checker.report.written, checker.report.kept = parts.written, parts.kept
    return checker.report


class _RowChecker:
    """Makes raw events of rows, by the checks that live events go through, and counts what comes of them."""

    def __init__(self, reader: RowReader, tenant: str, file_name: str) -> None:
        self._reader = reader
        self._file_name = file_name.encode("utf-8", "replace").decode()
        self._namer = RowNamer(tenant, reader.kind)
        self.report = ImportReport()

    def without_headings(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The rows that are events or faults; all of them are counted."""
        for row in rows:
            self.report.lines += row.lines
            if isinstance(row.content, Heading):
                self.report.headings += 1
            else:
                yield row

    def check(self, rows: Sequence[Row]) -> tuple[list[RawEvent], list[RawRejected]]:
        """The events and the rejected rows of one raw line, each with its place among them."""
        events: list[RawEvent] = []
        rejected: list[RawRejected] = []
        for index, row in enumerate(rows):
            checked = self._check(index, row)
            if isinstance(checked, RawEvent):
                events.append(checked)
            else:
                rejected.append(checked)
        self._count(events, rejected)
        return events, rejected

    def _check(self, index: int, row: Row) -> RawEvent | RawRejected:
        where = f"line {row.number} of {self._file_name}"
        content = row.content
        if not isinstance(content, ImportedEvent):
            detail = content.detail if isinstance(content, Unreadable) else ""
            return reject(index, Reason.LINE_UNREADABLE, detail, self._reader.storable(row.bytes), where)
        row_id = self._namer.name(row.bytes)
        if not content.visitor:
            text = self._reader.storable(row.bytes)
            return reject(index, Reason.EVENT_INVALID, "The visitor is empty - at `$.visitor`", text, where)
        event = RawEvent(
            index=index,
            id=row_id if content.id is None else content.id,
            name=content.name,
            level=cast(Level, content.level),  # a row may hold any text here: the check below tells
            time=content.time,
            properties=content.properties,
            page=content.page,
            visitor="" if content.by_nobody else content.visitor,
            user=content.user,
            ip=content.ip,
            user_agent=content.user_agent,
            where=where,
        )
        checked = check_decoded(event, sent_at=0, imported=True)
        if isinstance(checked, RawRejected):
            return msgspec.structs.replace(checked, text=safe_text(self._reader.storable(row.bytes)))
        return checked

    def _count(self, events: Sequence[RawEvent], rejected: Sequence[RawRejected]) -> None:
        report = self.report
        report.events += len(events)
        report.rejected += len(rejected)
        report.names.update(event.name for event in events)
        report.reasons.update(row.reason for row in rejected)
        if report.first_rejected is None and rejected:
            report.first_rejected = rejected[0]


class RowNamer:
    """Names rows by their content: the same file's rows get the same ids again, and identical rows different ones."""

    def __init__(self, tenant: str, kind: str) -> None:
        self._prefix = hashlib.sha256(f"{tenant}\0{kind}\0".encode())
        # Eight bytes of a row's digest. Two different rows that share them would only be numbered together.
        self._seen: set[int] = set()
        self._repeated: Counter[int] = Counter()

    def name(self, row: bytes) -> str:
        """The id of the next row: the hash of (tenant, kind, its bytes, how many such rows came before)."""
        first = self._digest(row, 0)
        key = int.from_bytes(first[:8], "big")
        if key not in self._seen:
            self._seen.add(key)
            return first.hex()[:32]
        self._repeated[key] += 1
        return self._digest(row, self._repeated[key]).hex()[:32]

    def _digest(self, row: bytes, occurrence: int) -> bytes:
        digest = self._prefix.copy()
        digest.update(b"%d\0" % occurrence)
        digest.update(row)
        return digest.digest()


def _chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """The rows of each raw line. They depend on the rows alone, so that an import taken up again cuts the same."""
    chunk: list[Row] = []
    size = 0
    for row in rows:
        chunk.append(row)
        size += len(row.bytes)
        if len(chunk) == ROWS_PER_LINE or size >= BYTES_PER_LINE:
            yield chunk
            chunk, size = [], 0
    if chunk:
        yield chunk


def _import_name(reader: RowReader, tenant: str, digest: str) -> str:
    said = msgspec.json.encode([_LAYOUT, tenant, reader.kind, reader.settings, digest], order="deterministic")
    return f"{reader.kind}-{tenant}-{hashlib.sha256(said).hexdigest()[:24]}"
