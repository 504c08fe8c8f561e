"""Paths of the pointer, of touches and of scrolling, as lists of places in time."""

from typing import Any

from footfall.lake.property_values import whole

PATHS = frozenset({"pointer", "touch", "scroll"})
"""The events that carry a path."""

_LONGEST = 10_000
_MOST_PIXELS = 10_000_000
_MOST_MS = 86_400_000

Path = list[dict[str, int | None]]


def read_path(event: str, properties: dict[str, Any]) -> Path | None:
    """The path of an event: milliseconds since the event's time, and the place in the document in CSS pixels.

    A scroll has no `x`. None where there is no path, or one that cannot be read: `properties` keep it as it came.
    """
    path = properties.get("path")
    if isinstance(path, list):
        return _from_steps(properties, path)
    return None


def _from_steps(properties: dict[str, Any], steps: list[Any]) -> Path | None:
    """The older spelling: a list of [ms, dx, dy] since the place before, from `x` and `y` beside it."""
    x = whole(properties.get("x"), _MOST_PIXELS, -_MOST_PIXELS)
    y = whole(properties.get("y"), _MOST_PIXELS, -_MOST_PIXELS)
    if x is None or y is None or len(steps) > _LONGEST:
        return None
    t = 0
    path: Path = [{"t": t, "x": x, "y": y}]
    for step in steps:
        if not isinstance(step, list) or len(step) != 3:
            return None
        dt, dx, dy = (whole(part, _MOST_PIXELS, -_MOST_PIXELS) for part in step)
        if dt is None or dx is None or dy is None or dt < 0:
            return None
        t, x, y = t + dt, x + dx, y + dy
        if t > _MOST_MS or max(abs(x), abs(y)) > _MOST_PIXELS:
            return None
        path.append({"t": t, "x": x, "y": y})
    return path
