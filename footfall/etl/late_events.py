"""Events that come days late wait in `late_events`, so that a run works few old days out again, and each day seldom.

An event that came more than 24 hours after it happened, and is not imported, is late. A single one makes a run read
and write its day of every table, and thirty old days cost more than an hour of traffic. So they are taken in a day or
so at a time. Within a run of many parts each part would pay that: until the last one, an hour is late.
"""

from collections.abc import Collection
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

    An event is late that came more than `late_after_ms` after it happened. A day of such events is taken in when it has
    `worth_a_day` of them, and `worth_share` of as many as arrived; when the first of them has waited for
    `longest_wait_ms` (by the newest event's arrival); or when one that waits is not late by this policy. Where a run
    has no `days_a_run` such days, those that have waited longest are taken in too. A day that events touch which are
    not late costs nothing more. Nothing waits where late events are more than `most_share` of what arrived: that is no
    traffic, but history that is told afterwards; or where more than `most_waiting` would.
    """

    days_a_run: int = 1
    worth_a_day: int = 500
    worth_share: float = 0.05
    longest_wait_ms: int = DAY_MS
    late_after_ms: int = DAY_MS
    most_share: float = 0.125
    most_waiting: int = 250_000


USUAL = LatePolicy()
BETWEEN = LatePolicy(days_a_run=0, late_after_ms=DAY_MS // 24, longest_wait_ms=4 * DAY_MS)
"""For a part of a run after which others come: nobody looks at the tables yet."""


@dataclass(frozen=True)
class WaitingDay:
    """The late events of a UTC day (days since 1970), and when the first of them came (epoch milliseconds).

    `in_time` says whether one of them is not late, and had only waited for a run's last part; `touched` whether events
    that are not late touch the day anyway.
    """

    day: int
    events: int
    since_ms: int
    in_time: bool = False
    touched: bool = False


def days_due(policy: LatePolicy, waiting: Collection[WaitingDay], now_ms: int, arrived: int) -> set[int]:
    """The days whose late events are taken in now.

    Args:
        policy: what is due.
        waiting: the days of all that waits.
        now_ms: when the newest event arrived, in epoch milliseconds.
        arrived: how many events arrived, late or not.
    """
    if sum(one.events for one in waiting) > policy.most_waiting:
        return {one.day for one in waiting}
    worth = max(policy.worth_a_day, policy.worth_share * arrived)
    touched = {one.day for one in waiting if one.touched}
    by_age = sorted((one for one in waiting if not one.touched), key=lambda one: (one.since_ms, -one.day))
    due = [
        one.day
        for one in by_age
        if one.in_time or one.events >= worth or now_ms - one.since_ms >= policy.longest_wait_ms
    ]
    others = [one.day for one in by_age if one.day not in due]
    return {*touched, *due, *others[: max(0, policy.days_a_run - len(due))]}


def any_wait(engine: Engine) -> bool:
    """Whether a late event waits to be taken in."""
    engine.stored("late_waiting", LATE_EVENTS, None, columns=LATE_EVENTS.key)
    return not engine.is_empty("late_waiting")


def part_late(engine: Engine, policy: LatePolicy | None) -> int:
    """Define `candidates`: of `arrived_events`, and of what waits, that which is taken in now.

    `late_events_new` and `late_events_stale` are then what begins to wait and what waits no more. What comes from
    objects that were taken in before never waits: it stands for what these held then.

    Args:
        engine: the engine; with the relations `arrived_events`, `late_read` (all that waits), `objects_again`,
            `staged_ledger` and `cutoffs`.
        policy: what waits; None: nothing, and all that waits is taken in.

    Returns:
        How many events wait then.
    """
    engine.define("late_stored", _STILL_KEPT, LATE_EVENTS)
    late_after_ms = (policy or USUAL).late_after_ms
    engine.define("late_arrived", _LATE.format(late_after_ms=late_after_ms), EVENTS)
    if engine.is_empty("late_arrived") and engine.is_empty("late_read"):
        for none in ("late_events_new", "late_events_stale"):
            engine.define(none, "select * from late_arrived", LATE_EVENTS, lazily=True)
        engine.without("candidates", "arrived_events", "late_arrived", EVENTS.key)
        return 0
    taken = _all_days(engine) if policy is None else _days_taken(engine, policy)
    engine.register("late_days", pa.table({"day_number": pa.array(sorted(taken), pa.int32())}))
    engine.define("late_events_new", _BEGIN_TO_WAIT, LATE_EVENTS)
    engine.define("late_events_stale", _WAIT_NO_MORE, LATE_EVENTS)
    engine.define("late_due", _DUE, EVENTS, lazily=True)
    if engine.is_empty("late_due"):
        engine.without("candidates", "arrived_events", "late_events_new", EVENTS.key)
    else:
        engine.without("in_time", "arrived_events", "late_events_new", EVENTS.key)
        engine.add("candidates", "in_time", "late_due")
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
    if int(str(late)) > policy.most_share * int(str(arrived)):
        return _all_days(engine)
    waiting = [
        WaitingDay(int(str(day)), int(str(events)), int(str(since)), bool(in_time), bool(touched))
        for day, events, since, in_time, touched in engine.rows(_WAITING.format(late_after_ms=policy.late_after_ms))
    ]
    if newest is None:
        return {one.day for one in waiting if one.in_time}
    return days_due(policy, waiting, int(str(newest)), int(str(arrived)))


# What was imported from a file is history that somebody waits for.
_IS_LATE = (
    "substring({0}.protocol, 1, 7) <> 'import/' and "
    "unix_millis(cast({0}.received_at as timestamp)) - unix_millis(cast({0}.event_time as timestamp)) "
    "> {{late_after_ms}}"
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
_LATE = f"select a.* from arrived_events as a {_NOT_BEFORE} where o.raw_object is null and {_IS_LATE.format('a')}"
_ARRIVED = f"""
select count(*), max(unix_millis(cast(a.received_at as timestamp))), (select count(*) from late_arrived)
from arrived_events as a {_NOT_BEFORE}
where o.raw_object is null
"""
_WAITING = f"""
with late as (
    select
        {EVENT_DAY.format("s")} as day_number,
        s.received_at,
        case when {_IS_LATE.format("s")} then 0 else 1 end as in_time
    from late_stored as s
    union all
    select {EVENT_DAY.format("a")} as day_number, a.received_at, 0 as in_time from late_arrived as a
),
days as (
    select
        day_number,
        count(*) as events,
        min(unix_millis(cast(received_at as timestamp))) as since,
        max(in_time) as in_time
    from late
    group by day_number
),
touched as (
    select distinct {EVENT_DAY.format("a")} as day_number from arrived_events as a where not ({_IS_LATE.format("a")})
)
select d.day_number, d.events, d.since, d.in_time, case when t.day_number is null then 0 else 1 end
from days as d left join touched as t on d.day_number = t.day_number
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
_DUE = f"""
select s.* from late_stored as s
inner join late_days as d on {EVENT_DAY.format("s")} = d.day_number
"""
