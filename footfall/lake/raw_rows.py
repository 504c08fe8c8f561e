"""A raw object as rows: its events, what was rejected, and what the ledger says of it.

Both engines call this one decoder, so both see the same rows; a line that was damaged becomes a row of quarantine and
stops nothing.
"""

import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

import msgspec
import pyarrow as pa

from footfall.events.raw_line import RawLine, decode
from footfall.events.reasons import Reason
from footfall.lake.lifted import COLUMNS, lift

DAY_MS = 86_400_000
# A collector's or Firehose's file is open for minutes.
_LONGEST_OPEN_MS = 2 * 3_600_000
_TEXT_LIMIT = 8_192
_LONGEST_LINE = 64 * 1024 * 1024

_EVENT_ROWS_COLUMNS: dict[str, pa.DataType] = {
    "tenant": pa.string(),
    "visitor": pa.string(),
    "user_id": pa.string(),
    "event_id": pa.string(),
    "name": pa.string(),
    "level": pa.string(),
    "client_time_ms": pa.int64(),
    "sent_at_ms": pa.int64(),
    "received_at_ms": pa.int64(),
    "imported": pa.bool_(),
    "protocol": pa.string(),
    "page_url": pa.string(),
    "page_title": pa.string(),
    "referrer": pa.string(),
    "user_agent": pa.string(),
    "ip": pa.string(),
    "consent": pa.string(),
    "screen_width": pa.int32(),
    "screen_height": pa.int32(),
    "country": pa.string(),
    **COLUMNS,
    "properties": pa.string(),
    "raw_object": pa.string(),
    "raw_line": pa.int32(),
    "raw_index": pa.int32(),
}
EVENT_ROWS = pa.schema(_EVENT_ROWS_COLUMNS)
_REJECTED_ROWS_COLUMNS: dict[str, pa.DataType] = {
    "tenant": pa.string(),
    "received_at_ms": pa.int64(),
    "reason": pa.string(),
    "detail": pa.string(),
    "position": pa.string(),
    "protocol": pa.string(),
    "text": pa.string(),
    "raw_object": pa.string(),
    "raw_line": pa.int32(),
    "raw_index": pa.int32(),
}
REJECTED_ROWS = pa.schema(_REJECTED_ROWS_COLUMNS)
_LEDGER_ROWS_COLUMNS: dict[str, pa.DataType] = {
    "raw_object": pa.string(),
    "tenant": pa.string(),
    "day_number": pa.int32(),
    "lines": pa.int64(),
    "events": pa.int64(),
    "rejected": pa.int64(),
    "erased": pa.int64(),
    "still_held": pa.int64(),
}
LEDGER_ROWS = pa.schema(_LEDGER_ROWS_COLUMNS)
# What a line says of all its events.
_OF_LINES = (
    *("tenant", "sent_at_ms", "received_at_ms", "imported", "protocol", "screen_width", "screen_height", "country"),
    *("raw_object", "raw_line"),
)
_encoder = msgspec.json.Encoder()

DECODED_AT_ONCE = 20_000
"""How many events and rejected ones are decoded before tables are made of them: Python takes a kilobyte for each."""
LeaveOut = Callable[[RawLine], RawLine]


@dataclass(frozen=True)
class DecodedObjects:
    """What raw objects hold, as Arrow tables: events (EVENT_ROWS), rejected (REJECTED_ROWS), ledger (LEDGER_ROWS)."""

    events: pa.Table
    rejected: pa.Table
    ledger: pa.Table


def decode_object(key: str, data: bytes, leave_out: LeaveOut | None = None) -> DecodedObjects:
    """The rows of a raw object.

    Args:
        key: the object's key.
        data: its bytes, gzip; cut or damaged ones give what can be read, and a row of quarantine for the rest.
        leave_out: gives each line without the events of who was erased.
    """
    rows = list(decode_objects([(key, data)], leave_out))
    return DecodedObjects(
        pa.concat_tables([part.events for part in rows]),
        pa.concat_tables([part.rejected for part in rows]),
        pa.concat_tables([part.ledger for part in rows]),
    )


def decode_objects(
    objects: Iterable[tuple[str, bytes]],
    leave_out: LeaveOut | None = None,
    at_once: int = DECODED_AT_ONCE,
    columns: Collection[str] | None = None,
) -> Iterator[DecodedObjects]:
    """The rows of raw objects, in their order: small ones together, of a large one some at a time.

    Args:
        objects: keys and bytes (see decode_object).
        leave_out: gives each line without the events of who was erased.
        at_once: with so many events and rejected ones they are given, or a line's more. What the ledger says of an
            object comes with its last ones.
        columns: which columns of events are asked for; None: all of EVENT_ROWS. Lines are proved to be sound as ever.
    """
    rows = _Rows(leave_out, event_rows(columns))
    for key, data in objects:
        for _ in rows.add(key, data):
            if len(rows) >= at_once:
                yield rows.take()
    if rows.ledger:
        yield rows.take()


def event_rows(columns: Collection[str] | None) -> pa.Schema:
    """The schema of events of which these columns are asked for (None: all), in the order of EVENT_ROWS."""
    return pa.schema([field for field in EVENT_ROWS if columns is None or field.name in columns])


class _Rows:
    """The rows of some raw objects, while they are read."""

    def __init__(self, leave_out: LeaveOut | None, schema: pa.Schema) -> None:
        self._leave_out = leave_out
        self._schema = schema
        self._begin()

    def _begin(self) -> None:
        self.ledger: list[tuple[Any, ...]] = []
        self._events = _Events(self._schema)
        self._rejected: list[tuple[Any, ...]] = []

    def __len__(self) -> int:
        return len(self._events) + len(self._rejected)

    def take(self) -> DecodedObjects:
        """All that was read since the last ones were taken."""
        taken = DecodedObjects(
            self._events.table(), _table(self._rejected, REJECTED_ROWS), _table(self.ledger, LEDGER_ROWS)
        )
        self._begin()
        return taken

    def add(self, key: str, data: bytes) -> Iterator[None]:
        """Read an object: after each of its lines, and at its end, what was read may be taken."""
        counts: dict[tuple[str, int], Counter[str]] = {}
        damaged: list[tuple[int, str, bytes]] = []
        first_received: int | None = None
        for number, (text, problem) in enumerate(lines_of(data)):
            try:
                if problem:
                    raise msgspec.DecodeError(problem)
                line = whole = decode(text)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OverflowError) as error:
                damaged.append((number, str(error), text[:_TEXT_LIMIT]))
                continue
            if first_received is None:
                first_received = line.received_at
            if self._leave_out is not None:
                line = self._leave_out(whole)
            count = counts.setdefault((line.tenant, line.received_at // DAY_MS), Counter())
            count["lines"] += 1
            count["events"] += len(line.events)
            count["rejected"] += len(line.rejected)
            count["erased"] += len(line.erased)
            count["still_held"] += line is not whole
            self._events.add(line, key, number)
            self._rejected.extend(
                (
                    line.tenant, line.received_at, item.reason, item.detail, item.where or None, line.protocol,
                    item.text, key, number, item.index,
                )
                for item in line.rejected
            )  # fmt: skip
            yield
        received = first_received if first_received is not None else time_in(key)
        for place, detail, text in damaged:
            count = counts.setdefault(("", received // DAY_MS), Counter())
            count["lines"] += 1
            count["rejected"] += 1
            shown = text.decode("utf-8", "replace").replace("\x00", "�")
            self._rejected.append(
                ("", received, Reason.LINE_DAMAGED.value, detail, None, "", shown, key, place, -1)
            )  # fmt: skip
        if not counts:
            counts[("", received // DAY_MS)] = Counter()
        self.ledger += [
            (key, tenant, day, count["lines"], count["events"], count["rejected"], count["erased"], count["still_held"])
            for (tenant, day), count in sorted(counts.items())
        ]
        yield


def _table(rows: list[tuple[Any, ...]], schema: pa.Schema) -> pa.Table:
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    return pa.table(
        [pa.array(column, type=field.type) for column, field in zip(columns, schema, strict=True)], schema=schema
    )


def _of_event(name: str) -> Callable[[RawLine], list[Any]]:
    read = attrgetter(name)
    return lambda line: list(map(read, line.events))


def _of_event_or_line(name: str, nothing: str | None = None) -> Callable[[RawLine], list[Any]]:
    """What stands with the event, or else in the line's head."""
    read = attrgetter(name)

    def values(line: RawLine) -> list[Any]:
        of_line = read(line) or nothing
        return [value or of_line for value in map(read, line.events)]

    return values


def _of_page(name: str) -> Callable[[RawLine], list[Any]]:
    read, page_of = attrgetter(name), attrgetter("page")

    def values(line: RawLine) -> list[Any]:
        of_line = read(line.page) or None
        return [of_line if page is None else read(page) or None for page in map(page_of, line.events)]

    return values


# What is read of a line's events, a value for each.
_OF_EVENTS: dict[str, Callable[[RawLine], list[Any]]] = {
    "visitor": _of_event_or_line("visitor", ""),
    "user_id": _of_event_or_line("user"),
    "event_id": _of_event("id"),
    "name": _of_event("name"),
    "level": _of_event("level"),
    "client_time_ms": _of_event("time"),
    "page_url": _of_page("url"),
    "page_title": _of_page("title"),
    "referrer": _of_page("referrer"),
    "user_agent": _of_event_or_line("user_agent"),
    "ip": _of_event_or_line("ip"),
    "consent": _of_event_or_line("consent"),
    "raw_index": _of_event("index"),
}
_LIFTED = frozenset({*COLUMNS, "properties"})
_LIFTED_FROM = ("name", "level")


class _Events:
    """The events of lines, a list a column."""

    def __init__(self, schema: pa.Schema) -> None:
        self._schema = schema
        self._lines: list[tuple[Any, ...]] = []
        self._line_of: list[int] = []
        self._lifts = not _LIFTED.isdisjoint(schema.names)
        read = {*schema.names, *_LIFTED_FROM} if self._lifts else {*schema.names}
        self._columns: dict[str, list[Any]] = {name: [] for name in _OF_EVENTS if name in read}
        self._properties: list[dict[str, Any]] = []

    def __len__(self) -> int:
        return len(self._line_of)

    def add(self, line: RawLine, key: str, number: int) -> None:
        """Add the events of an object's line."""
        self._line_of += [len(self._lines)] * len(line.events)
        self._lines.append(
            (
                line.tenant, line.sent_at or None, line.received_at, line.imported, line.protocol,
                line.screen.width or None, line.screen.height or None, line.country or None, key, number,
            )
        )  # fmt: skip
        for name, values in self._columns.items():
            values += _OF_EVENTS[name](line)
        if self._lifts:
            self._properties += [event.properties for event in line.events]

    def table(self) -> pa.Table:
        """All of them."""
        values: dict[str, Any] = dict(self._columns)
        if self._lifts:
            lifted, rest = lift(values["name"], values["level"], self._properties)
            values.update(zip(COLUMNS, lifted, strict=True))
            values["properties"] = list(map(_encoder.encode, rest))
        line_of = pa.array(self._line_of, pa.int32())
        of_lines = zip(*self._lines, strict=True) if self._lines else ((),) * len(_OF_LINES)
        of_line = dict(zip(_OF_LINES, of_lines, strict=True))
        return pa.table(
            [
                pa.array(of_line[name], kind).take(line_of) if name in of_line else pa.array(values[name], kind)
                for name, kind in zip(self._schema.names, self._schema.types, strict=True)
            ],
            schema=self._schema,
        )


def lines_of(data: bytes) -> Iterator[tuple[bytes, str]]:
    """Each line, and what is wrong with it (cut off, or the gzip stream is damaged after it)."""
    rest = b""
    problem = ""
    for chunk, problem in _inflate(data):
        *whole, rest = (rest + chunk).split(b"\n")
        for line in whole:
            yield line, ""
        if len(rest) > _LONGEST_LINE:
            problem = f"the line is longer than {_LONGEST_LINE} bytes"
            break
    if rest or problem:
        yield rest, problem or "the object ends within the line"


def _inflate(data: bytes) -> Iterator[tuple[bytes, str]]:
    """The members of a gzip file, one after the other; a damaged one ends it, with the problem's name."""
    while data:
        member = zlib.decompressobj(wbits=31)
        try:
            while data and not member.eof:
                chunk = member.decompress(data, 1 << 20)
                data = member.unconsumed_tail
                yield chunk, ""
        except zlib.error as error:
            yield b"", f"the gzip stream is damaged: {error}"
            return
        if not member.eof:
            yield b"", "the gzip stream is cut off"
            return
        data = member.unused_data.lstrip(b"\x00")


def time_in(key: str) -> int:
    """The UTC hour that an object's key names, in epoch milliseconds; 0 where it names none."""
    hour = "/".join(key.removeprefix("spill/").split("/")[:4])
    try:
        when = datetime.strptime(f"{hour}+0000", "%Y/%m/%d/%H%z")
    except ValueError:
        return 0
    return int(when.timestamp() * 1000)


def may_hold(key: str, start: int, end: int | None = None) -> bool:
    """Whether an object's name allows lines received from `start` up to `end` (epoch ms; None: whenever).

    Its hour is that of its first line; later ones follow within minutes. What is named by no hour may hold any.
    """
    first = time_in(key)
    return not first or (start - _LONGEST_OPEN_MS < first and (end is None or first < end))
