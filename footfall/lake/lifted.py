"""The properties that have a column of their own in `events`, typed. They stay in `properties` too, as written."""

from collections.abc import Callable
from functools import lru_cache
from types import NoneType
from typing import Any

import msgspec
import pyarrow as pa

from footfall.lake.paths import PATHS, read_path
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


# By any event that has the property.
_OF_ALL: dict[str, Callable[[Properties], object]] = {
    "value": lambda p: decimal(p.get("value")),
    "currency": lambda p: text(p.get("currency")),
    "engaged_ms": lambda p: whole(p.get("engaged_ms"), _DAY_MS),
    "scroll_depth": lambda p: whole(p.get("scroll_depth"), 100),
    "item": _item,
    "items": _items,
    "item_list": lambda p: name(p.get("list")),
    "item_position": lambda p: whole(p.get("position"), _MOST_PIXELS),
    "search_query": lambda p: text(p.get("query")),
    "target": lambda p: text(p.get("target")),
    "href": lambda p: text(p.get("href")),
    "metric": _metric,
    "x": lambda p: whole(p.get("x"), _MOST_PIXELS, -_MOST_PIXELS),
    "y": lambda p: whole(p.get("y"), _MOST_PIXELS, -_MOST_PIXELS),
    "document_width": lambda p: whole(p.get("width"), _MOST_PIXELS),
    "document_height": lambda p: whole(p.get("height"), _MOST_PIXELS),
    "webdriver": _flag,
}
COLUMNS: dict[str, pa.DataType] = {
    column: arrow_type(EVENTS.column(column).type) for column in (*_OF_ALL, "shape", "path")
}
"""The columns, in the order of `lift`, with their Arrow types."""
_NOTHING: tuple[None, ...] = (None,) * len(COLUMNS)


def lift(event: str, properties: Properties) -> tuple[object, ...]:
    """The values of COLUMNS for an event of that name; None where a property is not there, or not of its type."""
    if not properties:
        return _NOTHING
    path = read_path(event, properties) if event in PATHS else None
    return (*(read(properties) for read in _OF_ALL.values()), _shape(properties), path)


def _shape(properties: Properties) -> str | None:
    if len(properties) > _MOST_SHAPED:
        return None
    return _shape_of(tuple(sorted((key, _JSON_TYPES[type(value)]) for key, value in properties.items())))


@lru_cache(maxsize=4_096)
def _shape_of(typed: tuple[tuple[str, str], ...]) -> str:
    return msgspec.json.encode(dict(typed)).decode()
