"""What a run adds to the totals of a day comes to what counting the whole day gives."""

from pathlib import Path
from typing import Any

import pytest

from footfall.events.model import Page
from footfall.events.raw_line import RawLine
from tests.lakes import DAY, MINUTE, NOON, SmallLake, event, line

HOME = Page(url="https://shop.example/home")


def click(n: int, x: int = 5, name: str = "click", **fields: Any) -> RawLine:
    properties = {"x": x, "y": 5, "width": 1000, "height": 4000, **fields.pop("properties", {})}
    return line(event(NOON + n, name, id=f"c{n}", page=HOME, properties=properties), **fields)


ROWS = {
    "a visitor comes back to a cell": [click(1)],
    "another visitor comes to it": [click(2, visitor="w")],
    "a new cell, property and name": [click(3, x=500), click(4, name="tap", properties={"size": 1})],
    "a copy that came later": [click(0, received=NOON + DAY, sent_at=NOON + DAY)],
    "a copy that came first": [click(0, received=NOON + 1, sent_at=NOON + 1, visitor="w")],
    "the visitor is a bot": [click(5, name="page_view", properties={"webdriver": True})],
    "nobody's event": [click(6, visitor="")],
    "late": [click(7, received=NOON + 3 * DAY, sent_at=NOON + 3 * DAY)],
}


@pytest.mark.parametrize("rows", ROWS.values(), ids=ROWS)
def test_a_day_that_grows_is_as_if_it_had_come_at_once(tmp_path: Path, rows: list[RawLine]) -> None:
    lived, clean = SmallLake(tmp_path / "lived"), SmallLake(tmp_path / "clean")
    lived.put("a", [click(0), click(9 * MINUTE, x=700)])
    lived.run()
    lived.put("b", rows)
    lived.run()
    clean.put("a", [click(0), click(9 * MINUTE, x=700)])
    clean.put("b", rows)
    clean.run()
    assert lived.tables() == clean.tables()


def test_who_was_a_bot_comes_into_the_map_where_the_verdict_changes(tmp_path: Path) -> None:
    bot = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
    lived, clean = SmallLake(tmp_path / "lived"), SmallLake(tmp_path / "clean")
    alone, with_more = [click(0, user_agent=bot)], [click(1)]
    lived.put("a", alone)
    lived.run()
    assert lived.query("SELECT count(*) FROM heatmap") == [(0,)]
    lived.put("b", with_more)
    lived.run()
    clean.put("a", alone)
    clean.put("b", with_more)
    clean.run()
    assert lived.query("SELECT samples, visitors FROM heatmap") == [(2, 1)]
    assert lived.tables() == clean.tables()
