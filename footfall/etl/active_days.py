"""Which visitors' days a run reads, and which it works out again: those near the ones that it touches, with events."""

import pyarrow as pa

from footfall.etl.changes import day_bounds
from footfall.etl.models import model
from footfall.lake.engines.port import Engine
from footfall.lake.tables import VISITOR_DAYS

_NEXT, _FARTHEST = 1, 4
"""How many days before and after: those that a visit may reach from a day, and those that window_days.sql reads."""


def find_active_days(engine: Engine, *, as_a_whole: bool) -> None:
    """Define, from the relation `affected_days`, the days that are worked out again and those whose events are read.

    `visitor_days` tells when a visitor did anything, as long as it agrees with `events`.

    Args:
        engine: the engine; unless all days are taken, `affected_days` tells times too.
        as_a_whole: it may not agree (a killed run, say): all days near those that the run touches are taken.
    """
    if as_a_whole:
        _find_near(engine, _FARTHEST)
        engine.define("active_days", "select tenant, visitor, day_number, 0 as stretch from near_days")
    else:
        _join_days(engine, _NEXT)
        # Few visits go on over midnight, and only these reach farther.
        if engine.rows(_ARE_JOINED) != [(0,)]:
            _join_days(engine, _FARTHEST)
    for name in ("rework_days", "window_days"):
        engine.define(name, model(name))


def _join_days(engine: Engine, reach: int) -> None:
    _find_near(engine, reach)
    near = day_bounds(engine, "near_days", "day")
    columns = ("tenant", "visitor", "first_seen", "last_seen")
    engine.stored_among("near_visitor_days", VISITOR_DAYS, near, "near_days", ("tenant", "visitor"), columns)
    engine.define("active_days", model("active_days"))


def _find_near(engine: Engine, reach: int) -> None:
    engine.register("day_offsets", pa.table({"days": pa.array(range(-reach, reach + 1), pa.int32())}))
    engine.define("near_days", model("near_days"))


_ARE_JOINED = """
select count(*) from (select count(*) as days from active_days group by tenant, visitor, stretch) as s where s.days > 1
"""
