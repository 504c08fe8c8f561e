"""Which visitors' days a run reads, and which it works out again: those near the ones that it touches, with events."""

from footfall.etl.changes import day_bounds
from footfall.etl.models import model
from footfall.lake.engines.port import Engine
from footfall.lake.tables import VISITOR_DAYS


def find_active_days(engine: Engine, *, as_a_whole: bool) -> None:
    """Define, from the relation `affected_days`, the days that are worked out again and those whose events are read.

    `visitor_days` tells on which days a visitor did anything, as long as it agrees with `events`.

    Args:
        engine: the engine.
        as_a_whole: it may not agree (a killed run, say): all days near those that the run touches are taken.
    """
    engine.define("near_days", model("near_days"))
    if as_a_whole:
        engine.define("active_days", "select tenant, visitor, day_number, 0 as stretch from near_days")
    else:
        near = day_bounds(engine, "near_days", "day")
        columns = ("tenant", "visitor", "first_seen")
        engine.stored_among("near_visitor_days", VISITOR_DAYS, near, "near_days", ("tenant", "visitor"), columns)
        engine.define("active_days", model("active_days"))
    for name in ("rework_days", "window_days"):
        engine.define(name, model(name))
