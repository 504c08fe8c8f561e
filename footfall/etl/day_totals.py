"""The tables that hold a day of all visitors together: `heatmap` and `data_quality`.

A day that events were only added to is brought up to date by what these add; a day that events left, or of which a
killed run may have added some already, is worked out as a whole. Both come to the same rows.
"""

from footfall.etl.changes import EVENT_DAY, commit_difference, day_bounds, earlier_among
from footfall.etl.enrichment import shapes
from footfall.etl.models import model
from footfall.lake.engines.port import Bounds, Engine
from footfall.lake.tables import DATA_QUALITY, EVENTS, HEATMAP, VISITOR_DAYS

_HEAT_PAGE = "tenant, day_number, page_host, page_path, width_class, kind"
_HEATMAP_COLUMNS = (
    *("tenant", "visitor", "name", "event_time", "page_host", "page_path", "x", "y", "document_width", "path"),
)
_MAY_BE_NULL = (
    *("user_id", "page_url", "page_title", "referrer", "user_agent", "ip", "country", "screen_width", "item", "value"),
)
_QUALITY_COLUMNS = ("tenant", "event_time", "received_at", "name", "shape", *_MAY_BE_NULL)


def touch_days(engine: Engine, *, as_a_whole: bool) -> None:
    """Define which days of the relation `affected_days` are worked out as a whole, and which only grow.

    `whole_days` are the former, `grown_days` the latter, by visitor; `added_events` are the new events of these.

    Args:
        engine: the engine; unless all days are whole, with the relations `stale_events` and `new_events`.
        as_a_whole: all of them are.
    """
    engine.define("touched_days", model("touched_days"))
    engine.define("whole_days", "select * from touched_days" if as_a_whole else model("days_that_lost"))
    engine.define("grown_days", model("grown_days"))
    if as_a_whole:
        engine.stored("added_events", EVENTS, Bounds((), "event_time", ()))
    else:
        engine.define("added_events", model("added_events"), lazily=True)


def commit_heatmap(engine: Engine, before: int | None = None) -> int | None:
    """Bring `heatmap` up to date; `visitor_days` is already, and what was stored of it is `visitor_days_read`.

    Args:
        engine: the engine.
        before: the snapshot of `events` that `added_events` were added to; None: there was none, or none were.

    Returns:
        The table's snapshot after it.
    """
    happened = day_bounds(engine, "whole_days", "event_time")
    whole, touched = (day_bounds(engine, name, "day") for name in ("whole_days", "touched_days"))
    engine.stored("whole_heat", EVENTS, happened, columns=_HEATMAP_COLUMNS)
    engine.define("heat_days", model("heat_days"))
    engine.define("heat_days_visitors", "select distinct tenant, visitor from heat_days")
    grown = day_bounds(engine, "heat_days", "event_time")
    earlier_among(engine, "grown_heat", before, grown, "heat_days_visitors", ("tenant", "visitor"), _HEATMAP_COLUMNS)
    engine.stored("whole_visitors", VISITOR_DAYS, whole, columns=("tenant", "visitor", "day", "is_bot"))
    engine.define("heat_events", model("heat_events"))
    engine.number("heat_pages", f"select distinct {_HEAT_PAGE} from heat_events")
    engine.number("heat_visitors", "select distinct tenant, visitor from heat_events")
    engine.number("heat_marks", model("heat_marks"))
    engine.define("heat_changes", model("heat_changes"))
    engine.stored_among("heat_kept", HEATMAP, day_bounds(engine, "heat_days", "day"), "heat_changes", HEATMAP.key)
    engine.define("heatmap_all", model("heatmap"), HEATMAP)
    engine.stored("heatmap_read", HEATMAP, whole)
    return commit_difference(engine, HEATMAP, _HEAT_BEFORE, touched)


def commit_data_quality(engine: Engine) -> int | None:
    """Bring `data_quality` up to date.

    Returns:
        The table's snapshot after it.
    """
    touched = day_bounds(engine, "touched_days", "day")
    engine.stored("whole_quality", EVENTS, day_bounds(engine, "whole_days", "event_time"), columns=_QUALITY_COLUMNS)
    engine.define("quality_events", _QUALITY_EVENTS)
    engine.map_column("shapes", "quality_events", "shape", shapes.describe_shapes, shapes.SCHEMA)
    engine.stored("data_quality_read", DATA_QUALITY, touched)
    engine.define("quality_before", _QUALITY_BEFORE, DATA_QUALITY)
    engine.define("quality_kept", _QUALITY_KEPT, DATA_QUALITY)
    engine.define("data_quality_all", model("data_quality"), DATA_QUALITY)
    return commit_difference(engine, DATA_QUALITY, "select * from quality_before", touched)


_IN_WHOLE_DAYS = "inner join whole_days as w on s.tenant = w.tenant and s.day = date_from_unix_date(w.day_number)"
_IN_OTHER_DAYS = f"{_IN_WHOLE_DAYS.replace('inner', 'left')} where w.tenant is null"
_HEAT_BEFORE = f"""
select s.* from heatmap_read as s {_IN_WHOLE_DAYS}
union all
select s.* from heat_kept as s {_IN_OTHER_DAYS}
"""


def _quality_of(event: str) -> str:
    """What `data_quality` asks of an event: narrow, for all events of a day are read."""
    nulls = (f"case when {event}.{column} is null then 1 else 0 end as {column}" for column in _MAY_BE_NULL)
    return (
        f"{event}.tenant, {EVENT_DAY.format(event)} as day_number, {event}.name, {event}.shape, {event}.received_at, "
        f"case when unix_millis(cast({event}.received_at as timestamp)) "
        f"- unix_millis(cast({event}.event_time as timestamp)) > 86400000 then 1 else 0 end as late, {', '.join(nulls)}"
    )


_QUALITY_EVENTS = f"""
select {_quality_of("s")} from whole_quality as s
inner join whole_days as w on s.tenant = w.tenant and {EVENT_DAY.format("s")} = w.day_number
union all
select {_quality_of("a")} from added_events as a
"""
_QUALITY_BEFORE = """
select s.* from data_quality_read as s
inner join touched_days as t on s.tenant = t.tenant and s.day = date_from_unix_date(t.day_number)
"""
_QUALITY_KEPT = f"select s.* from quality_before as s {_IN_OTHER_DAYS}"
