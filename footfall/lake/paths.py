"""Paths of the pointer, of touches and of scrolling, as lists of places in time."""

from typing import Any

from footfall.events import pointer_path

PATHS = frozenset({"pointer", "touch", "scroll"})
"""The events that carry a path."""

_MOST_POINTS = 30_000
_MOST_MS = 86_400_000

Path = list[dict[str, int | None]]


def read_path(event: str, properties: dict[str, Any]) -> Path | None:
    """The path of an event: milliseconds since the event's time, the place in the document, and the stroke's number.

    Within a stroke the way from place to place is straight and even; between strokes the pointer rested or was away. A
    scroll has no `x`. None where there is no path, or one that cannot be read: `properties` keep it as it came.
    """
    path = properties.get("path")
    found: list[list[tuple[int, int | None, int]]]
    try:
        if event == "scroll":
            found = [[(t, None, y) for t, y in pointer_path.decode_scroll(path)]] if isinstance(path, str) else []
        elif isinstance(path, str):
            found = [[*stroke] for stroke in pointer_path.strokes(path)]
        elif isinstance(path, list) and len(path) <= _MOST_POINTS and "x" in properties and "y" in properties:
            found = [[*pointer_path.points(properties)]]
        else:
            return None
    except ValueError:
        return None
    places: Path = [
        {"t": t, "x": x, "y": y, "stroke": number} for number, stroke in enumerate(found) for t, x, y in stroke
    ]
    return places if places and all(map(_fits, places)) else None


def _fits(place: dict[str, int | None]) -> bool:
    return (place["t"] or 0) <= _MOST_MS and all(abs(place[axis] or 0) <= pointer_path.LARGEST for axis in ("x", "y"))
