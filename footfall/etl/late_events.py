"""Events that come days late wait in `late_events`, so that a run works few old days out again, and each day seldom.

An event that came more than 24 hours after it happened, and is not imported, is late. A single one makes a run read
and write its day of every table, and thirty old days cost more than an hour of traffic. So they are taken in a day or
so at a time.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import pyarrow as pa

from footfall.etl.changes import EVENT_DAY
from footfall.etl.cutoffs import kept_events, old_events
from footfall.lake.engines.port import Engine
from footfall.lake.raw_rows import DAY_MS
from footfall.lake.tables import EVENTS, LATE_EVENTS


@dataclass(frozen=True)
class LatePolicy:
    """Which late events a run takes in, and which wait.

    A day of them is taken in when it has `worth_a_day` events, or when the first of them has waited for
    `longest_wait_ms` (by the newest event's arrival); where a run has no `days_a_run` such days, those that have
    waited longest are taken in too. Nothing waits where late events are more than `most_share` of what arrived: that
    is no traffic, but history that is told afterwards.
    """

    days_a_run: int = 1
    worth_a_day: int = 500
    longest_wait_ms: int = DAY_MS
    most_share: float = 0.125


USUAL = LatePolicy()


@dataclass(frozen=True)
class WaitingDay:
    """The late events of a UTC day (days since 1970), and when the first of them came (epoch milliseconds)."""

    day: int
    events: int
    since_ms: int


def days_due(policy: LatePolicy, waiting: Iterable[WaitingDay], now_ms: int) -> set[int]:
    """The days whose late events are taken in now, by the newest event's arrival in epoch milliseconds."""
    by_age = sorted(waiting, key=lambda one: (one.since_ms, -one.day))
    due = [
        one.day for one in by_age if one.events >= policy.worth_a_day or now_ms - one.since_ms >= policy.longest_wait_ms
    ]
    others = [one.day for one in by_age if one.day not in due]
    return {*due, *others[: max(0, policy.days_a_run - len(due))]}


def any_wait(engine: Engine) -> bool:
    """Whether a late event waits to be taken in."""
    engine.stored("late_waiting", LATE_EVENTS, None, columns=LATE_EVENTS.key)
    return not engine.is_empty("late_waiting")


def part_late(engine: Engine, policy: LatePolicy | None) -> int:
    """Define `candidates`: of `arrived_events`, and of what waits, that which is taken in now.

    `late_events_new` and `late_events_stale` are then what begins to wait and what waits no more. What comes from
    objects that were taken in before never waits: it stands for what these held then.

    Args:
        engine: the engine; with the relations `arrived_events`, `objects_again`, `staged_ledger` and `cutoffs`.
        policy: what waits; None: nothing, and all that waits is taken in.

    Returns:
        How many events wait then.
    """
    engine.stored("late_read", LATE_EVENTS, None)
    engine.define("late_stored", _STILL_KEPT, LATE_EVENTS)
    engine.define("late_arrived", _LATE, EVENTS)
    if engine.is_empty("late_arrived") and engine.is_empty("late_read"):
        for none in ("late_events_new", "late_events_stale"):
            engine.define(none, "select * from late_arrived", LATE_EVENTS, lazily=True)
        engine.define("candidates", "select * from arrived_events", EVENTS, lazily=True)
        return 0
    taken = _all_days(engine) if policy is None else _days_taken(engine, policy)
    engine.register("late_days", pa.table({"day_number": pa.array(sorted(taken), pa.int32())}))
    engine.define("late_events_new", _BEGIN_TO_WAIT, LATE_EVENTS)
    engine.define("late_events_stale", _WAIT_NO_MORE, LATE_EVENTS)
    engine.define("candidates", _TAKEN_IN, EVENTS, lazily=True)
    return int(str(engine.rows(_STILL_WAITING)[0][0]))


def commit_late_events(engine: Engine) -> int | None:
    """Keep what begins to wait, and let go of what was taken in: after every table that it was taken into.

    Returns:
        The table's snapshot after it.
    """
    return engine.replace(LATE_EVENTS, "late_events_new", "late_events_stale", None)


def expire_waiting(engine: Engine) -> int:
    """Take out what is older than its tenant keeps it, by the relation `cutoffs`. Returns how many these were."""
    engine.stored("late_read", LATE_EVENTS, None)
    engine.define("late_events_new", "select * from late_read where tenant is null", LATE_EVENTS)
    engine.define("late_events_stale", old_events("late_read"), LATE_EVENTS)
    expired = int(str(engine.rows("select count(*) from late_events_stale")[0][0]))
    commit_late_events(engine)
    return expired


def _all_days(engine: Engine) -> set[int]:
    return {int(str(day)) for (day,) in engine.rows(_DAYS)}


def _days_taken(engine: Engine, policy: LatePolicy) -> set[int]:
    (arrived, newest, late), *_ = engine.rows(_ARRIVED)
    if newest is None:
        return set()
    if int(str(late)) > policy.most_share * int(str(arrived)):
        return _all_days(engine)
    waiting = [WaitingDay(*(int(str(value)) for value in row)) for row in engine.rows(_WAITING)]
    return days_due(policy, waiting, int(str(newest)))


# What was imported from a file is history that somebody waits for.
_IS_LATE = (
    "substring(a.protocol, 1, 7) <> 'import/' and "
    f"unix_millis(cast(a.received_at as timestamp)) - unix_millis(cast(a.event_time as timestamp)) > {DAY_MS}"
)
_NOT_BEFORE = "left join objects_again as o on a.raw_object = o.raw_object"
# A killed run may have kept events of an object that is taken in only now: these arrive once more.
_STILL_KEPT = f"""
with here as (
    select distinct raw_object from staged_ledger
)
select k.* from ({kept_events("late_read")}) as k
left join here as h on k.raw_object = h.raw_object
where h.raw_object is null
"""
_LATE = f"select a.* from arrived_events as a {_NOT_BEFORE} where o.raw_object is null and {_IS_LATE}"
_ARRIVED = f"""
select count(*), max(unix_millis(cast(a.received_at as timestamp))), (select count(*) from late_arrived)
from arrived_events as a {_NOT_BEFORE}
where o.raw_object is null
"""
_WAITING = f"""
with late as (
    select {EVENT_DAY.format("s")} as day_number, s.received_at from late_stored as s
    union all
    select {EVENT_DAY.format("a")} as day_number, a.received_at from late_arrived as a
)
select day_number, count(*), min(unix_millis(cast(received_at as timestamp))) from late group by day_number
"""
_DAYS = f"""
select {EVENT_DAY.format("s")} as day_number from late_stored as s
union
select {EVENT_DAY.format("a")} as day_number from late_arrived as a
"""
_BEGIN_TO_WAIT = f"""
select a.* from late_arrived as a
left join late_days as d on {EVENT_DAY.format("a")} = d.day_number
where d.day_number is null
"""
_ORIGIN = "r.raw_object = s.raw_object and r.raw_line = s.raw_line and r.raw_index = s.raw_index"
_WAIT_NO_MORE = f"""
select r.* from late_read as r
left join late_stored as s on {_ORIGIN}
left join late_days as d on {EVENT_DAY.format("r")} = d.day_number
where s.raw_object is null or d.day_number is not null
"""
_STILL_WAITING = """
select
    (select count(*) from late_read)
    + (select count(*) from late_events_new)
    - (select count(*) from late_events_stale)
"""
_TAKEN_IN = f"""
select a.* from arrived_events as a
{_NOT_BEFORE}
left join late_days as d on {EVENT_DAY.format("a")} = d.day_number
where o.raw_object is not null or d.day_number is not null or not ({_IS_LATE})
union all
select s.* from late_stored as s
inner join late_days as d on {EVENT_DAY.format("s")} = d.day_number
"""
