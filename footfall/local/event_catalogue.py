"""What events a local lake's raw holds: each name, whether it has a schema, and the types of its properties."""

import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from footfall.events import raw_line
from footfall.events.event_schemas import find
from footfall.events.tenants import Tenant
from footfall.lake.raw_store import FileRawStore

_TYPES = {str: "text", bool: "boolean", int: "number", float: "number", dict: "object", list: "array"}
_MOST_PROPERTIES = 500


class EventKind(Struct, omit_defaults=True):
    """The events of a tenant that share a name.

    `properties` counts, for each property, the values of each JSON type; null is none. More than 500 are not listed.
    `declared`: the tenant has a schema for the name.
    """

    tenant: str
    name: str
    declared: bool
    events: int = 0
    warnings: int = 0
    properties: dict[str, dict[str, int]] = {}

    @property
    def drifting(self) -> dict[str, dict[str, int]]:
        """The properties that come as more than one type."""
        return {name: types for name, types in self.properties.items() if len(types) > 1}


def catalogue(
    root: Path, tenants: Sequence[Tenant], progress: Callable[[int, int], None] = lambda done, total: None
) -> list[EventKind]:
    """The kinds of events in the sealed raw objects, of these tenants, by tenant and name.

    Lines that are damaged are passed over: the ETL reports them.

    Args:
        root: the raw folder of a lake.
        tenants: whose events.
        progress: called with how many of how many objects are read.
    """
    known = {tenant.name: tenant for tenant in tenants}
    kinds: dict[tuple[str, str], EventKind] = {}
    store = FileRawStore(root)
    keys = list(store.keys())
    for done, key in enumerate(keys, 1):
        for line in _lines(store.read(key)):
            tenant = known.get(line.tenant)
            for event in line.events if tenant is not None else ():
                kind = kinds.get((line.tenant, event.name))
                if kind is None:
                    declared = tenant is not None and find(tenant.schemas, event.name) is not None
                    kind = kinds[line.tenant, event.name] = EventKind(line.tenant, event.name, declared)
                kind.events += 1
                kind.warnings += bool(event.warnings)
                _count(kind.properties, event.properties)
        progress(done, len(keys))
    return [kinds[place] for place in sorted(kinds)]


def _count(counts: dict[str, dict[str, int]], properties: dict[str, Any]) -> None:
    for name, value in properties.items():
        known = _TYPES.get(type(value))
        if known is not None and (name in counts or len(counts) < _MOST_PROPERTIES):
            types = counts.setdefault(name, {})
            types[known] = types.get(known, 0) + 1


def _lines(data: bytes) -> list[raw_line.RawLine]:
    found = []
    try:
        text = zlib.decompressobj(wbits=31).decompress(data)
    except zlib.error:
        return []
    for line in text.splitlines():
        try:
            found.append(raw_line.decode(line))
        except msgspec.DecodeError:
            continue
    return found
