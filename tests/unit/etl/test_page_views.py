"""What belongs to a page view, and what is counted of it."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest

from footfall.events.model import Page
from footfall.events.raw_line import RawEvent
from tests.lakes import MINUTE, NOON, SmallLake, event, line

SECOND = 1_000


def on(path: str, seconds: int, name: str, **properties: Any) -> RawEvent:
    """An event on a page, so many seconds after noon."""
    page = Page(url=f"https://shop.example{path}") if path else Page()
    return event(NOON + seconds * SECOND, name, page=page, properties=properties)


STORIES: dict[str, tuple[list[RawEvent], list[tuple[Any, ...]]]] = {
    # The worked example of docs/tables.md.
    "two tabs that take turns": (
        [
            on("/shoes", 0, "page_view"),
            on("/shoes", 15, "engagement", engaged_ms=15_000, scroll_depth=30),
            on("/socks", 20, "page_view"),
            on("/socks", 35, "engagement", engaged_ms=12_000, scroll_depth=50),
            on("/shoes", 40, "click"),
            on("/shoes", 55, "engagement", engaged_ms=9_000, scroll_depth=60),
            on("/socks", 60, "page_leave", engaged_ms=4_000, scroll_depth=50),
            on("/shoes", 70, "page_leave", engaged_ms=1_500, scroll_depth=60),
        ],
        [("/shoes", 1, 5, 25_500, 60, 1), ("/socks", 2, 3, 16_000, 50, 0)],
    ),
    "the same page opened again": (
        [
            on("/a", 0, "page_view"),
            on("/a", 5, "click"),
            on("/a", 10, "page_view"),
            on("/a", 15, "click"),
        ],
        [("/a", 1, 2, 0, None, 1), ("/a", 2, 2, 0, None, 1)],
    ),
    "a page that was never viewed": (
        [on("/a", 0, "page_view"), on("/b", 5, "click"), on("", 6, "click")],
        [("/a", 1, 3, 0, None, 2)],
    ),
    "what comes before the first page view": (
        [on("/a", 0, "click"), on("/a", 5, "page_view"), on("/a", 6, "click")],
        [("/a", 1, 2, 0, None, 1)],
    ),
    "what is told in the millisecond of the page view": (
        [on("/a", 0, "page_view"), on("/b", 5, "page_view"), on("/b", 5, "a_first_thing"), on("/b", 5, "click")],
        [("/a", 1, 1, 0, None, 0), ("/b", 2, 3, 0, None, 1)],
    ),
    "engagement that others tell": (
        [on("/a", 0, "page_view"), on("/a", 5, "video", engaged_ms=60_000), on("/a", 6, "page_leave", engaged_ms=50)],
        [("/a", 1, 3, 50, None, 0)],
    ),
}
VITALS = [
    on("/a", 0, "page_view"),
    on("/a", 1, "web_vital", metric="LCP", value=1_200.5),
    on("/a", 2, "web_vital", metric="lcp", value=2_500),
    on("/a", 3, "web_vital", metric="CLS", value=0.0123),
    on("/a", 4, "web_vital", metric="TTFB", value=80),
    on("/a", 5, "web_vital", metric="FCP", value="slow"),
    on("/a", 6, "web_vital", metric="OTHER", value=9),
    on("/a", 7, "purchase", metric="INP", value=999),
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    """Each story is a visitor's."""
    lake = SmallLake(tmp_path_factory.mktemp("pages") / "lake")
    told = {**{name: events for name, (events, _) in STORIES.items()}, "vitals": VITALS}
    lake.put(
        "a",
        [
            line(
                *(msgspec.structs.replace(item, id=f"{item.id} of {name}") for item in events),
                visitor=name,
                received=NOON + 2 * MINUTE,
            )
            for name, events in told.items()
        ],
    )
    lake.run()
    return lake


@pytest.fixture(scope="module")
def views(lake: SmallLake) -> list[tuple[Any, ...]]:
    return lake.query(
        "SELECT visitor, page_path, position, events, engaged_ms, scroll_depth, clicks "
        "FROM page_views ORDER BY position"
    )


@pytest.mark.parametrize("story", STORIES)
def test_an_event_belongs_to_the_latest_view_of_its_page(views: list[tuple[Any, ...]], story: str) -> None:
    assert [row[1:] for row in views if row[0] == story] == STORIES[story][1]


def test_a_page_view_ends_with_its_own_last_event(lake: SmallLake) -> None:
    found = lake.query(
        "SELECT page_path, date_diff('second', started_at, ended_at) FROM page_views "
        "WHERE visitor = 'two tabs that take turns' ORDER BY position"
    )
    assert found == [("/shoes", 70), ("/socks", 40)]


def test_the_last_word_of_each_web_vital_stands(lake: SmallLake) -> None:
    found = lake.query("SELECT lcp_ms, inp_ms, fcp_ms, ttfb_ms, cls FROM page_views WHERE visitor = 'vitals'")
    assert found == [(Decimal("2500.0000"), None, None, Decimal("80.0000"), Decimal("0.0123"))]


def test_the_engagement_of_a_visit_is_that_of_its_pages(lake: SmallLake) -> None:
    found = lake.query(
        "SELECT s.visitor FROM sessions s JOIN page_views p USING (session_id) "
        "GROUP BY s.visitor, s.engaged_ms HAVING s.engaged_ms <> sum(p.engaged_ms)"
    )
    assert found == []


def test_every_event_of_a_visit_is_on_one_page_at_most(lake: SmallLake) -> None:
    ((events, on_pages),) = lake.query(
        "SELECT (SELECT sum(events) FROM sessions), (SELECT sum(events) FROM page_views)"
    )
    assert events - on_pages == 1, "the click before the first page view"
