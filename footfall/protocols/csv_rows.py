"""Delimited files (CSV and its relatives): every row is one event, by a mapping of its columns."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any

from footfall.events.addresses import truncate_address
from footfall.events.model import Page
from footfall.protocols.csv_cells import RowOpenError, amount_of, cells_reader, property_of
from footfall.protocols.csv_plan import CsvPlan
from footfall.protocols.file_lines import MAX_LINE_BYTES, Line
from footfall.protocols.imported_row import Heading, ImportedEvent, Row, Unreadable
from footfall.protocols.known_levels import level_of
from footfall.protocols.row_text import MAX_STORABLE_BYTES, without_addresses
from footfall.protocols.time_formats import time_reader, time_zone

KIND = "csv"
MAX_ROW_LINES = 1_000
_NO_PAGE = Page()


class CsvRows:
    """The rows of one file, read once, in order."""

    kind = KIND

    def __init__(self, plan: CsvPlan) -> None:
        """A reader, at the file's first line. Raises FootfallError where the plan's time format or zone is none."""
        self._plan = plan
        self._cells = cells_reader(plan.delimiter)
        self._time = time_reader(plan.time_format, time_zone(plan.time_zone))
        self._places = list(plan.places.items())
        self._has_page = not plan.places.keys().isdisjoint(("url", "referrer", "title"))
        taken = set(plan.places.values())
        self._properties = [(place, name) for place, name in enumerate(plan.columns) if place not in taken]
        self.settings: Mapping[str, object] = {
            name: value for name, value in asdict(plan).items() if name != "time" or value is not None
        }

    def rows(self, lines: Iterable[Line]) -> Iterator[Row]:
        """A row for every line, or for several where a quoted cell holds line ends.

        A quote that is never closed must not swallow what follows: where no row of the right number of cells comes
        of it within MAX_ROW_LINES and 1 MiB, its line alone is unreadable, and reading goes on after it.
        """
        source = iter(lines)
        waiting: list[Line] = []
        heading = self._plan.header
        while line := waiting.pop(0) if waiting else next(source, None):
            if heading and line.bytes.strip():
                heading = False
                yield Row(line.bytes, line.number, 1, Heading())
                continue
            try:
                yield Row(line.bytes, line.number, 1, self._content(line))
            except RowOpenError as problem:
                taken = self._complete(line, source, waiting)
                if taken is None:
                    yield Row(line.bytes, line.number, 1, Unreadable(str(problem)))
                else:
                    yield taken

    def storable(self, row: bytes) -> str:
        """The row as it may be kept in quarantine: where a column is an address, addresses are truncated."""
        text = row[:MAX_STORABLE_BYTES].decode(self._plan.encoding, "backslashreplace")
        return without_addresses(text) if "ip" in self._plan.places else text

    def _complete(self, first: Line, source: Iterator[Line], waiting: list[Line]) -> Row | None:
        """The row that begins with an open quote, its further lines taken; or None, and they wait."""
        text = first.bytes
        for count in range(1, MAX_ROW_LINES):
            if count > len(waiting):
                following = next(source, None)
                if following is None:
                    return None
                waiting.append(following)
            line = waiting[count - 1]
            text += b"\n" + line.bytes
            if line.too_long or len(text) > MAX_LINE_BYTES:
                return None
            if b'"' not in line.bytes:
                continue
            try:
                content = self._content(Line(first.number, text))
            except RowOpenError:
                continue
            if isinstance(content, Unreadable):
                return None
            del waiting[:count]
            return Row(text, first.number, count + 1, content)
        return None

    def _content(self, line: Line) -> ImportedEvent | Unreadable:
        """What a row's text says. Raises RowOpenError where it may go on in the next line."""
        if line.too_long:
            return Unreadable("the line is longer than 1 MiB")
        try:
            text = line.bytes.decode(self._plan.encoding)
            text.encode()
        except UnicodeError as error:
            return Unreadable(f"not {self._plan.encoding}: {getattr(error, 'reason', error)}")
        text = text.removeprefix("\ufeff") if line.number == 1 else text
        if not text.strip():
            return Unreadable("the line is empty")
        try:
            cells = self._cells(text)
        except RowOpenError:
            raise
        except ValueError as error:
            return Unreadable(str(error))
        if len(cells) != len(self._plan.columns):
            return Unreadable(f"{len(cells)} cells, and {len(self._plan.columns)} columns")
        return self._event(cells)

    def _event(self, cells: Sequence[str]) -> ImportedEvent | Unreadable:
        said = {target: cells[place].strip() for target, place in self._places}
        time = self._plan.time
        if time is None:
            written = said["time"]
            try:
                time = self._time(written)
            except ValueError:
                column = self._plan.columns[self._plan.places["time"]]
                return Unreadable(f"{column} {written[:64]!r} is no time of the format {self._plan.time_format}")
        name = self._plan.event if self._plan.event is not None else said["name"]
        page = Page(said.get("url", ""), said.get("referrer", ""), said.get("title", "")) if self._has_page else None
        return ImportedEvent(
            id=said.get("id"),
            name=name,
            level=self._plan.level or said.get("level") or level_of(name),
            time=time,
            visitor=said["visitor"],
            user=said.get("user", ""),
            properties=self._cell_properties(cells, said.get("value"), said.get("currency")),
            page=None if page == _NO_PAGE else page,
            ip=truncate_address(said["ip"]) if "ip" in said else "",
            user_agent=said.get("user_agent", ""),
        )

    def _cell_properties(self, cells: Sequence[str], value: str | None, currency: str | None) -> dict[str, Any]:
        properties: dict[str, Any] = {
            name: property_of(cells[place]) for place, name in self._properties if cells[place]
        }
        if value:
            properties["value"] = amount_of(value)
        if currency:
            properties["currency"] = currency
        return properties
