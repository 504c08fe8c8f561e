"""Visits: what page views, sessions and visitors' days are worked out from."""

from footfall.etl.changes import day_bounds, earlier_among
from footfall.etl.models import model
from footfall.lake.engines.port import Engine
from footfall.lake.tables import EVENTS

# Of a visitor's events, what visits and identities are worked out from.
_VISIT_COLUMNS = (
    *("tenant", "visitor", "user_id", "event_id", "name", "level", "event_time", "client_time", "protocol"),
    *("page_url", "page_host", "page_path", "page_title", "referrer", "referrer_host"),
    *("utm_source", "utm_medium", "utm_campaign", "channel", "device", "browser", "os", "is_bot", "webdriver"),
    *("country", "engaged_ms", "scroll_depth", "metric", "value", *EVENTS.key),
)
# What is said of a user or an item is of no visitor, and nothing that one did.
_VISIT_VISITORS = "select distinct tenant, visitor from window_days where visitor <> ''"
_OF_VISITORS = (
    "select v.number as who, d.tenant, d.visitor, d.day_number from {} as d "
    "inner join visit_visitors as v on d.tenant = v.tenant and d.visitor = v.visitor"
)


def work_out_visits(engine: Engine, *of: str, as_a_whole: bool, before: int | None = None) -> None:
    """Read the events of visitors' days, as `stored_events`, and define which visit each belongs to.

    Numbers stand for events, visitors and addresses meanwhile: texts cost most of putting rows together and in order
    (docs/decisions/0018).

    Args:
        engine: the engine; with the relations `window_days`, `rework_days`, `tenants` and `goals`.
        of: the relations that name the days, by tenant and visitor.
        as_a_whole: all of their events are read from the table; else `new_events` are at hand, and `stale_events` are
            those that left for them.
        before: the snapshot of `events` before that; None: there was none.
    """
    engine.define("days_read", " union ".join(f"select tenant, visitor, day_number from {name}" for name in of))
    engine.define("visitors_read", "select distinct tenant, visitor from days_read")
    bounds, by_visitor = day_bounds(engine, "days_read", "event_time"), ("tenant", "visitor")
    if as_a_whole:
        engine.stored_among("stored_read", EVENTS, bounds, "visitors_read", by_visitor, _VISIT_COLUMNS, lazily=True)
        engine.number_together("stored_events", ("stored_read",), _VISIT_COLUMNS)
    else:
        earlier_among(engine, "stored_read", before, bounds, "visitors_read", by_visitor, _VISIT_COLUMNS)
        engine.without("stored_kept", "stored_read", "stale_events", EVENTS.key)
        engine.number_together("stored_events", ("new_events", "stored_kept"), _VISIT_COLUMNS)
    engine.number("visit_visitors", _VISIT_VISITORS)
    engine.number("visit_urls", "select distinct page_url from stored_events where page_url is not null")
    for name, days in (("visit_days", "window_days"), ("rework_visits", "rework_days")):
        engine.define(name, _OF_VISITORS.format(days), lazily=True)
    for name in ("visits", "visit_pages", "visit_starts", "visit_users", "bot_days"):
        engine.define(name, model(name))
