"""Many paths read at once, in arrays: what `pointer_path` reads a path at a time.

All paths are read in step, the first sample of each, the second, and so on: a sample's place follows from the one
before it, but not from other paths. The few longest, and those with numbers that no page has, are read one by one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from footfall.events.model import MAX_STRING_LENGTH
from footfall.events.path_columns import PathColumns
from footfall.events.pointer_path import ALPHABET, LARGEST, MOST_DIGITS, UNIT_MS

Numbers = NDArray[np.int64]

# Fewer paths than that cost more in step than one by one.
_ABREAST = 16
# Steps that are foretold from smaller numbers stay below 2 ** 63.
_MOST = 2**22
_VALUES = np.full(256, -1, np.int64)
_VALUES[np.frombuffer(ALPHABET.encode(), np.uint8)] = np.arange(len(ALPHABET))


@dataclass(frozen=True)
class PathArrays:
    """The places of paths, those of a path one after the other.

    `lengths` has the number of places of each path, 0 where it cannot be read; `t` milliseconds since the event's time,
    `places` pixels, an array an axis, and `stroke` the number of the stretch of movement, all of the same length.
    """

    lengths: Numbers
    t: Numbers
    places: tuple[Numbers, ...]
    stroke: Numbers


def read_texts(paths: Sequence[str], axes: int, most_ms: int) -> PathArrays:
    """The places of paths of one kind.

    Args:
        paths: their texts.
        axes: 2 for `pointer` and `touch`, 1 for `scroll`.
        most_ms: a path that lasts longer is not read.
    """
    numbers, first, count, is_read, is_large = _numbers(paths, axes)
    samples = np.where(is_read, (count - axes) // (axes + 1) + 1, 0)
    longest = np.sort(samples)[-_ABREAST] if len(paths) >= _ABREAST else 0
    alone = is_read & (is_large | (samples > longest))
    read_alone = {path: _alone(paths[path], axes, most_ms) for path in np.flatnonzero(alone).tolist()}
    lengths = samples.copy()
    for path, columns in read_alone.items():
        lengths[path] = len(columns)
    begins = np.cumsum(lengths) - lengths
    total = int(lengths.sum())
    t, stroke = np.zeros(total, np.int64), np.zeros(total, np.int64)
    places = tuple(np.zeros(total, np.int64) for _ in range(axes))
    for path, columns in read_alone.items():
        here = slice(begins[path], begins[path] + lengths[path])
        t[here], stroke[here] = columns.t, columns.stroke
        places[-1][here] = columns.y
        if axes == 2:
            places[0][here] = np.array(columns.x, np.int64)
    abreast = np.flatnonzero(is_read & ~alone)
    lanes = abreast[np.argsort(-samples[abreast], kind="stable")]
    arrays = PathArrays(lengths, t, places, stroke)
    refused = lanes[_read_abreast(arrays, numbers, first[lanes], samples[lanes], begins[lanes], most_ms)]
    return _without(arrays, refused, begins) if len(refused) else arrays


def _numbers(paths: Sequence[str], axes: int) -> tuple[Numbers, Numbers, Numbers, NDArray[np.bool_], NDArray[np.bool_]]:
    """All numbers of all paths, and of each path: its first, how many, whether it is one, and whether any is large."""
    lengths = np.fromiter(map(len, paths), np.int64, len(paths))
    held = np.flatnonzero((lengths > 0) & (lengths <= MAX_STRING_LENGTH))
    first, count = np.zeros(len(paths), np.int64), np.zeros(len(paths), np.int64)
    is_read, is_large = np.zeros(len(paths), np.bool_), np.zeros(len(paths), np.bool_)
    if not len(held):
        return np.zeros(0, np.int64), first, count, is_read, is_large
    text = "".join([paths[path] for path in held.tolist()]).encode("ascii", "replace")
    value = _VALUES[np.frombuffer(text, np.uint8)]
    last = np.cumsum(lengths[held]) - 1
    # A path's last character ends its last number, whether it says so or not.
    ends = value < 32
    ends[last] = True
    begins = np.zeros(len(value), np.bool_)
    begins[0] = True
    begins[1:] = ends[:-1]
    starts, stops = np.flatnonzero(begins), np.flatnonzero(ends)
    digits = stops - starts + 1
    digit = np.arange(len(value)) - np.repeat(starts, digits)
    numbers = np.add.reduceat((value & 31) << 5 * np.minimum(digit, MOST_DIGITS), starts)
    wrong = np.add.reduceat((value < 0).astype(np.int64), starts) > 0
    wrong |= (value[stops] > 31) | (digits > MOST_DIGITS) | ((digits > 1) & (value[stops] == 0))
    stop = np.searchsorted(stops, last) + 1
    start = np.concatenate([np.zeros(1, np.int64), stop[:-1]])
    first[held], count[held] = start, stop - start
    # Which number of its path each is: the first ones, and two of three (one of two) of the others, have a sign.
    number = np.arange(len(numbers)) - np.repeat(start, stop - start)
    has_sign = (number < axes) | ((number - axes) % (axes + 1) != 0)
    wrong |= has_sign & (numbers == 1)
    is_read[held] = (np.add.reduceat(wrong.astype(np.int64), start) == 0) & ((stop - start) % (axes + 1) == axes)
    is_large[held] = np.maximum.reduceat(numbers, start) >= _MOST
    return numbers, first, count, is_read, is_large


def _read_abreast(
    arrays: PathArrays, numbers: Numbers, first: Numbers, samples: Numbers, begins: Numbers, most_ms: int
) -> NDArray[np.bool_]:
    """Fill the arrays in for paths in step, the longest first. Returns which of them cannot be read."""
    refused = np.zeros(len(first), np.bool_)
    if not len(first):
        return refused
    axes = len(arrays.places)
    signed = np.where(numbers & 1, -(numbers >> 1), numbers >> 1)
    place = [signed[first + axis] for axis in range(axes)]
    step = [np.zeros(len(first), np.int64) for _ in range(axes)]
    units, stroke = np.zeros(len(first), np.int64), np.zeros(len(first), np.int64)
    span = np.ones(len(first), np.int64)
    for axis in range(axes):
        arrays.places[axis][begins] = place[axis]
    at, here = first + axes, begins
    # How many paths have more samples than so many.
    active = len(first) - np.searchsorted(samples[::-1], np.arange(int(samples[0])), side="right")
    for more in active[1:]:
        at, here, units, stroke, span = at[:more], here[:more] + 1, units[:more], stroke[:more], span[:more]
        raw = numbers[at]
        fresh, time = raw & 1, raw >> 1
        units, stroke = units + time, stroke + fresh
        double = 2 * span
        for axis in range(axes):
            foretold = (2 * step[axis][:more] * time + span) // double
            made = signed[at + (1 + axis)] + np.where(fresh, 0, foretold)
            reached = place[axis][:more] + made
            beyond = np.abs(reached) > LARGEST
            if beyond.any():
                refused[:more] |= beyond
                reached[beyond] = made[beyond] = 0
            place[axis], step[axis] = reached, np.where(fresh, 0, made)
            arrays.places[axis][here] = reached
        arrays.t[here] = units * UNIT_MS
        # A scroll has no strokes: it goes on after a rest from where it was.
        arrays.stroke[here] = stroke if axes == 2 else 0
        span = np.maximum(time, 1)
        at = at + (axes + 1)
    refused |= arrays.t[begins + samples - 1] > most_ms
    return refused


def _without(arrays: PathArrays, refused: Numbers, begins: Numbers) -> PathArrays:
    lengths = arrays.lengths.copy()
    stays = np.ones(len(arrays.t), np.bool_)
    for path in refused:
        stays[begins[path] : begins[path] + lengths[path]] = False
    lengths[refused] = 0
    return PathArrays(lengths, arrays.t[stays], tuple(told[stays] for told in arrays.places), arrays.stroke[stays])


def _alone(path: str, axes: int, most_ms: int) -> PathColumns:
    columns = PathColumns()
    (columns.append if axes == 2 else columns.append_scroll)(path, most_ms)
    return columns
