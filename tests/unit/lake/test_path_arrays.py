"""Paths read at once: they say what `pointer_path` says, a path at a time."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.events import pointer_path
from footfall.lake.path_arrays import read_texts

CASES: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).resolve().parents[3] / "contract" / "paths.json").read_text("utf-8")
)
LONG = 2**31
MANY = 20
ORDINARY = [pointer_path.encode([(0, 5, 6), (50 * many, 7, 8 - many), (90 * many, 9, 3)]) for many in range(1, MANY)]

Place = tuple[int, ...]


def truth(path: str, axes: int, most_ms: int = LONG) -> list[Place]:
    """The places of a path with their strokes; none where it cannot be read."""
    try:
        if axes == 1:
            found: list[Place] = [(t, y, 0) for t, y in pointer_path.decode_scroll(path)]
        else:
            found = [(*place, stroke) for stroke, way in enumerate(pointer_path.strokes(path)) for place in way]
    except ValueError:
        return []
    return found if found[-1][0] <= most_ms else []


def read(paths: list[str], axes: int, most_ms: int = LONG) -> list[list[Place]]:
    """The same of many."""
    arrays = read_texts(paths, axes, most_ms)
    columns = [arrays.t.tolist(), *(told.tolist() for told in arrays.places), arrays.stroke.tolist()]
    rows: list[Place] = list(zip(*columns, strict=True))
    found = []
    for length in arrays.lengths.tolist():
        found.append(rows[:length])
        rows = rows[length:]
    assert rows == []
    return found


@pytest.mark.parametrize("axes", [1, 2])
def test_the_golden_paths_are_read_alike(axes: int) -> None:
    told = [case["path"] for cases in CASES.values() for case in cases if isinstance(case.get("path"), str)]
    assert len(told) > MANY
    assert read(told, axes) == [truth(path, axes) for path in told]


places = st.lists(
    st.tuples(st.integers(0, 3_000), st.integers(-5_000, 5_000), st.integers(-5_000, 5_000)), min_size=1, max_size=8
)
characters = st.text("ABCDEgheijk/9f?ä", max_size=24)
numbers = st.text("ABCDEgheijk/9f", min_size=2, max_size=40)


@st.composite
def paths(draw: st.DrawFn) -> str:
    """A path as it is written, one that was cut or changed, or noise."""
    way = sorted(draw(places))
    whole = pointer_path.encode(way if draw(st.booleans()) else [(t, y) for t, _, y in way])
    cut = draw(st.integers(0, 60))
    noise = draw(characters)
    return draw(st.sampled_from([whole, whole[:cut] + noise, whole[:cut] + noise + whole[cut:], noise, draw(numbers)]))


@given(st.lists(paths(), max_size=30), st.sampled_from([1, 2]), st.sampled_from([LONG, 2_000]))
def test_many_are_read_as_each_is(told: list[str], axes: int, most_ms: int) -> None:
    several = [*told, *ORDINARY]
    assert read(several, axes, most_ms) == [truth(path, axes, most_ms) for path in several]
    assert read(told, axes, most_ms) == [truth(path, axes, most_ms) for path in told]


def test_a_path_that_runs_away_leaves_the_others_as_they_are() -> None:
    # A long time after a short one foretells a step that leaves the page.
    away = pointer_path.encode([(0, 0, 0), (10, 4_000, 0)]) + "ggggC" + "AA" + "C" + "AA"
    assert truth(away, 2) == []
    several = [*ORDINARY, away, *ORDINARY]
    assert read(several, 2) == [truth(path, 2) for path in several]


def test_a_path_much_longer_than_the_others_is_read() -> None:
    long = pointer_path.encode([(10 * step, step * step % 977, step % 5) for step in range(3_000)])
    several = [*ORDINARY, long]
    assert read(several, 2) == [truth(path, 2) for path in several]
