"""What the reader of a file makes of each row: an event, or the reason why it is none."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from msgspec import Struct

from footfall.events.model import Page
from footfall.protocols.file_lines import Line


class ImportedEvent(Struct, frozen=True):
    """A row read: what becomes a raw event once it is checked.

    `time` is in epoch milliseconds, `ip` is truncated already, `level` is checked later like a live event's. `id` is
    None where the row names none: its bytes name it then. `by_nobody`: it says something of an entity, which `visitor`
    names, and is no deed of a visitor's.
    """

    name: str
    level: str
    time: int
    visitor: str
    properties: dict[str, Any] = {}
    page: Page | None = None
    user: str = ""
    ip: str = ""
    user_agent: str = ""
    id: str | None = None
    by_nobody: bool = False


class Unreadable(Struct, frozen=True):
    """A row that is no event, and what is wrong with it."""

    detail: str


class Heading(Struct, frozen=True):
    """A row that names the columns or the version: neither an event nor a fault."""


class Row(Struct, frozen=True):
    """A row: its bytes without the line's end, its first line's number (from 1), and the number of its lines."""

    bytes: bytes
    number: int
    lines: int
    content: ImportedEvent | Unreadable | Heading


class RowReader(Protocol):
    """Reads the rows of one kind of file. It never raises on what a line holds."""

    @property
    def kind(self) -> str:
        """The kind, as ids of rows and the raw line's protocol have it: access-log, csv."""

    @property
    def settings(self) -> Mapping[str, object]:
        """The settings that change what is read. The same content with the same settings gives the same raw objects."""

    def rows(self, lines: Iterable[Line]) -> Iterator[Row]:
        """Every line's row, in order; each line belongs to exactly one row."""

    def storable(self, row: bytes) -> str:
        """The row's text as it may be kept in quarantine: without whole addresses."""
