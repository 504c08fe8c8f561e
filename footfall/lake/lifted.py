"""The properties that have a column of their own in `events`, typed, and what `properties` keep beside them.

They stay in `properties` too, but for what the tracker itself says of the hand (`pointer`, `touch`, `scroll`, `click`):
of these events, most of all, what a column holds exactly stands there alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from types import NoneType
from typing import Any

import msgspec
import pyarrow as pa

from footfall.lake.paths import PATHS, read_paths
from footfall.lake.property_values import decimal, name, text, whole
from footfall.lake.schemas import arrow_type
from footfall.lake.tables import EVENTS

_DAY_MS = 86_400_000
_MOST_PIXELS = 10_000_000
_MOST_ITEMS = 1_000
_MOST_SHAPED = 100
_JSON_TYPES = {
    str: "text",
    bool: "boolean",
    int: "number",
    float: "number",
    dict: "object",
    list: "array",
    NoneType: "null",
}

Properties = dict[str, Any]


def _item(properties: Properties) -> str | None:
    """Of our own vocabulary, Segment's and Google's e-commerce events, PredictionIO's target, in this order."""
    for key in ("item", "product_id", "item_id"):
        if (found := name(properties.get(key))) is not None:
            return found
    if properties.get("targetEntityType") == "item":
        return name(properties.get("targetEntityId"))
    return None


def _items(properties: Properties) -> list[dict[str, Any]] | None:
    """`items`, or Segment's `products`: each an item's name, or an object that tells it.

    None where there is no list, or one of more than a thousand; what names no item is left out.
    """
    listed = properties.get("items")
    if not isinstance(listed, list):
        listed = properties.get("products")
    if not isinstance(listed, list) or len(listed) > _MOST_ITEMS:
        return None
    items = []
    for entry in listed:
        told = entry if isinstance(entry, dict) else {"item": entry}
        item = _item(told)
        if item is None:
            continue
        value = decimal(told.get("value"))
        items.append(
            {
                "item": item,
                "quantity": decimal(told.get("quantity")),
                "value": decimal(told.get("price")) if value is None else value,
            }
        )
    return items


def _metric(properties: Properties) -> str | None:
    found = text(properties.get("metric"))
    return None if found is None else found.upper()


def _flag(properties: Properties) -> bool | None:
    found = properties.get("webdriver")
    return found if isinstance(found, bool) else None


# By any event that has the property: what it is read from, and how.
_OF_ALL: dict[str, tuple[tuple[str, ...], Callable[[Properties], object]]] = {
    "value": (("value",), lambda p: decimal(p["value"])),
    "currency": (("currency",), lambda p: text(p["currency"])),
    "engaged_ms": (("engaged_ms",), lambda p: whole(p["engaged_ms"], _DAY_MS)),
    "scroll_depth": (("scroll_depth",), lambda p: whole(p["scroll_depth"], 100)),
    "item": (("item", "product_id", "item_id", "targetEntityId"), _item),
    "items": (("items", "products"), _items),
    "item_list": (("list",), lambda p: name(p["list"])),
    "item_position": (("position",), lambda p: whole(p["position"], _MOST_PIXELS)),
    "search_query": (("query",), lambda p: text(p["query"])),
    "target": (("target",), lambda p: text(p["target"])),
    "href": (("href",), lambda p: text(p["href"])),
    "metric": (("metric",), _metric),
    "x": (("x",), lambda p: whole(p["x"], _MOST_PIXELS, -_MOST_PIXELS)),
    "y": (("y",), lambda p: whole(p["y"], _MOST_PIXELS, -_MOST_PIXELS)),
    "document_width": (("width",), lambda p: whole(p["width"], _MOST_PIXELS)),
    "document_height": (("height",), lambda p: whole(p["height"], _MOST_PIXELS)),
    "webdriver": (("webdriver",), _flag),
}
# Of the hand's events, the properties that a column may hold exactly; and the path, where it can be read.
_HAND = frozenset({*PATHS, "click"})
_HELD_BY = {
    "x": "x",
    "y": "y",
    "width": "document_width",
    "height": "document_height",
    "scroll_depth": "scroll_depth",
    "target": "target",
    "item": "item",
}
_NOTHING = object()
COLUMNS: dict[str, pa.DataType] = {
    column: arrow_type(EVENTS.column(column).type) for column in (*_OF_ALL, "shape", "path")
}
"""The columns, in the order of `lift`, with their Arrow types."""


@dataclass(frozen=True)
class _Form:
    """What all events with the same properties of the same types have in common."""

    shape: str | None
    readers: tuple[tuple[str, Callable[[Properties], object]], ...]


def lift(
    names: Sequence[str], levels: Sequence[str], properties: Sequence[Properties]
) -> "tuple[list[pa.Array[Any]], list[Properties]]":
    """The columns of events, in the order of COLUMNS, and what is left for `properties`.

    A column is null where a property is not there, or not of its type.

    Args:
        names: each event's name.
        levels: each event's level.
        properties: each event's properties; they are not changed.
    """
    nothing = [None] * len(names)
    columns: dict[str, list[Any]] = {}
    shapes: list[str | None] = [None] * len(names)
    rest = list(properties)
    paths: list[int] = []
    for place, told in enumerate(properties):
        if not told:
            continue
        kinds = tuple(map(type, told.values()))
        form = _known_form(tuple(told), kinds) if len(told) <= _MOST_SHAPED else _form(tuple(told), kinds)
        shapes[place] = form.shape
        found: dict[str, object] = {}
        for column, reader in form.readers:
            value = reader(told)
            if value is not None:
                found[column] = value
                if column not in columns:
                    columns[column] = nothing.copy()
                columns[column][place] = value
        name = names[place]
        if name in _HAND:
            if levels[place] == "low":
                # A column that is the value itself holds it exactly, its JSON type included.
                rest[place] = {
                    key: value for key, value in told.items() if found.get(_HELD_BY.get(key, ""), _NOTHING) is not value
                }
            if "path" in told and name in PATHS:
                paths.append(place)
    lifted: list[pa.Array[Any]] = [pa.array(columns.get(column, nothing), COLUMNS[column]) for column in _OF_ALL]
    way = read_paths([(place, names[place], properties[place]) for place in paths], len(names), COLUMNS["path"])
    for place, is_read in zip(paths, way.is_valid().take(pa.array(paths, pa.int64())).to_pylist(), strict=True):
        if is_read and levels[place] == "low":
            del rest[place]["path"]
    return [*lifted, pa.array(shapes, pa.string()), way], rest


def _form(names: tuple[str, ...], types: tuple[type, ...]) -> _Form:
    known = frozenset(names)
    return _Form(
        _shape(names, types),
        tuple((column, read) for column, (sources, read) in _OF_ALL.items() if not known.isdisjoint(sources)),
    )


_known_form = lru_cache(maxsize=4_096)(_form)


def _shape(names: tuple[str, ...], types: tuple[type, ...]) -> str | None:
    if len(names) > _MOST_SHAPED:
        return None
    named = sorted((name, _JSON_TYPES[kind]) for name, kind in zip(names, types, strict=True))
    return msgspec.json.encode(dict(named)).decode()
