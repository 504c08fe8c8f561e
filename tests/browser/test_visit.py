"""A visit to the demo shop: what the lake says of it is what was done, no more and no less."""

import json
import math
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from tests.browser.chromium import Remote
from tests.browser.front_door import Delivery
from tests.browser.hand import Hand, Place
from tests.browser.world import Site, World

AWAY_MS = 50_000
"""The page's clock begins so far behind the collector's: below a minute, the lake takes it as it is."""


_WATCH = """{
  let began, deepest = 0;
  const look = () => {
    const seen = Math.round((100 * (scrollY + innerHeight)) / document.documentElement.scrollHeight);
    deepest = Math.max(deepest, seen);
  };
  document.addEventListener("load", ({ target }) => {
    if (target.src?.endsWith("/footfall.js")) began = Date.now();
  }, true);
  document.addEventListener("scroll", look);
  addEventListener("pagehide", () => {
    if (!began) return;
    look();
    const watched = JSON.parse(sessionStorage.watched ?? "[]");
    sessionStorage.watched = JSON.stringify([...watched, [Date.now() - began, Math.min(100, deepest)]]);
  });
}"""
"""Notes, as a page goes, for how long the tracker was there by the page's clock, and how deep it was scrolled."""


def test_a_visit_through_the_shop_is_in_the_lake_as_it_was(profile: Remote, world: World) -> None:
    world.door.turn("fair")
    shop = world.shop()
    known = len(shop.deliveries)
    page = profile.remote("newPage")
    page.call("clock.install", {"time": page.evaluate("Date.now()") - AWAY_MS})
    page.call("addInitScript", _WATCH)
    page.call("goto", f"{world.door.url}/shop/")
    hand = Hand(page)
    paths = ["/shop/"]

    def go(selector: str, path: str) -> None:
        """Click, and wait until the next page is there."""
        hand.click(selector)
        page.call("waitForURL", f"**{path}")
        page.wait_until("window.ff && !ff.q")
        paths.append(path)

    hand.click("#accept")
    hand.move(300, 300)
    page.call("mouse.wheel", 0, 300)
    page.wait_until("scrollY === 300")
    page.call("clock.runFor", 16_000)
    hand.move(500, 200)
    go("nav a[href$=seeds]", "/shop/c/seeds")
    page.call("clock.runFor", 2_000)
    go("[data-ff-item=se-01] a", "/shop/p/basil-seeds")
    hand.click("quantity-picker >>> [data-ff=more]")
    page.call("clock.runFor", 3_000)
    hand.click("#add")
    go("a.basket", "/shop/cart")
    go("[data-ff=checkout]", "/shop/checkout")
    for name in ("name", "street", "town"):
        page.call("fill", f"#checkout [name={name}]", "Somebody")
    page.call("clock.runFor", 4_000)
    go("#checkout button", "/shop/checkout/done")
    page.call("goto", world.site().raw_page("", "<p>Elsewhere"))
    watched = json.loads(page.evaluate("sessionStorage.watched"))
    page.call("close")
    world.door.wait_for(shop.key, lambda all_of: _count(all_of[known:], "page_leave") == 6)
    visitor = shop.visitor_since(known)

    columns = "page_views, conversions, value, landing_path, exit_path, is_bot"
    assert shop.rows(f"SELECT {columns} FROM sessions WHERE visitor = '{visitor}'") == [
        (6, 1, Decimal("3.84"), "/shop/", "/shop/checkout/done", False)
    ]
    views = shop.ask(
        f"SELECT page_path, engaged_ms, scroll_depth FROM page_views WHERE visitor = '{visitor}' ORDER BY position"
    )
    assert [path for path, *_ in views] == paths
    for (path, engaged, depth), (milliseconds, deepest) in zip(views, watched, strict=True):
        assert engaged == pytest.approx(milliseconds, abs=1_000), path
        assert depth == deepest, path
    clicks = shop.ask(
        f"SELECT x, y, target, item FROM events WHERE name = 'click' AND visitor = '{visitor}' ORDER BY event_time"
    )
    assert [(x, y) for x, y, *_ in clicks] == hand.clicks
    assert clicks[3][2] == '[data-ff="more"]'
    assert clicks[2][3] == "se-01"
    high = shop.ask(f"SELECT name FROM events WHERE level = 'high' AND visitor = '{visitor}' ORDER BY event_time")
    assert [name for (name,) in high] == ["product_view", "add_to_cart", "begin_checkout", "purchase"]
    forms = _told(shop, "form", visitor)
    assert forms == [{"action": "start", "form": "checkout"}, {"action": "submit", "form": "checkout"}]
    shown = {one["item"] for one in _told(shop, "impression", visitor)}
    assert {"li-01", "po-01", "to-01", "se-01", "se-02"} <= shown
    said = " ".join(one.body.decode() for one in shop.deliveries)
    assert "Somebody" not in said
    for name in ("rage_click", "dead_click", "error"):
        assert _told(shop, name, visitor) == [], name


def test_the_path_of_the_pointer_is_the_way_that_it_went(profile: Remote, world: World) -> None:
    site = world.site()
    page = profile.remote("newPage")
    page.call("goto", site.page(body="<p style='height:2000px'>x"))
    hand = Hand(page)
    for x, y in ((100, 100), (600, 100), (600, 500), (200, 600)):
        hand.move(x, y)
        page.wait_until("new Promise((done) => setTimeout(done, 150, true))")
    page.call("close")
    site.wait_for("pointer", "page_leave")
    world.take_in()
    hand_columns = "path, document_width, document_height"
    ((path, width, height),) = site.ask(f"SELECT {hand_columns} FROM events WHERE name = 'pointer'")
    points = [(place["x"], place["y"]) for place in path]
    assert width == 1_000
    assert height > 2_000
    assert points[-1] == hand.corners[-1]
    for corner in hand.corners:
        assert min(math.dist(corner, point) for point in points) <= 1.5, corner
    way = [(0, 0), *hand.corners]
    for point in points:
        assert min(_distance(point, *leg) for leg in pairwise(way)) <= 1.5, point


def test_two_visitors_make_two_sessions(profile: Remote, world: World) -> None:
    shop = world.shop()
    known = len(shop.deliveries)
    contexts = [profile, profile.remote("browser").remote("newContext")]
    for context in contexts:
        page = context.remote("newPage")
        page.call("goto", f"{world.door.url}/shop/")
        page.call("click", "#accept")
        page.evaluate("ff('flush')")
    world.door.wait_for(shop.key, lambda all_of: _count(all_of[known:], "page_view") == 2)
    visitors = {one.batch["visitor"] for one in shop.deliveries[known:]}
    rows = shop.rows("SELECT visitor FROM sessions")
    assert sorted(visitor for (visitor,) in rows if visitor in visitors) == sorted(visitors)
    assert len(visitors) == 2
    contexts[1].call("close")


def _count(deliveries: Sequence[Delivery], name: str) -> int:
    stored = [event for one in deliveries if one.status == 200 for event in one.events]
    return len({event["id"] for event in stored if event["name"] == name})


def _told(site: Site, name: str, visitor: str) -> list[dict[str, Any]]:
    """The properties of a visitor's events of a name."""
    rows = site.ask(
        f"SELECT properties FROM events WHERE name = '{name}' AND visitor = '{visitor}' ORDER BY event_time, event_id"
    )
    return [json.loads(text) for (text,) in rows]


def _distance(point: Place, begin: Place, end: Place) -> float:
    """From a point to a straight line between two others."""
    along = (end[0] - begin[0], end[1] - begin[1])
    length = along[0] ** 2 + along[1] ** 2
    done = ((point[0] - begin[0]) * along[0] + (point[1] - begin[1]) * along[1]) / length if length else 0.0
    done = min(1.0, max(0.0, done))
    return math.dist(point, (begin[0] + along[0] * done, begin[1] + along[1] * done))
