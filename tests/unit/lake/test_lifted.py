"""Which properties become columns, and what becomes of those that are not as they should be."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.events.pointer_path import encode
from footfall.lake.lifted import COLUMNS, lift

CASES = Path(__file__).resolve().parents[3] / "contract" / "paths.json"


def one(event: str, properties: dict[str, Any]) -> list[Any]:
    """The columns of one event."""
    return [column.to_pylist()[0] for column in lift([event], ["mid"], [properties])[0]]


def lifted(properties: dict[str, Any], event: str = "any") -> dict[str, object]:
    """The columns that are not NULL; the shape, which is of all properties, aside."""
    named = zip(COLUMNS, one(event, properties), strict=True)
    return {column: value for column, value in named if value is not None and column != "shape"}


def priced(item: str, quantity: object = None, value: object = None) -> dict[str, object]:
    return {"item": item, "quantity": quantity, "value": value}


@pytest.mark.parametrize(
    ("properties", "columns"),
    [
        pytest.param({}, {}, id="nothing"),
        pytest.param({"colour": "red"}, {}, id="what has no column"),
        pytest.param({"item": "p-1"}, {"item": "p-1"}, id="an item"),
        pytest.param({"item": 7}, {"item": "7"}, id="an item with a number for a name"),
        pytest.param({"product_id": "p-1", "item_id": "p-2"}, {"item": "p-1"}, id="an item as others name it"),
        pytest.param(
            {"targetEntityType": "item", "targetEntityId": "i-1"}, {"item": "i-1"}, id="an item of PredictionIO"
        ),
        pytest.param({"targetEntityType": "user", "targetEntityId": "u"}, {}, id="a target that is no item"),
        pytest.param({"item": ["p-1"]}, {}, id="an item that is a list"),
        pytest.param({"items": ["a", 2]}, {"items": [priced("a"), priced("2")]}, id="items by their names"),
        pytest.param(
            {"items": [{"item": "a", "quantity": 2, "value": "9.99"}]},
            {"items": [priced("a", Decimal("2.0000"), Decimal("9.9900"))]},
            id="items told in full",
        ),
        pytest.param(
            {"products": [{"product_id": "a", "price": 3, "quantity": 0.5}]},
            {"items": [priced("a", Decimal("0.5000"), Decimal("3.0000"))]},
            id="Segment's products",
        ),
        pytest.param({"items": 3}, {}, id="the number of items"),
        pytest.param({"items": [None, {}, [], True, "a"]}, {"items": [priced("a")]}, id="items that name nothing"),
        pytest.param({"items": ["a"] * 1001}, {}, id="more items than a basket holds"),
        pytest.param({"items": []}, {"items": []}, id="an empty basket"),
        pytest.param(
            {"list": "home", "position": 3, "item": "a"},
            {"item": "a", "item_list": "home", "item_position": 3},
            id="an impression",
        ),
        pytest.param({"query": "red shoes"}, {"search_query": "red shoes"}, id="a search"),
        pytest.param(
            {"x": 10, "y": -2, "width": 1200, "height": 5000, "target": "#buy"},
            {"x": 10, "y": -2, "document_width": 1200, "document_height": 5000, "target": "#buy"},
            id="a click",
        ),
        pytest.param({"x": 1e300, "y": "1", "width": -1}, {}, id="places that are none"),
        pytest.param(
            {"metric": "lcp", "value": 2500.5, "rating": "good"},
            {"metric": "LCP", "value": Decimal("2500.5000")},
            id="a web vital",
        ),
        pytest.param({"value": "99999999999999.99999"}, {}, id="a value that is too large once it is rounded"),
        pytest.param(
            {"items": [{"item": "a", "value": "99999999999999.99999"}]}, {"items": [priced("a")]}, id="an item's, too"
        ),
        pytest.param({"webdriver": True}, {"webdriver": True}, id="a driven browser"),
        pytest.param({"webdriver": "true"}, {}, id="a flag that is text"),
        pytest.param({"engaged_ms": -1, "scroll_depth": 101}, {}, id="figures out of bounds"),
    ],
)
def test_properties_become_columns(properties: dict[str, Any], columns: dict[str, object]) -> None:
    assert lifted(properties) == columns


def places(*rows: tuple[int, ...]) -> list[dict[str, int | None]]:
    return [{"t": t, "x": x, "y": y, "stroke": stroke[0] if stroke else 0} for t, x, y, *stroke in rows]


@pytest.mark.parametrize(
    ("event", "properties", "path"),
    [
        pytest.param(
            "pointer", {"x": 5, "y": 6, "path": [[50, 1, -2], [0, 3, 4]]}, places((0, 5, 6), (50, 6, 4), (50, 9, 8)),
            id="steps from a place",
        ),
        pytest.param("pointer", {"x": 5, "y": 6, "path": []}, places((0, 5, 6)), id="a path of one place"),
        pytest.param("pointer", {"path": [[50, 1, 2]]}, None, id="steps from nowhere"),
        pytest.param("pointer", {"x": 5, "y": 6, "path": [[-1, 1, 2]]}, None, id="steps back in time"),
        pytest.param("pointer", {"x": 5, "y": 6, "path": [[1, 1]]}, None, id="a step that lacks a number"),
        pytest.param("pointer", {"x": 5, "y": 6, "path": [[1, 1, None]]}, None, id="a step that is no number"),
        pytest.param("pointer", {"x": 5, "y": 6, "path": [[1, 2**31 - 1, 1]] * 2}, None, id="a path off the page"),
        pytest.param("pointer", {"x": 5, "y": 6, "path": [[1, 0, 0]] * 30_001}, None, id="a path too long"),
        pytest.param("pointer", {"x": 5, "y": 6, "path": [[2**31 - 1, 0, 0]]}, None, id="a path of weeks"),
        pytest.param("pointer", {"path": encode([(0, 5, 6), (50, 7, 8)])}, places((0, 5, 6), (50, 7, 8)), id="a text"),
        pytest.param("touch", {"path": "goBwW"}, places((0, 640, 360)), id="a touch of one place"),
        pytest.param("pointer", {"path": "goBwW?"}, None, id="a text that is no path"),
        pytest.param("pointer", {"path": ""}, None, id="an empty text"),
        pytest.param("breadcrumbs", {"x": 5, "y": 6, "path": [[1, 1, 1]]}, None, id="a path of another event"),
        pytest.param("pointer", {"path": {"x": 1}}, None, id="an object"),
    ],
)  # fmt: skip
def test_a_path_is_decoded_or_null(event: str, properties: dict[str, Any], path: object) -> None:
    assert one(event, properties)[-1] == path


def test_strokes_of_a_path_are_told_apart() -> None:
    path = json.loads(CASES.read_text())["valid"]
    known = [case["path"] for case in path if case["axes"] == 2]
    found: list[Any] = [one("pointer", {"path": text})[-1] for text in known]
    assert all(isinstance(places, list) and places for places in found)
    assert max(place["stroke"] for places in found for place in places) > 0, "no golden case rests in between"


def test_a_scroll_has_no_x() -> None:
    assert one("scroll", {"path": encode([(0, 100), (50, 240)])})[-1] == [
        {"t": 0, "x": None, "y": 100, "stroke": 0},
        {"t": 50, "x": None, "y": 240, "stroke": 0},
    ]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["item", "value", "x"]), inner),
    max_leaves=8,
)
known = st.sampled_from(["items", "products", "item", "x", "y", "path", "value", "width", "metric", "quantity"])


@given(st.sampled_from(["pointer", "scroll", "purchase"]), st.dictionaries(known, json_values))
def test_no_properties_stop_a_run(event: str, properties: dict[str, Any]) -> None:
    for column, kind in zip(lift([event], ["low"], [properties])[0], COLUMNS.values(), strict=True):
        assert (len(column), column.type) == (1, kind)
        column.validate(full=True)


@pytest.mark.parametrize(
    ("event", "level", "properties", "left"),
    [
        pytest.param("pointer", "low", {"path": encode([(0, 3, 4)]), "width": 800, "height": 600}, {}, id="a path"),
        pytest.param("pointer", "low", {"path": "no path", "width": 800}, {"path": "no path"}, id="an unread path"),
        pytest.param("pointer", "high", {"path": encode([(0, 3, 4)])}, None, id="a path of the customer's own"),
        pytest.param("click", "low", {"x": 1, "y": 2, "target": "a", "item": "p"}, {}, id="a click"),
        pytest.param("click", "low", {"x": 1.5, "y": 2.0, "item": 7}, None, id="what a column does not hold exactly"),
        pytest.param(
            "click", "low", {"x": 1, "colour": "red", "value": 3}, {"colour": "red", "value": 3}, id="the rest"
        ),
        pytest.param("click", "low", {"x": True, "target": ""}, None, id="another type"),
        pytest.param("click", "low", {"x": 1, "y": None}, {"y": None}, id="null"),
        pytest.param("click", "high", {"x": 1}, None, id="a click of the customer's own"),
        pytest.param("zoom", "low", {"x": 1}, None, id="another event of the hand"),
    ],
)
def test_of_the_hand_properties_keep_what_no_column_holds(
    event: str, level: str, properties: dict[str, Any], left: dict[str, Any] | None
) -> None:
    before = json.dumps(properties)
    # What is beside it makes no difference.
    _, (rest, _) = lift([event, "click"], [level, "low"], [properties, {"x": 5, "y": 6}])
    assert json.dumps(rest) == json.dumps(properties if left is None else left)
    assert json.dumps(properties) == before
