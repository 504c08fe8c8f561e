"""What the models make of small, telling traffic."""

from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from footfall.events.model import Page
from footfall.events.tenants import Tenant
from tests.lakes import DAY, HOUR, MINUTE, NOON, SmallLake, event, line

MIDNIGHT = NOON + 12 * HOUR
GOOGLEBOT = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


@pytest.fixture
def lake(tmp_path: Path) -> SmallLake:
    return SmallLake(tmp_path / "lake")


def at(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).replace(tzinfo=None)


def test_a_gap_above_the_tenants_ends_a_visit(lake: SmallLake) -> None:
    lake.put("a", [line(event(NOON), event(NOON + 30 * MINUTE), event(NOON + 60 * MINUTE + 1))])
    lake.run()
    assert lake.query("SELECT events FROM sessions ORDER BY started_at") == [(2,), (1,)]


def test_each_tenant_has_its_own_gap_and_goal(lake: SmallLake) -> None:
    events = [event(NOON, "signup"), event(NOON + 11 * MINUTE, "purchase", properties={"value": 5})]
    lake.put("a", [line(*events), line(*events, tenant="blog")])
    lake.run()
    found = lake.query("SELECT tenant, events, conversions, value FROM sessions ORDER BY tenant, started_at")
    assert found == [
        ("blog", 1, 1, Decimal(0)),
        ("blog", 1, 0, Decimal(0)),
        ("shop", 2, 1, Decimal(5)),
    ]


def test_an_event_of_no_visitor_is_stored_and_makes_no_visit(lake: SmallLake) -> None:
    lake.put("a", [line(event(NOON, "$set"), visitor="")])
    lake.run()
    lake.put("b", [line(event(NOON + MINUTE, "$set"), event(NOON + MINUTE, "page_view", visitor="v"), visitor="")])
    lake.run()
    assert lake.query("SELECT visitor, name FROM events ORDER BY ALL") == [
        ("", "$set"),
        ("", "$set"),
        ("v", "page_view"),
    ]
    for table in ("sessions", "page_views", "visitor_days"):
        assert lake.query(f"SELECT visitor FROM {table}") == [("v",)]


def test_any_of_the_tenants_goals_converts(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake", [Tenant("shop", salt="s", goal="purchase", goals=("signup", "purchase"))])
    events = [
        event(NOON, "signup", properties={"value": 2}),
        event(NOON + 1, "purchase", properties={"value": 5}),
        event(NOON + 2, "search", properties={"value": 100}),
    ]
    lake.put("a", [line(*events)])
    lake.run()
    assert lake.query("SELECT conversions, converted, value FROM sessions") == [(2, True, Decimal(7))]
    assert lake.query("SELECT conversions, value FROM visitor_days") == [(2, Decimal(7))]


BOUNCES = [
    pytest.param([("page_view", {})], True, id="one page, seen in passing"),
    pytest.param([("page_view", {}), ("engagement", {"engaged_ms": 9_999})], True, id="under ten seconds"),
    pytest.param([("page_view", {}), ("engagement", {"engaged_ms": 10_000})], False, id="ten seconds of attention"),
    pytest.param([("page_view", {}), ("page_view", {})], False, id="two pages"),
    pytest.param([("page_view", {}), ("purchase", {})], False, id="a conversion"),
    pytest.param([("click", {})], True, id="no page at all"),
]


@pytest.mark.parametrize(("happened", "bounced"), BOUNCES)
def test_a_visit_bounces_by_pages_attention_and_deeds(
    bounces: SmallLake, happened: list[tuple[str, dict[str, int]]], bounced: bool
) -> None:
    visitor = f"bounce {[case.values[0] for case in BOUNCES].index(happened)}"
    assert bounces.query(f"SELECT bounced FROM sessions WHERE visitor = '{visitor}'") == [(bounced,)]


@pytest.fixture(scope="module")
def bounces(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    lake = SmallLake(tmp_path_factory.mktemp("bounces") / "lake")
    stories: list[Any] = [case.values[0] for case in BOUNCES]
    lake.put(
        "a",
        [
            line(
                *(event(NOON + n, name, id=f"{number}-{n}", properties=told) for n, (name, told) in enumerate(story)),
                visitor=f"bounce {number}",
                country="CH",
            )
            for number, story in enumerate(stories)
        ],
    )
    lake.run()
    return lake


@pytest.mark.parametrize("table", ["events", "sessions", "visitor_days"])
def test_the_country_is_that_of_the_request(bounces: SmallLake, table: str) -> None:
    assert bounces.query(f"SELECT DISTINCT country FROM {table}") == [("CH",)]


def test_a_late_event_joins_the_two_visits_that_it_stands_between(lake: SmallLake) -> None:
    lake.put("a", [line(event(NOON)), line(event(NOON + 50 * MINUTE))])
    lake.run()
    assert lake.query("SELECT count(*) FROM sessions") == [(2,)]
    lake.put("b", [line(event(NOON + 25 * MINUTE), received=NOON + 30 * DAY, sent_at=NOON + 30 * DAY)])
    lake.run()
    assert lake.query("SELECT events, duration_ms FROM sessions") == [(3, 50 * MINUTE)]


def test_a_visit_goes_on_across_midnight(lake: SmallLake) -> None:
    lake.put("a", [line(event(MIDNIGHT - MINUTE), event(MIDNIGHT + MINUTE))])
    lake.run()
    assert lake.query("SELECT started_at, events FROM sessions") == [(at(MIDNIGHT - MINUTE), 2)]
    assert lake.query("SELECT day, events, sessions FROM visitor_days ORDER BY day") == [
        (date(2025, 10, 9), 1, 1),
        (date(2025, 10, 10), 1, 0),
    ]


def test_a_visit_moved_across_midnight_leaves_its_old_day(lake: SmallLake) -> None:
    lake.put("a", [line(event(MIDNIGHT + MINUTE, "page_view"))])
    lake.run()
    lake.put("b", [line(event(MIDNIGHT - MINUTE, "page_view"), received=NOON + 2 * DAY)])
    lake.run()
    assert lake.query("SELECT started_at, page_views FROM sessions") == [(at(MIDNIGHT - MINUTE), 2)]
    assert lake.query("SELECT position FROM page_views ORDER BY started_at") == [(1,), (2,)]


def test_a_visit_that_fills_a_day_is_cut_at_its_end(lake: SmallLake) -> None:
    times = range(NOON, NOON + 3 * DAY, 20 * MINUTE)
    lake.put("a", [line(*(event(time, id=f"e{time}") for time in times), received=NOON + 3 * DAY)])
    lake.run()
    found = lake.query("SELECT started_at, events FROM sessions ORDER BY started_at")
    assert found == [(at(NOON), 36 + 72), (at(MIDNIGHT + DAY), 72), (at(MIDNIGHT + 2 * DAY), 36)]


def test_a_copy_is_stored_once_and_the_first_received_stays(lake: SmallLake) -> None:
    late = event(NOON, id="same", properties={"which": "late"})
    early = event(NOON, id="same", properties={"which": "early"})
    lake.put("a", [line(late, received=NOON + HOUR)])
    lake.run()
    lake.put("b", [line(early, received=NOON + MINUTE)])
    lake.run()
    assert lake.query("SELECT properties FROM events") == [('{"which":"early"}',)]


def test_the_same_id_at_another_time_is_another_event(lake: SmallLake) -> None:
    lake.put("a", [line(event(NOON, id="same"), event(NOON + 1, id="same"))])
    lake.run()
    assert lake.query("SELECT count(*) FROM events") == [(2,)]


CLOCKS = [
    pytest.param(NOON, NOON + 5_000, NOON + 6_000, NOON, id="a clock that is right is left alone"),
    pytest.param(NOON, NOON + 5_000, NOON + 65_000, NOON, id="an error of a minute is not large"),
    pytest.param(NOON, NOON + 5_000, NOON + 65_001, NOON + 60_001, id="a slow clock is set forward"),
    pytest.param(NOON + DAY, NOON + DAY, NOON + 1_000, NOON + 1_000, id="a fast clock is set back"),
    pytest.param(NOON + 90_000, NOON + 50_000, NOON, NOON, id="no event is later than its arrival"),
    pytest.param(5, 253_402_300_799_999, NOON, 0, id="nor before 1970"),
    pytest.param(NOON, 0, NOON + DAY, NOON, id="a client that tells no time is believed"),
]
CHANNELS = [
    ("https://shop.example/", "", "direct"),
    ("https://shop.example/", "https://www.google.com/search?q=shoes", "search"),
    ("https://shop.example/", "https://www.facebook.com/", "social"),
    ("https://shop.example/", "https://mail.google.com/", "email"),
    ("https://shop.example/", "https://chatgpt.com/", "ai"),
    ("https://shop.example/", "https://blog.example/post", "referral"),
    ("https://shop.example/a", "https://shop.example/", "internal"),
    ("https://shop.example/?utm_medium=cpc", "https://www.google.com/", "paid"),
    ("https://shop.example/?gclid=x", "https://www.google.com/", "paid"),
    ("https://shop.example/?utm_medium=Email&utm_source=june", "", "email"),
    ("https://shop.example/?utm_source=partner", "", "referral"),
    ("https://shop.example/a", "https://www.shop.example/", "internal"),
    ("https://shop.example/?utm_source=chatgpt.com", "", "ai"),
    ("https://shop.example/?utm_medium=organic_search", "https://blog.example/", "search"),
    ("https://shop.example/?fbclid=x", "", "social"),
    ("https://shop.example/?fbclid=x", "https://www.google.com/", "social"),
    ("https://[broken/", "also broken", "direct"),
]
VALUES: list[tuple[object, Decimal | None]] = [
    (11.77, Decimal("11.7700")),
    ("11.77", Decimal("11.7700")),
    (-3, Decimal("-3.0000")),
    (0.00005, Decimal("0.0000")),
    (1e13, Decimal("10000000000000.0000")),
    (1e14, None),
    ("NaN", None),
    ("twelve", None),
    (True, None),
    (None, None),
    ([1], None),
]


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    """One lake for all rows of the tables above: each is a visitor's only event."""
    lake = SmallLake(tmp_path_factory.mktemp("cases") / "lake")
    clocks: list[Any] = [case.values for case in CLOCKS]
    lake.put(
        "a",
        [
            *(
                line(event(time, id=f"clock {number}"), sent_at=sent_at, received=received, visitor=f"clock {number}")
                for number, (time, sent_at, received, _) in enumerate(clocks)
            ),
            *(
                line(
                    event(NOON, id=f"channel {number}", page=Page(url=url, referrer=referrer)),
                    visitor=f"{url} {referrer}",
                )
                for number, (url, referrer, _) in enumerate(CHANNELS)
            ),
            *(
                line(
                    event(NOON, "purchase", id=f"value {number}", properties={"value": value}),
                    visitor=f"value {value!r}",
                )
                for number, (value, _) in enumerate(VALUES)
            ),
        ],
    )
    lake.run()
    return lake


@pytest.mark.parametrize(("time", "sent_at", "received", "expected"), CLOCKS)
def test_event_time_is_the_clients_clock_corrected(
    cases: SmallLake, time: int, sent_at: int, received: int, expected: int
) -> None:
    number = next(n for n, case in enumerate(CLOCKS) if case.values == (time, sent_at, received, expected))
    found = cases.query(f"SELECT event_time, client_time FROM events WHERE visitor = 'clock {number}'")
    assert found == [(at(expected), at(time))]


def test_what_was_imported_keeps_its_time(lake: SmallLake) -> None:
    lake.put("a", [line(event(NOON + 400 * DAY), imported=True, sent_at=0, received=NOON)])
    lake.run()
    assert lake.query("SELECT event_time FROM events") == [(at(NOON + 400 * DAY),)]


@pytest.mark.parametrize(("url", "referrer", "channel"), CHANNELS)
def test_the_channel_follows_from_campaign_and_referrer(
    cases: SmallLake, url: str, referrer: str, channel: str
) -> None:
    visitor = f"{url} {referrer}"
    assert cases.query(f"SELECT channel FROM events WHERE visitor = '{visitor}'") == [(channel,)]
    expected = "direct" if channel == "internal" else channel
    assert cases.query(f"SELECT channel FROM sessions WHERE visitor = '{visitor}'") == [(expected,)]


def test_a_bot_is_labelled_and_kept(lake: SmallLake) -> None:
    lake.put("a", [line(event(NOON, "page_view"), user_agent=GOOGLEBOT)])
    lake.run()
    for table in ("events", "page_views", "sessions", "visitor_days"):
        assert lake.query(f"SELECT is_bot FROM {table}") == [(True,)], table


@pytest.mark.parametrize(("value", "stored"), VALUES)
def test_the_value_of_an_event_is_a_decimal_where_it_is_a_number(
    cases: SmallLake, value: object, stored: Decimal | None
) -> None:
    visitor = f"value {value!r}".replace("'", "''")
    assert cases.query(f"SELECT value FROM events WHERE visitor = '{visitor}'") == [(stored,)]
    assert cases.query(f"SELECT value FROM sessions WHERE visitor = '{visitor}'") == [(stored or Decimal(0),)]


def test_a_page_view_holds_what_happened_on_it(lake: SmallLake) -> None:
    cart = Page(url="https://shop.example/cart", title="Cart")
    lake.put(
        "a",
        [
            line(
                event(NOON, "page_view"),
                event(NOON + MINUTE, "page_leave", properties={"engaged_ms": 40_000, "scroll_depth": 80}),
                event(NOON + 2 * MINUTE, "page_view", page=cart),
                event(NOON + 3 * MINUTE, "page_leave", page=cart, properties={"engaged_ms": 900, "scroll_depth": 101}),
            )
        ],
    )
    lake.run()
    found = lake.query("SELECT position, page_path, events, engaged_ms, scroll_depth FROM page_views ORDER BY position")
    assert found == [(1, "/", 2, 40_000, 80), (2, "/cart", 2, 900, None)]
    assert lake.query("SELECT landing_path, exit_path, engaged_ms, bounced FROM sessions") == [
        ("/", "/cart", 40_900, False)
    ]
