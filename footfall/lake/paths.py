"""Paths of the pointer, of touches and of scrolling, as lists of places in time."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from footfall.events import pointer_path
from footfall.lake.path_arrays import Numbers, PathArrays, read_texts

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
    ways: list[tuple[int, str]] = []
    scrolls: list[tuple[int, str]] = []
    lists: list[tuple[int, dict[str, Any]]] = []
    for row, event, properties in events:
        path = properties.get("path")
        if isinstance(path, str):
            (scrolls if event == "scroll" else ways).append((row, path))
        elif event != "scroll":
            lists.append((row, properties))
    read = [
        read_texts([path for _, path in ways], 2, _MOST_MS),
        read_texts([path for _, path in scrolls], 1, _MOST_MS),
        _read_lists([properties for _, properties in lists]),
    ]
    row_of = np.array([row for row, _ in (*ways, *scrolls, *lists)], np.int64)
    lengths = np.concatenate([part.lengths for part in read])
    if not lengths.any():
        nothing: pa.Array[Any] = pa.array([None] * rows, kind)
        return nothing
    order = np.argsort(row_of)
    # Where the places of the first row are, then those of the second: what was read is in the order of its kinds.
    first = np.cumsum(lengths) - lengths
    begins = np.cumsum(lengths[order]) - lengths[order]
    source = np.repeat(first[order] - begins, lengths[order]) + np.arange(int(lengths.sum()))
    x = np.concatenate([part.places[0] if len(part.places) == 2 else np.zeros_like(part.t) for part in read])
    no_x = np.concatenate([np.full(len(part.t), len(part.places) == 1) for part in read])
    columns = (
        pa.array(np.concatenate([part.t for part in read])[source], pa.int32()),
        pa.array(x[source], pa.int32(), mask=no_x[source]),
        pa.array(np.concatenate([part.places[-1] for part in read])[source], pa.int32()),
        pa.array(np.concatenate([part.stroke for part in read])[source], pa.int32()),
    )
    offsets = np.zeros(rows + 1, np.int64)
    offsets[row_of[order]] = begins
    offsets[rows] = len(source)
    is_null = np.ones(rows + 1, np.bool_)
    is_null[row_of[lengths > 0]] = is_null[rows] = False
    structs = pa.StructArray.from_arrays(columns, fields=list(kind.value_type))
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32(), mask=is_null), structs, type=kind)


def _read_lists(told: Sequence[dict[str, Any]]) -> PathArrays:
    """Paths that are arrays, as they were written before there were texts."""
    found = [_read_list(properties) for properties in told]
    places: Numbers = np.array([place for path in found for place in path], np.int64).reshape(-1, 3)
    lengths = np.array([len(path) for path in found], np.int64)
    return PathArrays(lengths, places[:, 0], (places[:, 1], places[:, 2]), np.zeros(len(places), np.int64))


def _read_list(properties: dict[str, Any]) -> list[pointer_path.Point]:
    path = properties.get("path")
    if not isinstance(path, list) or len(path) > _MOST_POINTS or "x" not in properties or "y" not in properties:
        return []
    try:
        found = pointer_path.points(properties)
    except ValueError:
        return []
    is_sound = all(
        t <= _MOST_MS and abs(x) <= pointer_path.LARGEST and abs(y) <= pointer_path.LARGEST for t, x, y in found
    )
    return found if is_sound else []
