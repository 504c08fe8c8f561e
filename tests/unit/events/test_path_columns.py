"""Paths read into columns: they say what `pointer_path` says, a path at a time."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.events import pointer_path
from footfall.events.path_columns import PathColumns

CASES: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).resolve().parents[3] / "contract" / "paths.json").read_text("utf-8")
)
LONG = 2**62


def truth(path: str) -> list[tuple[int, int, int, int]] | None:
    try:
        return [(*place, stroke) for stroke, places in enumerate(pointer_path.strokes(path)) for place in places]
    except ValueError:
        return None


def truth_of_scroll(path: str) -> list[tuple[int, None, int, int]] | None:
    try:
        return [(t, None, y, 0) for t, y in pointer_path.decode_scroll(path)]
    except ValueError:
        return None


def read(path: str) -> list[tuple[int, int | None, int, int]] | None:
    columns = PathColumns()
    return _rows(columns) if columns.append(path, LONG) else None


def read_scroll(path: str) -> list[tuple[int, int | None, int, int]] | None:
    columns = PathColumns()
    return _rows(columns) if columns.append_scroll(path, LONG) else None


def _rows(columns: PathColumns) -> list[tuple[int, int | None, int, int]]:
    return list(zip(columns.t, columns.x, columns.y, columns.stroke, strict=True))


@pytest.mark.parametrize("path", [case["path"] for cases in CASES.values() for case in cases if "path" in case])
def test_the_golden_paths_are_read_alike(path: Any) -> None:
    if isinstance(path, str):
        assert read(path) == truth(path)
        assert read_scroll(path) == truth_of_scroll(path)


places = st.lists(st.tuples(st.integers(0, 3_000), st.integers(-5_000, 5_000), st.integers(-5_000, 5_000)), min_size=1)
characters = st.text("ABCDEgheijk/9f?", max_size=24)


@given(places, characters, st.integers(0, 60))
def test_what_was_written_and_what_was_not_is_read_alike(way: list[tuple[int, int, int]], noise: str, cut: int) -> None:
    way.sort()
    whole = pointer_path.encode(way)
    for path in (whole, whole[:cut] + noise, whole[:cut] + noise + whole[cut:], noise):
        assert read(path) == truth(path)
        assert read_scroll(path) == truth_of_scroll(path)


def test_a_path_that_cannot_be_read_adds_nothing() -> None:
    columns = PathColumns()
    assert columns.append(pointer_path.encode([(0, 5, 6), (50, 7, 8)]), LONG)
    assert not columns.append("goBwW?", LONG)
    assert not columns.append(pointer_path.encode([(0, 5, 6), (50, 7, 8)]), 40)
    assert _rows(columns) == [(0, 5, 6, 0), (50, 7, 8, 0)]
