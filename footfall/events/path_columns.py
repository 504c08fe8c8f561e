"""The places of many paths, in columns: what `pointer_path` reads a path at a time, and several times faster."""

import re
from dataclasses import dataclass, field

from footfall.events.model import MAX_STRING_LENGTH
from footfall.events.pointer_path import LARGEST, UNIT_MS, read_number

# A number ends at a character whose value is below 32; at most seven characters tell one.
_numbers = re.compile("[g-z0-9+/]{0,6}[A-Za-f]").findall


@dataclass
class PathColumns:
    """Places, one after the other: milliseconds since the event's time, x (None for a scroll), y, and the stroke."""

    t: list[int] = field(default_factory=list)
    x: list[int | None] = field(default_factory=list)
    y: list[int] = field(default_factory=list)
    stroke: list[int] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.t)

    def append(self, path: str, most_ms: int) -> bool:
        """Add the places of a `pointer` or `touch` path; nothing where it cannot be read or lasts longer than that."""
        found = _numbers(path)
        if len(found) % 3 != 2 or not _is_whole(path, found):
            return False
        numbers = [_VALUES[number] for number in found]
        if None in numbers:
            return False
        return self._append_two(numbers, most_ms)  # type: ignore[arg-type]

    def append_scroll(self, path: str, most_ms: int) -> bool:
        """Add the places of a `scroll` path; nothing where it cannot be read or lasts longer than that."""
        found = _numbers(path)
        if len(found) % 2 != 1 or not _is_whole(path, found):
            return False
        numbers = [_VALUES[number] for number in found]
        if None in numbers:
            return False
        return self._append_one(numbers, most_ms)  # type: ignore[arg-type]

    def _append_two(self, numbers: list[int], most_ms: int) -> bool:
        x, y = _signed(numbers[0]), _signed(numbers[1])
        if x is None or y is None or not -LARGEST <= x <= LARGEST or not -LARGEST <= y <= LARGEST:
            return False
        ts, xs, ys, strokes = [0], [x], [y], [0]
        units = stroke = step_x = step_y = 0
        span = 1
        rest = iter(numbers[2:])
        for raw, residual_x, residual_y in zip(rest, rest, rest, strict=True):
            if residual_x == 1 or residual_y == 1:
                return False
            time = raw >> 1
            made_x = -(residual_x >> 1) if residual_x & 1 else residual_x >> 1
            made_y = -(residual_y >> 1) if residual_y & 1 else residual_y >> 1
            if raw & 1:
                stroke += 1
                x += made_x
                y += made_y
                step_x = step_y = 0
            else:
                double = 2 * span
                step_x = made_x + (2 * step_x * time + span) // double
                step_y = made_y + (2 * step_y * time + span) // double
                x += step_x
                y += step_y
            if not -LARGEST <= x <= LARGEST or not -LARGEST <= y <= LARGEST:
                return False
            units += time
            span = time or 1
            ts.append(units * UNIT_MS)
            xs.append(x)
            ys.append(y)
            strokes.append(stroke)
        if units * UNIT_MS > most_ms:
            return False
        self.t += ts
        self.x += xs
        self.y += ys
        self.stroke += strokes
        return True

    def _append_one(self, numbers: list[int], most_ms: int) -> bool:
        y = _signed(numbers[0])
        if y is None or not -LARGEST <= y <= LARGEST:
            return False
        ts, ys = [0], [y]
        units = step = 0
        span = 1
        rest = iter(numbers[1:])
        for raw, residual in zip(rest, rest, strict=True):
            if residual == 1:
                return False
            time = raw >> 1
            made = -(residual >> 1) if residual & 1 else residual >> 1
            if raw & 1:
                step = 0
                y += made
            else:
                step = made + (2 * step * time + span) // (2 * span)
                y += step
            if not -LARGEST <= y <= LARGEST:
                return False
            units += time
            span = time or 1
            ts.append(units * UNIT_MS)
            ys.append(y)
        if units * UNIT_MS > most_ms:
            return False
        self.t += ts
        self.x += [None] * len(ts)
        self.y += ys
        self.stroke += [0] * len(ts)
        return True


def _is_whole(path: str, found: list[str]) -> bool:
    return sum(map(len, found)) == len(path) <= MAX_STRING_LENGTH


def _signed(raw: int) -> int | None:
    return None if raw == 1 else -(raw >> 1) if raw & 1 else raw >> 1


class _Values(dict[str, int | None]):
    """The unsigned number that characters tell, None where they are no such number; the short ones are kept."""

    def __missing__(self, text: str) -> int | None:
        try:
            value, _ = read_number(text, 0)
        except ValueError:
            return None
        if len(text) <= 2:
            self[text] = value
        return value


_VALUES = _Values()
