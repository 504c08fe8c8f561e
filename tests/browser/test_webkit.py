"""What is told of a page in WebKit, which here has no beacons and no back-forward cache: all of it, at the latest with
the next page.
"""

import math
from collections.abc import Iterator

import pytest

from footfall.errors import FootfallError
from footfall.local.java import find_java
from tests.browser.hand import Hand
from tests.browser.webkit import JAVA, WebKit
from tests.browser.world import Site, World

_WATCH = """<script>problems = [];
addEventListener("error", ({ message }) => problems.push(message));
addEventListener("unhandledrejection", ({ reason }) => problems.push(`${reason}`));
</script>"""


@pytest.fixture
def page() -> Iterator[WebKit]:
    try:
        find_java(version=JAVA)
    except FootfallError as error:
        pytest.skip(f"no WebKit: {error}")
    with WebKit() as started:
        yield started


def test_a_visit_through_the_shop_is_in_the_lake_as_it_was(page: WebKit, world: World) -> None:
    world.door.turn("fair")
    shop = world.shop()
    known = len(shop.deliveries)
    hand = Hand(page)
    paths = ["/shop/"]

    def go(selector: str, path: str) -> None:
        hand.click(selector)
        page.wait_until(f"location.pathname === '{path}' && document.readyState === 'complete' && window.ff && !ff.q")
        paths.append(path)

    page.goto(f"{world.door.url}/shop/")
    hand.click("#accept")
    hand.move(300, 300)
    go("nav a[href$=seeds]", "/shop/c/seeds")
    go("[data-ff-item=se-01] a", "/shop/p/basil-seeds")
    hand.click("quantity-picker >>> [data-ff=more]")
    hand.click("#add")
    go("a.basket", "/shop/cart")
    page.goto(f"{world.door.url}/shop/")
    paths.append("/shop/")
    world.door.wait_for(
        shop.key,
        lambda all_of: sum(event["name"] == "page_leave" for one in all_of[known:] for event in one.events) == 4,
    )
    visitor = shop.visitor_since(known)

    assert shop.rows(f"SELECT page_views, landing_path, browser, is_bot FROM sessions WHERE visitor = '{visitor}'") == [
        (5, "/shop/", "Safari", False)
    ]
    views = shop.ask(f"SELECT page_path FROM page_views WHERE visitor = '{visitor}' ORDER BY position")
    assert [path for (path,) in views] == paths
    clicks = shop.ask(f"SELECT x, y FROM events WHERE name = 'click' AND visitor = '{visitor}' ORDER BY event_time")
    assert clicks == hand.clicks
    high = shop.ask(f"SELECT name FROM events WHERE level = 'high' AND visitor = '{visitor}' ORDER BY event_time")
    assert [name for (name,) in high] == ["product_view", "add_to_cart"]


def test_what_the_hand_does_is_told_as_it_went(page: WebKit, site: Site) -> None:
    page.goto(site.page(body="<p style='height:2000px'>x <button>Press</button>", head=_WATCH))
    hand = Hand(page)
    for x, y in ((100, 100), (600, 100), (600, 500)):
        hand.move(x, y)
        page.evaluate("window.rested = 0, setTimeout(() => (rested = 1), 150)")
        page.wait_until("rested")
    hand.click("button")
    assert page.evaluate("problems") == []
    page.goto(site.page("next"))
    site.wait_for("page_view", "page_view", "pointer", "click", "page_leave")
    ((path,),) = site.rows("SELECT path FROM events WHERE name = 'pointer'")
    points = [(place["x"], place["y"]) for place in path]
    for corner in hand.corners:
        assert min(math.dist(corner, point) for point in points) <= 1.5, corner
    assert site.ask("SELECT x, y, target FROM events WHERE name = 'click'") == [(*hand.clicks[0], "p>button")]


def test_while_the_collector_is_down_nothing_is_lost(page: WebKit, site: Site) -> None:
    site.world.door.turn("unavailable")
    page.goto(site.page(head=_WATCH, wait=50))
    page.evaluate("[1, 2, 3].forEach((number) => ff('track', 'counted', { number }))")
    site.wait_for_attempts(1)
    assert page.evaluate("problems") == []
    page.goto(site.page("two", head=_WATCH, wait=50))
    page.evaluate("ff('track', 'counted', { number: 4 })")
    site.wait_for_attempts(2)
    assert page.evaluate("problems") == []
    assert site.acknowledged() == []
    site.world.door.turn("fair")
    page.goto(site.page("three", head=_WATCH, wait=50))
    site.wait_for(*["counted"] * 4, *["page_view"] * 3, *["page_leave"] * 2)
    rows = site.rows("SELECT count(*), count(DISTINCT session_id) FROM page_views")
    assert rows == [(3, 1)]
    assert site.numbers("counted") == {1, 2, 3, 4}
    assert site.ask("SELECT count(*) FROM events WHERE name = 'counted'") == [(4,)]
