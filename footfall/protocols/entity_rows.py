"""Files of users, items or accounts (CRM or product data): every row sets properties of one, as of a time.

A row becomes what PredictionIO's `$set` is, so both are read from events alike.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from footfall.errors import FootfallError
from footfall.events.visitor_names import named
from footfall.protocols.csv_plan import CsvOptions, make_plan
from footfall.protocols.csv_rows import CsvRows
from footfall.protocols.file_lines import Line
from footfall.protocols.foreign_event import with_fields
from footfall.protocols.imported_row import ImportedEvent, Row, RowReader, Unreadable
from footfall.protocols.json_rows import JsonRows

KIND = "entities"
TYPES = ("user", "item", "account")
_SET = "$set"


class EntityRows:
    """The rows of one file, each a `$set` of one entity.

    Args:
        rows: reads the file; the visitor of its events is the entity's id.
        entity_type: user, item or account.
    """

    kind = KIND

    def __init__(self, rows: RowReader, entity_type: str) -> None:
        self._rows = rows
        self._type = entity_type
        self.settings: Mapping[str, object] = {**rows.settings, "type": entity_type}

    def rows(self, lines: Iterable[Line]) -> Iterator[Row]:
        """Every row of the file, in order."""
        for row in self._rows.rows(lines):
            if isinstance(row.content, ImportedEvent):
                yield msgspec.structs.replace(row, content=self._statement(row.content))
            else:
                yield row

    def storable(self, row: bytes) -> str:
        """The row's text as it may be kept in quarantine."""
        return self._rows.storable(row)

    def _statement(self, event: ImportedEvent) -> ImportedEvent | Unreadable:
        if not event.visitor:
            return Unreadable("the entity's id is empty")
        fields = {"entityType": self._type, "entityId": event.visitor}
        return msgspec.structs.replace(
            event,
            by_nobody=True,
            visitor=named(self._type, event.visitor),
            user=event.visitor if self._type == "user" else "",
            properties=with_fields(dict(event.properties), fields),
        )


def open_entities(sample: Sequence[Line], entity_type: str, id_column: str, as_of: int) -> EntityRows:
    """The reader of a file of entities: lines of JSON where the first begins with `{`, else a delimited file.

    Args:
        sample: the file's first lines.
        entity_type: one of TYPES.
        id_column: the column, or field, that holds the entity's id.
        as_of: from when on the file's rows hold, in epoch milliseconds.

    Raises:
        FootfallError: there is no such type or column, or the file's layout is not found.
    """
    if entity_type not in TYPES:
        raise FootfallError(f"there is no type {entity_type!r}: give --type as one of {', '.join(TYPES)}.")
    first = next((line.bytes for line in sample if line.bytes.strip()), b"")
    if first.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        return EntityRows(JsonRows(id_column, _SET, as_of), entity_type)
    options = CsvOptions(mapping={"visitor": id_column}, event=_SET, level="high", time=as_of)
    return EntityRows(CsvRows(make_plan(sample, options)), entity_type)
