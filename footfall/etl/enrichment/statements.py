"""What an event says of an entity: its type and id, and each property that it sets or unsets.

Statements are `identify` (of a user), `group` (of an account), and PredictionIO's `$set`, `$unset` and `$delete`, which
`footfall import entities` writes too.
"""

from collections.abc import Iterator

import msgspec
import pyarrow as pa
from msgspec import Raw

_COLUMNS: dict[str, pa.DataType] = {
    "statement": pa.string(),
    "type": pa.string(),
    "entity": pa.string(),
    "operation": pa.string(),
    "property": pa.string(),
    "value": pa.string(),
}
SCHEMA = pa.schema(_COLUMNS)

_ENTITY_PROTOCOLS = ("predictionio", "import/entities")
_OPERATIONS = {"$set": "set", "$unset": "unset", "$delete": "delete"}
_decoder = msgspec.json.Decoder(dict[str, Raw])

_Row = tuple[str | None, ...]


def describe_statements(statements: list[str]) -> pa.Table:
    """A row for each property of each statement, or one without a property; none where a text states nothing.

    Args:
        statements: each the protocol, the event's name and its properties, parted by one space. The entity of an
            `identify` is the event's user, which stands elsewhere: it is NULL here.
    """
    rows = [row for statement in statements for row in _rows(statement)]
    columns = zip(*rows, strict=True) if rows else ((),) * len(SCHEMA)
    return pa.table([pa.array(column, type=pa.string()) for column in columns], schema=SCHEMA)


def _rows(statement: str) -> Iterator[_Row]:
    protocol, _, rest = statement.partition(" ")
    name, _, text = rest.partition(" ")
    properties = _decoder.decode(text)
    operation = "set"
    kind: str | None = "user"
    entity: str | None = None
    if name == "identify":
        if protocol == "segment":
            take_field(properties, "context")
    elif name == "group":
        kind = "account"
        entity = take_field(properties, "groupId" if protocol == "segment" else "group")
        if protocol == "segment":
            take_field(properties, "context")
    elif name in _OPERATIONS and protocol in _ENTITY_PROTOCOLS:
        operation = _OPERATIONS[name]
        kind, entity = take_field(properties, "entityType"), take_field(properties, "entityId")
    else:
        return
    if not kind or (not entity and name != "identify"):
        return
    kept = [] if operation == "delete" else [key for key in properties if _is_plain(key)]
    for key in kept:
        yield statement, kind, entity, operation, key, bytes(properties[key]).decode() if operation == "set" else None
    if not kept:
        yield statement, kind, entity, operation, None, None


def take_field(properties: dict[str, Raw], name: str) -> str | None:
    """Take out what an adapter put among the properties, under its name or, where that was taken, behind `$` signs.

    Returns:
        Its text; None where it is missing, or neither a text nor a whole number.
    """
    while f"${name}" in properties:
        name = f"${name}"
    raw = properties.pop(name, None)
    value = None if raw is None else msgspec.json.decode(raw)
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) and value else None


def _is_plain(key: str) -> bool:
    """Whether a name has no control characters: with them it is no property of an entity."""
    return all(character >= " " for character in key)
