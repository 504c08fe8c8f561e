"""The paths of `pointer`, `touch` and `scroll` events: how their short texts are read and written.

A path is numbers in the base64-VLQ of source maps: five bits a character, the lowest first, a sixth bit where more
follow, and a signed number's sign in its lowest bit. The first sample is its place on each axis. Each further sample
is the time since the one before, in units of 10 ms, whose lowest bit says that the sample is a fresh start; then, on
each axis, by how much the step differs from the one foretold: the step before, at the same speed, rounded half up;
none after a fresh start or the first sample. `contract/paths.json` holds cases that the tracker's tests read too.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from footfall.events.model import MAX_STRING_LENGTH

UNIT_MS = 10
LARGEST = 2**31 - 1

ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
MOST_DIGITS = 7

Point = tuple[int, int, int]
"""Milliseconds since the event's time, then x and y in CSS pixels of the document."""


class _Sample(NamedTuple):
    fresh: bool
    units: int
    places: tuple[int, ...]


def decode(path: str) -> list[Point]:
    """The places of a `pointer` or `touch` path. Between two of them the way is straight and even, within a pixel.

    Raises:
        ValueError: the text is no such path; it names the character.
    """
    return [(sample.units * UNIT_MS, sample.places[0], sample.places[1]) for sample in _samples(path, 2)]


def strokes(path: str) -> list[list[Point]]:
    """The same places, one list for each stretch of movement: between two, the pointer rested or was away.

    Raises:
        ValueError: the text is no such path; it names the character.
    """
    found: list[list[Point]] = []
    for sample in _samples(path, 2):
        if sample.fresh:
            found.append([])
        found[-1].append((sample.units * UNIT_MS, sample.places[0], sample.places[1]))
    return found


def decode_scroll(path: str) -> list[tuple[int, int]]:
    """What a `scroll` path tells: milliseconds since the event's time, and the pixels above the window's upper edge.

    Raises:
        ValueError: the text is no such path; it names the character.
    """
    return [(sample.units * UNIT_MS, sample.places[0]) for sample in _samples(path, 1)]


def points(properties: Mapping[str, Any]) -> list[Point]:
    """The places of a `pointer` or `touch` event, whichever way its `path` is written.

    The older way is an array of [milliseconds since the sample before, change in x, change in y], with the first place
    beside it as `x` and `y`.

    Raises:
        ValueError: there is no path that can be read.
    """
    path = properties.get("path")
    if isinstance(path, str):
        return decode(path)
    if not isinstance(path, list):
        raise ValueError("path is neither a text nor an array")
    ms, x, y = 0, _number(properties.get("x", 0), "x"), _number(properties.get("y", 0), "y")
    found = [(ms, x, y)]
    for place, step in enumerate(path):
        if not isinstance(step, list) or len(step) != 3:
            raise ValueError(f"path[{place}] is not [time, x, y]")
        elapsed, dx, dy = (_number(value, f"path[{place}]") for value in step)
        if elapsed < 0:
            raise ValueError(f"path[{place}] goes back in time")
        ms, x, y = ms + elapsed, x + dx, y + dy
        found.append((ms, x, y))
    return found


def encode(places: Iterable[Sequence[int]]) -> str:
    """Write places down as a path, as the tracker does where none may be left out.

    Args:
        places: milliseconds since the first one, then a place on each axis; times are cut to units of 10 ms, and must
            not go back.
    """
    text: list[str] = []
    last: Sequence[int] = ()
    steps: list[int] = []
    span = 1
    for place in places:
        if not last:
            text += [_write_signed(value) for value in place[1:]]
            steps = [0] * (len(place) - 1)
        else:
            time = place[0] // UNIT_MS - last[0] // UNIT_MS
            text.append(_write(2 * time))
            made = [value - before for value, before in zip(place[1:], last[1:], strict=True)]
            text += [
                _write_signed(step - _foretold(before, time, span)) for step, before in zip(made, steps, strict=True)
            ]
            steps, span = made, time or 1
        last = place
    return "".join(text)


def _samples(path: str, axes: int) -> Iterator[_Sample]:
    if len(path) > MAX_STRING_LENGTH:
        raise ValueError(f"a path of {len(path)} characters is longer than {MAX_STRING_LENGTH}")
    place = 0
    units = 0
    places = [0] * axes
    steps = [0] * axes
    span = 1
    is_first = True
    while place < len(path) or is_first:
        fresh, time = is_first, 0
        if not is_first:
            raw, place = read_number(path, place)
            fresh, time = bool(raw & 1), raw >> 1
        for axis in range(axes):
            begins = place
            residual, place = _read_signed(path, place)
            step = residual if fresh else residual + _foretold(steps[axis], time, span)
            places[axis] += step
            if abs(places[axis]) > LARGEST:
                raise ValueError(f"character {begins}: {places[axis]} is beyond what a page can hold")
            steps[axis] = 0 if fresh else step
        units += time
        span = time or 1
        is_first = False
        yield _Sample(fresh, units, tuple(places))


def _foretold(step: int, time: int, span: int) -> int:
    return (2 * step * time + span) // (2 * span)


def read_number(path: str, begins: int) -> tuple[int, int]:
    """The unsigned number that begins there, and where the next one does."""
    number = 0
    for digit, character in enumerate(path[begins : begins + MOST_DIGITS]):
        value = _VALUES.get(character)
        if value is None:
            raise ValueError(f"character {begins + digit}: {character!r} is not in the alphabet")
        number |= (value & 31) << 5 * digit
        if value < 32:
            if digit and not value:
                raise ValueError(f"character {begins + digit}: a number is written longer than it is")
            return number, begins + digit + 1
    if begins + MOST_DIGITS <= len(path):
        raise ValueError(f"character {begins}: a number of more than {MOST_DIGITS} digits")
    raise ValueError(f"character {len(path)}: the path ends within a sample")


def _read_signed(path: str, begins: int) -> tuple[int, int]:
    raw, ends = read_number(path, begins)
    if raw == 1:
        raise ValueError(f"character {begins}: a zero with a sign")
    return -(raw >> 1) if raw & 1 else raw >> 1, ends


def _write(number: int) -> str:
    text = ""
    while number > 31:
        text += ALPHABET[number & 31 | 32]
        number >>= 5
    return text + ALPHABET[number]


def _write_signed(number: int) -> str:
    return _write(1 - 2 * number if number < 0 else 2 * number)


def _number(value: object, name: str) -> int:
    if isinstance(value, bool) or not isinstance(value, int | float) or not abs(value) <= LARGEST:
        raise ValueError(f"{name} is no number of pixels or milliseconds")
    return round(value)
