"""Who is taken for a bot, and who is not."""

from collections.abc import Iterable

import msgspec
import pytest

from footfall.events.model import Page
from footfall.events.raw_line import RawEvent, RawLine
from tests.lakes import DAY, HOUR, MINUTE, NOON, SmallLake, event, line

SECOND = 1_000
MIDNIGHT = NOON + 12 * HOUR
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"
# The pauses between a person's pages: no two alike.
PAUSES = (7, 31, 12, 64, 3, 18, 95, 41, 9, 27, 150, 5, 22, 48, 11, 73, 36, 14, 58, 6, 29, 110, 17, 83, 8)


def pages(times: Iterable[int], *, same: bool = False, name: str = "page_view") -> list[RawEvent]:
    """Page views at these milliseconds after noon, each of another page unless told otherwise."""
    return [
        event(NOON + time, name, id=f"{name}-{n}", page=Page(url=f"https://shop.example/{0 if same else n}"))
        for n, time in enumerate(times)
    ]


def irregular(count: int, *, seconds: float = 1.0) -> list[int]:
    """Times with a person's pauses, scaled."""
    times, now = [], 0.0
    for n in range(count):
        times.append(round(now * SECOND))
        now += PAUSES[n % len(PAUSES)] * seconds
    return times


def with_leave(events: list[RawEvent], **properties: int) -> list[RawEvent]:
    return [*events, event(NOON + 2 * HOUR, "page_leave", properties=dict(properties))]


STORIES: dict[str, tuple[list[RawEvent], dict[str, object], str | None]] = {
    "a crawler that says so": (pages([0]), {"user_agent": GOOGLEBOT}, "user_agent"),
    "a crawler without pages": (pages([0], name="resource"), {"user_agent": GOOGLEBOT}, "user_agent"),
    "a person's order, sent by a server's program": (
        [*pages(irregular(3)), event(NOON + MINUTE, "purchase", level="high", user_agent="python-requests/2.31")],
        {},
        None,
    ),
    "an order sent by a program alone": (
        [event(NOON, "purchase", level="high", id="order")],
        {"user_agent": "python-requests/2.31"},
        None,
    ),
    "a driven browser": ([event(NOON, "page_view", properties={"webdriver": True})], {}, "webdriver"),
    "a browser that is not driven": ([event(NOON, "page_view", properties={"webdriver": False})], {}, None),
    "who reads robots.txt": (
        [event(NOON, "resource", level="low", page=Page(url="https://shop.example/robots.txt"))],
        {},
        "robots_txt",
    ),
    "twenty pages in each of three minutes": (
        pages(n * MINUTE + k * 2_900 for n in range(3) for k in range(20)), {}, "rate",
    ),
    "twenty pages in each of two minutes": (
        pages(n * MINUTE + round(k * k * 140) for n in range(2) for k in range(20)), {}, None,
    ),
    "a program that orders without end": (
        [event(NOON + n * 999, "add_to_cart", level="high", id=f"o{n}") for n in range(182)], {}, "rate",
    ),
    "a day of purchases with no time of day": (
        [event(NOON, "purchase", level="high", id=f"p{n}") for n in range(90)], {"imported": True}, None,
    ),
    "a page each minute, to the second": (pages(n * MINUTE + n % 2 * 900 for n in range(22)), {}, "regularity"),
    "a page each minute, but only twenty": (pages(n * MINUTE for n in range(20)), {}, None),
    "a person's pauses": (pages(irregular(60)), {}, None),
    "a hundred pages, none twice": (pages(irregular(100)), {}, "breadth"),
    "a hundred pages, most of them again": (pages(irregular(100), same=True), {}, None),
    "a hundred pages and a click": ([*pages(irregular(100)), event(NOON + HOUR, "click")], {}, None),
    "fifteen pages of the tracker without a sign of life": (
        with_leave(pages(irregular(15))), {"protocol": "native"}, "idle",
    ),
    "fifteen pages that somebody looked at": (with_leave(pages(irregular(15)), engaged_ms=900), {}, None),
    "fifteen pages that somebody scrolled": ([*with_leave(pages(irregular(15))), event(NOON + 5, "scroll")], {}, None),
    "fifteen pages of a client that reports nothing else": (pages(irregular(15)), {}, None),
    "fifteen pages of a log": (with_leave(pages(irregular(15))), {"protocol": "import/access-log"}, None),
}  # fmt: skip


def told(visitor: str, events: list[RawEvent], fields: dict[str, object]) -> RawLine:
    own = (msgspec.structs.replace(item, id=f"{item.id} of {visitor}") for item in events)
    return line(*own, visitor=visitor, received=NOON + DAY, **{"user_agent": CHROME, **fields})


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    """Each story is a visitor's day."""
    lake = SmallLake(tmp_path_factory.mktemp("bots") / "lake")
    lines = [told(visitor, events, fields) for visitor, (events, fields, _) in STORIES.items()]
    # One visitor, two days: a crawler's first, a person's next, and a visit across the midnight between them.
    crawl = [event(MIDNIGHT - 3 * MINUTE + n * 2_700, "page_view", id=f"n{n}") for n in range(66)]
    person = [
        event(MIDNIGHT + 5 * MINUTE, "page_view", id="late"),
        event(MIDNIGHT + 5 * HOUR, "page_view", id="morning"),
    ]
    lines.append(line(*crawl, *person, visitor="two days", received=NOON + 2 * DAY, user_agent=CHROME))
    lake.put("a", lines)
    lake.run()
    return lake


Judged = dict[str, set[tuple[str, bool]]]


@pytest.fixture(scope="module")
def judged(lake: SmallLake) -> dict[str, Judged]:
    """By table, the reason and the label of each visitor's rows."""
    tables: dict[str, Judged] = {}
    for table in ("visitor_days", "sessions", "page_views"):
        tables[table] = {}
        for visitor, reason, is_bot in lake.query(f"SELECT DISTINCT visitor, bot_reason, is_bot FROM {table}"):
            tables[table].setdefault(visitor, set()).add((reason, is_bot))
    return tables


@pytest.mark.parametrize("visitor", STORIES)
def test_a_visitors_day_is_judged(judged: dict[str, Judged], visitor: str) -> None:
    expected = {(STORIES[visitor][2], STORIES[visitor][2] is not None)}
    assert judged["visitor_days"][visitor] == judged["sessions"][visitor] == expected
    assert judged["page_views"].get(visitor, expected) == expected


def test_a_judgement_holds_for_the_day_and_for_visits_that_touch_it(lake: SmallLake) -> None:
    days = lake.query("SELECT bot_reason FROM visitor_days WHERE visitor = 'two days' ORDER BY day")
    assert days == [("rate",), (None,)]
    visits = lake.query("SELECT bot_reason, page_views FROM sessions WHERE visitor = 'two days' ORDER BY started_at")
    assert visits == [("rate", 67), (None, 1)]
    views = lake.query("SELECT is_bot, count(*) FROM page_views WHERE visitor = 'two days' GROUP BY 1 ORDER BY 1")
    assert views == [(False, 2), (True, 66)]


def test_events_are_labelled_by_their_user_agent_alone(lake: SmallLake) -> None:
    found = lake.query("SELECT DISTINCT visitor FROM events WHERE is_bot ORDER BY visitor")
    assert [visitor for (visitor,) in found] == [
        "a crawler that says so",
        "a crawler without pages",
        "a person's order, sent by a server's program",
        "an order sent by a program alone",
    ]
