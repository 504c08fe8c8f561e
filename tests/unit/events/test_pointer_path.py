"""Paths of pointer, touch and scroll: read from their texts, strictly, and as the tracker writes them."""

import json
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.collector.url_privacy import clean_url
from footfall.events import pointer_path

CASES: dict[str, list[dict[str, Any]]] = json.loads(
    (Path(__file__).resolve().parents[3] / "contract" / "paths.json").read_text("utf-8")
)
steps = st.lists(st.tuples(st.integers(0, 5_000), st.integers(-3_000, 3_000), st.integers(-3_000, 3_000)), min_size=1)


@pytest.mark.parametrize("case", CASES["valid"], ids=lambda case: case["what"])
def test_the_contracts_paths_are_read_as_it_says(case: dict[str, Any]) -> None:
    decode = pointer_path.decode if case["axes"] == 2 else pointer_path.decode_scroll
    assert [list(place) for place in decode(case["path"])] == case["decoded"]


@pytest.mark.parametrize("case", CASES["valid"], ids=lambda case: case["what"])
def test_what_the_tracker_left_out_lies_within_a_pixel_of_the_way(case: dict[str, Any]) -> None:
    for ms, *place in (sample[: case["axes"] + 1] for sample in case["samples"]):
        assert any(
            _is_near(place, ms, before, after)
            for before, after in [*pairwise(case["decoded"]), (case["decoded"][0], case["decoded"][0])]
        )


@pytest.mark.parametrize("case", [case for case in CASES["valid"] if case["axes"] == 2], ids=lambda case: case["what"])
def test_a_stroke_begins_wherever_a_sample_is_a_fresh_start(case: dict[str, Any]) -> None:
    fresh = [sample[:3] for sample in case["samples"] if len(sample) > 3]
    begins = [list(stroke[0]) for stroke in pointer_path.strokes(case["path"])]
    assert begins == [case["samples"][0], *fresh]
    assert [place for stroke in pointer_path.strokes(case["path"]) for place in stroke] == pointer_path.decode(
        case["path"]
    )


@pytest.mark.parametrize("case", CASES["invalid"], ids=lambda case: case["what"])
def test_a_text_that_is_no_path_is_refused_at_its_character(case: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=rf"^character {case['character']}: "):
        pointer_path.decode(case["path"])


def test_a_path_longer_than_a_property_may_be_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than 65536"):
        pointer_path.decode("A" * 65_537)


@given(start=st.tuples(st.integers(-10_000, 10_000), st.integers(0, 2_000_000)), steps=steps)
def test_what_is_written_is_read_back(start: tuple[int, int], steps: list[tuple[int, int, int]]) -> None:
    places = [
        (units * 10, x, y)
        for units, x, y in accumulate(
            [(0, *start), *steps], lambda at, by: (at[0] + by[0], at[1] + by[1], at[2] + by[2])
        )
    ]
    assert pointer_path.decode(pointer_path.encode(places)) == places


@given(path=st.text(alphabet="ABCDKgw/+9-", max_size=60))
def test_any_text_is_either_a_path_or_refused_with_its_place(path: str) -> None:
    places, problem = _read(path)
    assert problem.startswith("character ") if problem else places
    assert all(earlier[0] <= later[0] for earlier, later in pairwise(places))


@given(path=st.text(alphabet="AZaz09+/", min_size=1, max_size=40))
def test_the_cleaning_of_addresses_leaves_a_path_as_it_is(path: str) -> None:
    assert clean_url("/" + path, lambda _: False) == "/" + path


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"path": "goBwW"}, [(0, 640, 360)]),
        ({"path": [[50, 3, -4], [50, 1, 1]], "x": 10, "y": 20}, [(0, 10, 20), (50, 13, 16), (100, 14, 17)]),
        ({"path": [[16, 12, 25]]}, [(0, 0, 0), (16, 12, 25)]),
        ({"path": [], "x": 1.6, "y": 2}, [(0, 2, 2)]),
    ],
)
def test_a_path_is_read_in_its_newer_and_its_older_spelling(
    properties: dict[str, Any], expected: list[tuple[int, int, int]]
) -> None:
    assert pointer_path.points(properties) == expected


@pytest.mark.parametrize(
    ("properties", "place"),
    [
        ({}, "neither a text nor an array"),
        ({"path": 7}, "neither a text nor an array"),
        ({"path": "-"}, "character 0"),
        ({"path": [[1, 2]]}, r"path\[0\] is not"),
        ({"path": [[1, 2, 3], [1, 2, "3"]]}, r"path\[1\] is no number"),
        ({"path": [[1, 2, True]]}, r"path\[0\] is no number"),
        ({"path": [[1, 2, float("nan")]]}, r"path\[0\] is no number"),
        ({"path": [[-1, 2, 3]]}, r"path\[0\] goes back"),
        ({"path": [], "x": "1"}, "x is no number"),
    ],
)
def test_properties_without_a_path_that_can_be_read_are_refused(properties: dict[str, Any], place: str) -> None:
    with pytest.raises(ValueError, match=place):
        pointer_path.points(properties)


def _read(path: str) -> tuple[list[pointer_path.Point], str]:
    try:
        return pointer_path.decode(path), ""
    except ValueError as error:
        return [], str(error)


def _is_near(place: list[int], ms: int, before: list[int], after: list[int]) -> bool:
    if not before[0] <= ms <= after[0]:
        return False
    part = (ms - before[0]) / ((after[0] - before[0]) or 1)
    way = [start + (end - start) * part for start, end in zip(before[1:], after[1:], strict=True)]
    return all(abs(found - expected) <= 1.0001 for found, expected in zip(place, way, strict=True)) or (
        ms == after[0] and place == after[1:]
    )
