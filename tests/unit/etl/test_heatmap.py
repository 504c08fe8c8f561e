"""Where on a page visitors click, point and touch."""

from pathlib import Path
from typing import Any

import pytest

from footfall.events.model import Page
from footfall.events.pointer_path import encode
from footfall.events.raw_line import RawEvent
from tests.lakes import DAY, NOON, SmallLake, event, line

HOME = Page(url="https://shop.example/home?x=1")


def click(n: int, x: int, y: int, width: int = 1000, **fields: Any) -> RawEvent:
    properties = {"x": x, "y": y, "width": width, "height": 4000}
    return event(NOON + n, "click", id=f"c{n}", page=HOME, properties=properties, **fields)


def moved(n: int, places: list[tuple[int, int, int]], name: str = "pointer", width: int = 1000) -> RawEvent:
    properties = {"path": encode(places), "width": width, "height": 4000}
    return event(NOON + n, name, id=f"m{n}", page=HOME, properties=properties)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    lake = SmallLake(tmp_path_factory.mktemp("heat") / "lake")
    first = [click(1, 0, 0), click(2, 9, 19), click(3, 10, 20), click(4, 999, 45), click(5, 5_000, -3)]
    ways = [
        # 200 ms in four steps of 100 px: a sample at each, and one where it ends.
        moved(10, [(0, 0, 100), (200, 400, 100)]),
        moved(11, [(0, 300, 500)], name="touch", width=400),
    ]
    nobody = [click(20, 500, 500, width=0), event(NOON + 21, "click", page=HOME, properties={"x": 1, "y": 1})]
    lake.put("a", [line(*first, *ways, *nobody), line(click(6, 1, 1), visitor="w")])
    bot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    lake.put("b", [line(event(NOON, "page_view", id="bot"), click(7, 1, 1), visitor="bot", user_agent=bot)])
    lake.run()
    return lake


def cells(lake: SmallLake, where: str) -> list[tuple[Any, ...]]:
    return lake.query(f"SELECT cell_x, cell_y, samples, visitors FROM heatmap WHERE {where} ORDER BY cell_x, cell_y")


def test_clicks_are_counted_by_cell_of_people_only(lake: SmallLake) -> None:
    assert cells(lake, "kind = 'click'") == [(0, 0, 3, 2), (1, 1, 1, 1), (99, 0, 1, 1), (99, 2, 1, 1)]


def test_a_way_is_sampled_every_50_ms(lake: SmallLake) -> None:
    found = cells(lake, "kind = 'move'")
    assert found == [(0, 5, 1, 1), (10, 5, 1, 1), (20, 5, 1, 1), (30, 5, 1, 1), (40, 5, 1, 1)]


def test_a_way_goes_on_in_the_paths_order_where_two_places_are_of_one_moment(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    lake.put("a", [line(moved(1, [(0, 0, 100), (200, 400, 100), (200, 300, 100)]))])
    lake.run()
    assert cells(lake, "true") == [(0, 5, 1, 1), (10, 5, 1, 1), (20, 5, 1, 1), (30, 5, 2, 1), (40, 5, 1, 1)]


def test_a_cell_is_relative_to_the_documents_width(lake: SmallLake) -> None:
    found = lake.query("SELECT width_class, kind, cell_x, cell_y FROM heatmap WHERE kind = 'touch'")
    assert found == [("narrow", "touch", 75, 25)]


def test_a_page_is_its_host_and_path(lake: SmallLake) -> None:
    found = lake.query("SELECT DISTINCT tenant, day, page_host, page_path FROM heatmap")
    assert [(*map(str, row),) for row in found] == [("shop", "2025-10-09", "shop.example", "/home")]


def test_who_turns_out_to_be_a_bot_leaves_the_map(lake: SmallLake) -> None:
    late = line(
        event(NOON + 30, "page_view", id="driven", properties={"webdriver": True}),
        visitor="w",
        received=NOON + DAY,
        sent_at=NOON + DAY,
    )
    lake.put("c", [late])
    lake.run()
    assert cells(lake, "kind = 'click' AND cell_x = 0") == [(0, 0, 2, 1)]
