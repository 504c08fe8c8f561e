"""Files of JSON objects, one a line: each is a statement of the entity that one of its fields names."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from footfall.protocols.file_lines import Line
from footfall.protocols.imported_row import ImportedEvent, Row, Unreadable
from footfall.protocols.row_text import MAX_STORABLE_BYTES

_decoder = msgspec.json.Decoder(dict[str, Any])


class JsonRows:
    """The objects of one file. Each becomes an event whose visitor is the named field and whose properties the others.

    Args:
        id_field: the field that names who or what the object is about.
        name: the events' name.
        time: the events' time, in epoch milliseconds.
    """

    kind = "json"

    def __init__(self, id_field: str, name: str, time: int) -> None:
        self._id_field = id_field
        self._name = name
        self._time = time
        self.settings: Mapping[str, object] = {"format": "json", "id": id_field, "event": name, "time": time}

    def rows(self, lines: Iterable[Line]) -> Iterator[Row]:
        """A row for every line."""
        for line in lines:
            yield Row(line.bytes, line.number, 1, self._content(line))

    def storable(self, row: bytes) -> str:
        """The row's text, as it may be kept in quarantine."""
        return row[:MAX_STORABLE_BYTES].decode("utf-8", "backslashreplace")

    def _content(self, line: Line) -> ImportedEvent | Unreadable:
        if line.too_long:
            return Unreadable("the line is longer than 1 MiB")
        try:
            properties = _decoder.decode(line.bytes.removeprefix(b"\xef\xbb\xbf") if line.number == 1 else line.bytes)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            return Unreadable(f"not a JSON object: {error}")
        identity = properties.pop(self._id_field, None)
        if isinstance(identity, bool) or not isinstance(identity, str | int) or identity == "":
            return Unreadable(f"{self._id_field} is {'missing' if identity is None else 'no text and no whole number'}")
        return ImportedEvent(
            name=self._name, level="high", time=self._time, visitor=str(identity), properties=properties
        )
