"""The properties that have a column of their own in `events`, typed, and what `properties` keep beside them.

They stay in `properties` too, but for what the tracker itself says of the hand (`pointer`, `touch`, `scroll`, `click`):
of these events, most of all, what a column holds exactly stands there alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import NoneType
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa

from footfall.lake.paths import PATHS, read_paths
from footfall.lake.property_values import decimal, name, ten_thousandths, text
from footfall.lake.schemas import arrow_type
from footfall.lake.tables import EVENTS

_DAY_MS = 86_400_000
_MOST_PIXELS = 10_000_000
_MOST_ITEMS = 1_000
_MOST_SHAPED = 100
_MOST_FORMS = 4_096
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


# Columns of a property that is a text, as it is unless it is empty.
_TEXTS = {"currency": "currency", "search_query": "query", "target": "target", "href": "href"}
# Columns of a property that is a number, from the least to the greatest, its fraction cut off.
_WHOLES = {
    "engaged_ms": ("engaged_ms", 0, _DAY_MS),
    "scroll_depth": ("scroll_depth", 0, 100),
    "item_position": ("position", 0, _MOST_PIXELS),
    "x": ("x", -_MOST_PIXELS, _MOST_PIXELS),
    "y": ("y", -_MOST_PIXELS, _MOST_PIXELS),
    "document_width": ("width", 0, _MOST_PIXELS),
    "document_height": ("height", 0, _MOST_PIXELS),
}
# The others: the properties that they are read from, and how.
_READ: dict[str, tuple[tuple[str, ...], Callable[[Properties], object]]] = {
    "value": (("value",), lambda p: ten_thousandths(p["value"])),
    "item": (("item", "product_id", "item_id", "targetEntityId"), _item),
    "items": (("items", "products"), _items),
    "item_list": (("list",), lambda p: name(p["list"])),
    "metric": (("metric",), _metric),
    "webdriver": (("webdriver",), _flag),
}
_OF_ALL = (
    *("value", "currency", "engaged_ms", "scroll_depth", "item", "items", "item_list", "item_position"),
    *("search_query", "target", "href", "metric", "x", "y", "document_width", "document_height", "webdriver"),
)
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
COLUMNS: dict[str, pa.DataType] = {
    column: arrow_type(EVENTS.column(column).type) for column in (*_OF_ALL, "shape", "path")
}
"""The columns, in the order of `lift`, with their Arrow types."""


@dataclass(frozen=True)
class _Form:
    """What all events with the same properties of the same types have in common.

    `texts` and `wholes` are columns with the property that they are of, and the latter's bounds; `read` those that a
    function reads; `left` the properties that no column holds exactly, whatever their values.
    """

    shape: str | None
    texts: tuple[tuple[str, str], ...]
    wholes: tuple[tuple[str, str, int, int], ...]
    read: tuple[tuple[str, Callable[[Properties], object]], ...]
    left: tuple[str, ...]


class _Columns(dict[str, list[Any]]):
    """A list a column, made of Nones where it is first asked for."""

    def __init__(self, rows: int) -> None:
        super().__init__()
        self._nothing = [None] * rows

    def __missing__(self, column: str) -> list[Any]:
        made = self[column] = self._nothing.copy()
        return made


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
    columns = _Columns(len(names))
    shapes: list[str | None] = [None] * len(names)
    rest = list(properties)
    paths: list[int] = []
    for place, told in enumerate(properties):
        if not told:
            continue
        form = _form_of(told)
        shapes[place] = form.shape
        all_found = True
        for column, key in form.texts:
            if found := told[key]:
                columns[column][place] = found
            else:
                all_found = False
        for column, key, least, greatest in form.wholes:
            if least <= (number := told[key]) <= greatest:
                columns[column][place] = int(number)
            else:
                all_found = False
        for column, reader in form.read:
            if (value := reader(told)) is not None:
                columns[column][place] = value
        name = names[place]
        if name in _HAND:
            if levels[place] == "low":
                left = form.left if all_found else _left(told, columns, place)
                rest[place] = {key: told[key] for key in left}
            if "path" in told and name in PATHS:
                paths.append(place)
    lifted = [_array(columns.get(column), len(names), column) for column in _OF_ALL]
    way = read_paths([(place, names[place], properties[place]) for place in paths], len(names), COLUMNS["path"])
    for place, is_read in zip(paths, way.is_valid().take(pa.array(paths, pa.int64())).to_pylist(), strict=True):
        if is_read and levels[place] == "low":
            del rest[place]["path"]
    return [*lifted, pa.array(shapes, pa.string()), way], rest


def _array(values: list[Any] | None, rows: int, column: str) -> "pa.Array[Any]":
    kind: Any = COLUMNS[column]
    made: pa.Array[Any]
    if values is None:
        made = pa.nulls(rows, kind)
        return made
    if not pa.types.is_decimal(kind):
        made = pa.array(values, kind)
        return made
    # Decimals are numbers of 128 bits: these have 64, and their sign.
    numbers = pa.array(values, pa.int64())
    low = numbers.fill_null(0).to_numpy()
    wide = pa.py_buffer(np.stack([low, low >> 63], axis=1).tobytes())
    return pa.Array.from_buffers(kind, rows, [numbers.is_valid().buffers()[1], wide], numbers.null_count)


def _left(told: Properties, columns: Mapping[str, list[Any]], place: int) -> tuple[str, ...]:
    """The properties of one of the hand's events that no column holds as the value itself, its type included."""
    return tuple(
        key for key, value in told.items() if key not in _HELD_BY or columns[_HELD_BY[key]][place] is not value
    )


_forms: dict[tuple[tuple[str, ...], tuple[type, ...]], _Form] = {}


def _form_of(told: Properties) -> _Form:
    key = (tuple(told), tuple(map(type, told.values())))
    form = _forms.get(key)
    if form is None:
        form = _form(*key)
        if len(told) <= _MOST_SHAPED and len(_forms) < _MOST_FORMS:
            _forms[key] = form
    return form


def _form(names: tuple[str, ...], types: tuple[type, ...]) -> _Form:
    kinds = dict(zip(names, types, strict=True))
    texts = {column: key for column, key in _TEXTS.items() if kinds.get(key) is str}
    wholes = {column: told for column, told in _WHOLES.items() if kinds.get(told[0]) in (int, float)}
    read = {column: reader for column, (keys, reader) in _READ.items() if not kinds.keys().isdisjoint(keys)}
    if kinds.get("item") is str and kinds.keys().isdisjoint(_READ["item"][0][1:]):
        texts["item"] = "item"
        del read["item"]
    held = {*texts.values(), *(key for key, *_ in wholes.values() if kinds[key] is int)} & _HELD_BY.keys()
    return _Form(
        _shape(names, types),
        tuple(texts.items()),
        tuple((column, *told) for column, told in wholes.items()),
        tuple(read.items()),
        tuple(name for name in names if name not in held),
    )


def _shape(names: tuple[str, ...], types: tuple[type, ...]) -> str | None:
    if len(names) > _MOST_SHAPED:
        return None
    named = sorted((name, _JSON_TYPES[kind]) for name, kind in zip(names, types, strict=True))
    return msgspec.json.encode(dict(named)).decode()
