"""Paths of the pointer, of touches and of scrolling, as lists of places in time."""

from collections.abc import Sequence
from typing import Any

import pyarrow as pa

from footfall.events import pointer_path
from footfall.events.path_columns import PathColumns

PATHS = frozenset({"pointer", "touch", "scroll"})
"""The events that carry a path."""

_MOST_POINTS = 30_000
_MOST_MS = 86_400_000


def read_paths(events: Sequence[tuple[int, str, dict[str, Any]]], rows: int, kind: Any) -> "pa.Array[Any]":
    """The column `path`: for each path its places.

    A place is the milliseconds since the event's time, where it is in the document, and the stroke's number. Within a
    stroke the way from place to place is straight and even; between strokes the pointer rested or was away. A scroll
    has no `x`. Null where there is no path, or one that cannot be read: `properties` keep it as it came.

    Args:
        events: row, name and properties of the events that may have one, in the order of their rows.
        rows: how many rows the column has.
        kind: the column's type.
    """
    places = PathColumns()
    begins: list[int | None] = [None] * rows
    for row, event, properties in events:
        begin = len(places)
        if _append(places, event, properties):
            begins[row] = begin
    if not len(places):
        nothing: pa.Array[Any] = pa.array(begins, kind)
        return nothing
    columns: list[list[Any]] = [places.t, places.x, places.y, places.stroke]
    arrays = [pa.array(column, pa.int32()) for column in columns]
    structs = pa.StructArray.from_arrays(arrays, fields=list(kind.value_type))
    return pa.ListArray.from_arrays(pa.array([*begins, len(places)], pa.int32()), structs, type=kind)


def _append(places: PathColumns, event: str, properties: dict[str, Any]) -> bool:
    path = properties.get("path")
    if isinstance(path, str):
        return (places.append_scroll if event == "scroll" else places.append)(path, _MOST_MS)
    if event == "scroll" or not isinstance(path, list) or len(path) > _MOST_POINTS:
        return False
    if "x" not in properties or "y" not in properties:
        return False
    try:
        found = pointer_path.points(properties)
    except ValueError:
        return False
    if not all(
        t <= _MOST_MS and abs(x) <= pointer_path.LARGEST and abs(y) <= pointer_path.LARGEST for t, x, y in found
    ):
        return False
    for t, x, y in found:
        places.t.append(t)
        places.x.append(x)
        places.y.append(y)
        places.stroke.append(0)
    return True
