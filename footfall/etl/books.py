"""The books of a tenant and day, proved from raw: what was received is stored, late, duplicate, or otherwise known.

Nothing here trusts a count that a run made: raw is decoded again, and each event of it is looked for by its origin.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from functools import partial
from itertools import chain

import pyarrow as pa

from footfall.etl.book_spans import Span, TakenIn
from footfall.etl.changes import day_bounds
from footfall.etl.ledger_commits import last_commit
from footfall.lake.engines.port import Engine
from footfall.lake.ledger_names import named_snapshots
from footfall.lake.raw_rows import DAY_MS
from footfall.lake.raw_store import RawStore, in_parts
from footfall.lake.retention import KEPT_FOR_EVER, Retention
from footfall.lake.suppression import NOBODY, Suppressions
from footfall.lake.tables import EVENTS, LATE_EVENTS, LEDGER, QUARANTINE
from footfall.lake.tombstones import tombstoned

_ORIGIN = ("raw_object", "raw_line", "raw_index")
_KEPT_COLUMNS = (*_ORIGIN, "tenant", "received_at")
_COPY = ("tenant", "event_id", "client_time")
# Of what is decoded, no more is asked for; and it is so much narrower than what a run works on.
_ASKED = ("tenant", "name", "event_id", "client_time_ms", "sent_at_ms", "received_at_ms", "imported", *_ORIGIN)
_NARROWER = 2
# What is known of a stored row is a bit narrower still, and an event is some fifty bytes of a raw object.
_EVENTS_A_BYTE = 1 / 8


@dataclass(frozen=True)
class DayBooks:
    """A tenant's day (UTC, of received_at).

    `received`: events and rejected ones in the raw objects that the ledger holds. `stored`: of these, the events in
    the table. `late`: those that wait in `late_events` until their day is worked out again. `duplicate`: those of which
    an earlier copy is stored. `quarantined`: those in quarantine. `missing`: those found nowhere. `erased`: those of
    which an erasure has left the place alone. `expired`: those that retention has taken out. `invented`: rows of the
    tables that no raw object explains. `waiting`: events in raw objects that no run has taken in yet.
    """

    tenant: str
    day: str
    received: int
    stored: int
    duplicate: int
    quarantined: int
    missing: int
    invented: int
    waiting: int
    erased: int = 0
    expired: int = 0
    late: int = 0

    @property
    def balanced(self) -> bool:
        """Whether received is the sum of what became of it, and no row stands that raw does not explain."""
        known = self.stored + self.late + self.duplicate + self.quarantined + self.erased + self.expired
        return self.received == known and not self.invented

    def told(self) -> dict[str, object]:
        """All of it, as JSON has it."""
        return {**asdict(self), "balanced": self.balanced}


def first_day(days: int, now_ms: int) -> int:
    """The first of the last so many UTC days, today's among them, as days since 1970.

    Args:
        days: how many, 1 or more.
        now_ms: the time, in epoch milliseconds.
    """
    return now_ms // DAY_MS - days + 1


def reconcile(
    engine: Engine,
    store: RawStore,
    progress: Callable[[int, int], None] = lambda done, total: None,
    suppressions: Suppressions = NOBODY,
    retention: Retention = KEPT_FOR_EVER,
    first: int | None = None,
    most_events: int | None = None,
) -> list[DayBooks]:
    """The books of every tenant and day, as of the last commit of the ledger.

    Args:
        engine: the engine to compare with.
        store: the raw objects.
        progress: called with how many of how many raw objects are compared; one that holds lines of days that are
            proved apart counts twice.
        suppressions: who was erased.
        retention: what was cut off.
        first: the first day to prove (since 1970, of received_at); None: all days. Of raw, and of the tables, hardly
            more is read than what was received since.
        most_events: days of so many events are proved together; None: what the engine has room for.
    """
    last = last_commit(engine)
    named = named_snapshots(last.properties) if last is not None else {}
    engine.stored("ledger_now", LEDGER, None, last.snapshot if last is not None else None)
    taken_in = TakenIn(engine)
    engine.stored("kept_late", LATE_EVENTS, None, named.get(LATE_EVENTS.name), _ORIGIN)
    engine.register("cutoffs", retention.rows())
    listed = list(store.sizes())
    spans = taken_in.spans(first, most_events or int(engine.most_bytes * _EVENTS_A_BYTE))
    tenants = _tenants(engine, named, everyone=first is None and len(spans) > 1)
    leave_out = partial(tombstoned, erased=suppressions) if suppressions else None
    parts = [
        list(in_parts([each for each in listed if taken_in.may_hold(each[0], span)], _NARROWER * engine.most_bytes))
        for span in spans
    ]
    ahead = list(chain.from_iterable(parts))
    total, done = sum(map(len, ahead)), 0
    days: dict[tuple[str, int], dict[str, int]] = {}
    for span, of_span in zip(spans, parts, strict=True):
        _read_kept(engine, span, tenants, named)
        for keys in of_span:
            engine.stage(store, keys, leave_out, _ASKED)
            del ahead[0]
            if ahead:
                engine.expect(store, ahead[0], leave_out, _ASKED)
            known = pa.array([key for key in keys if key in taken_in], pa.string())
            engine.register("taken_in", pa.table({"raw_object": known}))
            engine.define("origins", _ORIGINS.format(first_ms=span.first_ms, end_ms=span.end_ms))
            _find_copies(engine, named.get(EVENTS.name))
            _add(days, engine.rows(_FOUND))
            _add(days, engine.rows(_ERASED.format(first=span.first, end=span.end)))
            done += len(keys)
            progress(done, total)
        _add_invented(days, engine)
    _add(days, _removed(engine, retention, {key for key, _ in listed}, spans[0].first))
    return [_books(tenant, day, counts) for (tenant, day), counts in sorted(days.items())]


def _tenants(engine: Engine, named: Mapping[str, int], *, everyone: bool) -> tuple[str, ...]:
    """The tenants that the ledger knows; or everyone, those too of whom the tables alone have rows."""
    relations = ["ledger_now"]
    for table in (EVENTS, QUARANTINE) if everyone else ():
        relations.append(f"tenants_of_{table.name}")
        engine.stored(relations[-1], table, None, named.get(table.name), ("tenant",))
    found = {str(name or "") for each in relations for (name,) in engine.rows(f"select distinct tenant from {each}")}
    return tuple(sorted(found))


def _read_kept(engine: Engine, span: Span, tenants: tuple[str, ...], named: Mapping[str, int]) -> None:
    """Define `kept_origins`: the stored rows that were received in a span, an origin each."""
    bounds = span.bounds(tenants)
    engine.stored("kept_events", EVENTS, bounds, named.get(EVENTS.name), _KEPT_COLUMNS)
    engine.stored("kept_quarantine", QUARANTINE, bounds, named.get(QUARANTINE.name), _KEPT_COLUMNS)
    engine.define("kept_origins", _KEPT.format(first_ms=span.first_ms, end_ms=span.end_ms))


def _find_copies(engine: Engine, snapshot: int | None) -> None:
    """Of events that no stored row comes from, the stored copies, whenever these were received."""
    engine.define("origins_apart", _APART)
    bounds = day_bounds(engine, "origins_apart", "client_time")
    engine.stored_among("kept_apart", EVENTS, bounds, "origins_apart", ("tenant", "event_id"), _COPY, snapshot)
    engine.define("kept_copies", _COPIES)


_KEPT = """
with kept as (
    select raw_object, raw_line, raw_index, tenant, received_at, 1 as is_event from kept_events
    union all
    select raw_object, raw_line, raw_index, tenant, received_at, 0 as is_event from kept_quarantine
)
select
    raw_object, raw_line, raw_index, is_event,
    max(tenant) as tenant,
    cast(max(unix_millis(cast(received_at as timestamp))) div 86400000 as int) as day_number,
    count(*) as rows_found
from kept
where
    unix_millis(cast(received_at as timestamp)) >= {first_ms}
    and unix_millis(cast(received_at as timestamp)) < {end_ms}
group by raw_object, raw_line, raw_index, is_event
"""

_APART = """
select distinct tenant, event_id, cast(client_time_ms div 86400000 as int) as day_number
from origins
where is_event = 1 and is_waiting = 0 and is_kept = 0
"""

_COPIES = """
select tenant, event_id, unix_millis(cast(client_time as timestamp)) as client_time_ms, count(*) as rows_found
from kept_apart
group by tenant, event_id, client_time
"""

_ORIGINS = """
with origins as (
    select
        raw_object, raw_line, raw_index, tenant, name, event_id, client_time_ms, received_at_ms, 1 as is_event,
        case
            when imported then client_time_ms
            when abs(received_at_ms - sent_at_ms) > 60000
                then greatest(0, least(received_at_ms, client_time_ms + received_at_ms - sent_at_ms))
            else least(received_at_ms, client_time_ms)
        end as kept_by_ms
    from staged_events
    union all
    select raw_object, raw_line, raw_index, tenant, null as name, null as event_id, null as client_time_ms,
        received_at_ms, 0 as is_event, received_at_ms as kept_by_ms
    from staged_rejected
)
select
    o.*,
    case when t.raw_object is null then 1 else 0 end as is_waiting,
    case when k.raw_object is null then 0 else 1 end as is_kept,
    case
        when o.is_event = 1 and o.kept_by_ms < coalesce(n.before_ms, g.before_ms, 0) then 1
        when o.is_event = 0 and o.kept_by_ms < coalesce(g.all_before_ms, 0) then 1
        else 0
    end as is_old
from origins as o
left join taken_in as t on o.raw_object = t.raw_object
left join kept_origins as k
    on
        o.raw_object = k.raw_object
        and o.raw_line = k.raw_line
        and o.raw_index = k.raw_index
        and o.is_event = k.is_event
left join cutoffs as n on o.tenant = n.tenant and o.name = n.name
left join cutoffs as g on o.tenant = g.tenant and g.name = ''
where o.received_at_ms >= {first_ms} and o.received_at_ms < {end_ms}
"""

_FOUND = """
with judged as (
    select
        o.tenant,
        cast(o.received_at_ms div 86400000 as int) as day_number,
        case
            when o.is_waiting = 1 then 'waiting'
            when o.is_kept = 1 and o.is_event = 1 then 'stored'
            when o.is_kept = 1 then 'quarantined'
            when l.raw_object is not null then 'late'
            when o.is_event = 1 and c.rows_found = 1 then 'duplicate'
            when o.is_old = 1 then 'expired'
            else 'missing'
        end as verdict
    from origins as o
    left join kept_late as l
        on
            o.raw_object = l.raw_object
            and o.raw_line = l.raw_line
            and o.raw_index = l.raw_index
            and o.is_event = 1
    left join kept_copies as c
        on o.tenant = c.tenant and o.event_id = c.event_id and o.client_time_ms = c.client_time_ms
)
select tenant, day_number, verdict, count(*) from judged group by tenant, day_number, verdict
"""

_ERASED = """
select l.tenant, l.day_number, 'erased' as verdict, sum(l.erased)
from staged_ledger as l
inner join taken_in as t on l.raw_object = t.raw_object
where l.erased > 0 and l.day_number >= {first} and l.day_number < {end}
group by l.tenant, l.day_number
"""

_KEPT_DAYS = "select tenant, day_number, sum(rows_found) from kept_origins group by tenant, day_number"


def _removed(engine: Engine, retention: Retention, present: set[str], first: int) -> list[tuple[object, ...]]:
    """What was in raw objects that retention has removed, as the ledger knows it, from a day on."""
    rows = engine.rows(
        "select raw_object, tenant, cast(unix_millis(cast(day as timestamp)) as bigint), events + rejected, "
        "coalesce(erased, 0) from ledger_now"
    )
    found: list[tuple[object, ...]] = []
    for key, tenant, day, gone, erased in rows:
        if str(key) not in present and int(str(day)) + DAY_MS <= retention.earliest(str(tenant or "")):
            number = int(str(day)) // DAY_MS
            if number >= first:
                found += [(tenant, number, "expired", gone), (tenant, number, "erased", erased)]
    return found


def _add(days: dict[tuple[str, int], dict[str, int]], rows: list[tuple[object, ...]]) -> None:
    for tenant, day, verdict, count in rows:
        counts = days.setdefault((str(tenant), int(str(day))), {})
        counts[str(verdict)] = counts.get(str(verdict), 0) + int(str(count))


def _add_invented(days: dict[tuple[str, int], dict[str, int]], engine: Engine) -> None:
    """A row that no raw object explains, or that stands twice, is one more than raw has."""
    for tenant, day, count in engine.rows(_KEPT_DAYS):
        counts = days.setdefault((str(tenant), int(str(day))), {})
        counts["invented"] = int(str(count)) - counts.get("stored", 0) - counts.get("quarantined", 0)


def _books(tenant: str, day: int, counts: dict[str, int]) -> DayBooks:
    stored, late, duplicate, quarantined, erased, expired, missing = (
        counts.get(verdict, 0)
        for verdict in ("stored", "late", "duplicate", "quarantined", "erased", "expired", "missing")
    )
    return DayBooks(
        tenant=tenant,
        day=(date(1970, 1, 1) + timedelta(days=day)).isoformat(),
        received=stored + late + duplicate + quarantined + erased + expired + missing,
        stored=stored,
        duplicate=duplicate,
        quarantined=quarantined,
        missing=missing,
        invented=counts.get("invented", 0),
        waiting=counts.get("waiting", 0),
        erased=erased,
        expired=expired,
        late=late,
    )
