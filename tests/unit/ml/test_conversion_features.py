"""What the conversion engine is told of a visit, and what it must not be told."""

from collections.abc import Mapping
from datetime import datetime, timedelta

import duckdb
import pyarrow as pa
import pytest

from footfall.ml.base import Window
from footfall.ml.engines.conversion.engine import CATEGORICAL, NUMERIC, Conversion
from footfall.query.embedded import execute
from tests.queries.small_lake import small_lake

NOON = datetime.fromisoformat("2024-03-10T12:00:00")
FAR = datetime.fromisoformat("2030-01-01T00:00:00")


class Source:
    def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
        self.connection = connection

    def rows(self, sql: str, parameters: Mapping[str, object]) -> pa.Table:
        return execute(self.connection, sql, {**parameters, "tenant": "shop"})


@pytest.fixture
def lake() -> duckdb.DuckDBPyConnection:
    return small_lake()


def visit(
    lake: duckdb.DuckDBPyConnection,
    session: str,
    started: datetime,
    events: Mapping[float, str],
    *,
    visitor: str = "anna",
    bot: bool = False,
) -> None:
    ended = started + timedelta(seconds=max(events))
    goals = sum(name == "purchase" for name in events.values())
    lake.execute(
        "INSERT INTO sessions (tenant, session_id, visitor, started_at, ended_at, duration_ms, page_views, "
        "high_events, engaged_ms, conversions, converted, bounced, landing_path, is_bot) "
        "VALUES ('shop', ?, ?, ?, ?, 1000, 2, 1, 500, ?, ?, false, '/shoes/red', ?)",
        [session, visitor, started, ended, goals, goals > 0, bot],
    )
    for second, name in events.items():
        lake.execute(
            "INSERT INTO events (tenant, visitor, event_id, name, level, event_time, page_path, is_bot) "
            "VALUES ('shop', ?, ?, ?, 'high', ?, '/shoes/red', ?)",
            [visitor, f"{session}-{second}", name, started + timedelta(seconds=second), bot],
        )


def read(lake: duckdb.DuckDBPyConnection, window: Window | None = None) -> list[dict[str, object]]:
    found: list[dict[str, object]] = Conversion("purchase").read(Source(lake), window or Window(as_of=FAR)).to_pylist()
    return found


def test_events_after_the_first_minute_change_the_label_and_nothing_else(lake: duckdb.DuckDBPyConnection) -> None:
    visit(lake, "calm", NOON, {0: "page_view", 30: "product_view", 600: "page_view"})
    visit(lake, "keen", NOON, {0: "page_view", 30: "product_view", 61: "add_to_cart", 600: "purchase"}, visitor="bert")

    calm, keen = read(lake)

    told = (*NUMERIC, *CATEGORICAL)
    assert {name: calm[name] for name in told} == {name: keen[name] for name in told}
    assert (calm["converted"], keen["converted"]) == (False, True)
    assert (calm["opening_events"], calm["opening_product_views"], calm["opening_last_ms"]) == (2, 1, 30_000)
    assert calm["landing"] == "/shoes"


def test_the_minutes_last_millisecond_is_seen_and_the_next_is_not(lake: duckdb.DuckDBPyConnection) -> None:
    visit(lake, "s", NOON, {0: "page_view", 60: "search", 60.001: "search"})

    assert read(lake)[0]["opening_searches"] == 1


def test_a_visit_that_reaches_the_goal_within_the_first_minute_is_left_out(lake: duckdb.DuckDBPyConnection) -> None:
    visit(lake, "quick", NOON, {0: "page_view", 60: "purchase", 90: "purchase"})
    visit(lake, "later", NOON, {0: "page_view", 61: "purchase"}, visitor="bert")

    assert [row["session_id"] for row in read(lake)] == ["later"]


def test_the_history_is_that_of_the_visits_before(lake: duckdb.DuckDBPyConnection) -> None:
    visit(lake, "one", NOON - timedelta(days=2), {0: "page_view", 120: "purchase"})
    visit(lake, "two", NOON, {0: "page_view", 120: "purchase"})
    visit(lake, "three", NOON + timedelta(days=1), {0: "page_view"})

    one, two, three = read(lake)

    assert [row["visits_before"] for row in (one, two, three)] == [0, 1, 2]
    assert [row["conversions_before"] for row in (one, two, three)] == [0, 1, 2]
    assert [row["minutes_since_last_visit"] for row in (one, two, three)] == [None, 2 * 1440 - 2, 1440 - 2]
    assert two["minutes_since_first_visit"] == 2 * 1440


def test_a_later_visit_changes_nothing_of_those_before(lake: duckdb.DuckDBPyConnection) -> None:
    visit(lake, "one", NOON, {0: "page_view"})
    before = read(lake)
    visit(lake, "two", NOON + timedelta(hours=5), {0: "page_view", 120: "purchase"})

    assert read(lake)[0] == before[0]


def test_a_window_chooses_visits_but_not_their_history(lake: duckdb.DuckDBPyConnection) -> None:
    visit(lake, "one", NOON - timedelta(days=2), {0: "page_view"})
    visit(lake, "two", NOON, {0: "page_view"})
    visit(lake, "three", NOON + timedelta(days=2), {0: "page_view"})

    (two,) = read(lake, Window(start=NOON - timedelta(days=1), as_of=NOON))

    assert (two["session_id"], two["visits_before"]) == ("two", 1)


def test_bots_are_left_out(lake: duckdb.DuckDBPyConnection) -> None:
    visit(lake, "crawl", NOON, {0: "page_view"}, visitor="crawler", bot=True)

    assert read(lake) == []
