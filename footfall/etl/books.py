"""The books of a tenant and day, proved from raw: what was received is stored, late, duplicate, or otherwise known.

Nothing here trusts a count that a run made: raw is decoded again, and each event of it is looked for by its origin.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial

import pyarrow as pa

from footfall.etl.ledger_commits import last_names
from footfall.lake.engines.port import Engine
from footfall.lake.raw_rows import DAY_MS
from footfall.lake.raw_store import RawStore
from footfall.lake.retention import KEPT_FOR_EVER, Retention
from footfall.lake.suppression import NOBODY, Suppressions
from footfall.lake.tables import EVENTS, LATE_EVENTS, LEDGER, QUARANTINE
from footfall.lake.tombstones import tombstoned

OBJECTS_AT_ONCE = 2_000
_ORIGIN = ("raw_object", "raw_line", "raw_index")


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


def reconcile(
    engine: Engine,
    store: RawStore,
    progress: Callable[[int, int], None] = lambda done, total: None,
    suppressions: Suppressions = NOBODY,
    retention: Retention = KEPT_FOR_EVER,
) -> list[DayBooks]:
    """The books of every tenant and day, as of the last commit of the ledger.

    Args:
        engine: the engine to compare with.
        store: the raw objects.
        progress: called with how many of how many raw objects are compared.
        suppressions: who was erased.
        retention: what was cut off.
    """
    named = last_names(engine)
    engine.stored("ledger_now", LEDGER, None)
    engine.stored(
        "kept_events",
        EVENTS,
        None,
        named.get(EVENTS.name),
        (*_ORIGIN, "tenant", "event_id", "client_time", "received_at"),
    )
    engine.stored("kept_quarantine", QUARANTINE, None, named.get(QUARANTINE.name), (*_ORIGIN, "tenant", "received_at"))
    engine.define("kept_origins", _KEPT)
    engine.stored("kept_late", LATE_EVENTS, None, named.get(LATE_EVENTS.name), _ORIGIN)
    held = {str(key) for (key,) in engine.rows("select distinct raw_object from ledger_now")}
    keys = list(store.keys())
    engine.register("cutoffs", retention.rows())
    days: dict[tuple[str, int], dict[str, int]] = {}
    for start in range(0, len(keys), OBJECTS_AT_ONCE):
        some = keys[start : start + OBJECTS_AT_ONCE]
        engine.stage(store, some, partial(tombstoned, erased=suppressions) if suppressions else None)
        engine.register("taken_in", pa.table({"raw_object": pa.array([k for k in some if k in held], pa.string())}))
        engine.define("origins", _ORIGINS)
        _add(days, engine.rows(_FOUND))
        _add(days, engine.rows(_ERASED))
        progress(start + len(some), len(keys))
    _add(days, _removed(engine, retention, set(keys)))
    _add_invented(days, engine)
    return [_books(tenant, day, counts) for (tenant, day), counts in sorted(days.items())]


_KEPT = """
with kept as (
    select raw_object, raw_line, raw_index, tenant, event_id, client_time, received_at, 1 as is_event from kept_events
    union all
    select raw_object, raw_line, raw_index, tenant, null as event_id, null as client_time, received_at, 0 as is_event
    from kept_quarantine
)
select
    raw_object, raw_line, raw_index, is_event,
    max(tenant) as tenant,
    max(event_id) as event_id,
    max(unix_millis(cast(client_time as timestamp))) as client_time_ms,
    cast(max(unix_millis(cast(received_at as timestamp))) div 86400000 as int) as day_number,
    count(*) as rows_found
from kept
group by raw_object, raw_line, raw_index, is_event
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
    case
        when o.is_event = 1 and o.kept_by_ms < coalesce(n.before_ms, g.before_ms, 0) then 1
        when o.is_event = 0 and o.kept_by_ms < coalesce(g.all_before_ms, 0) then 1
        else 0
    end as is_old
from origins as o
left join taken_in as t on o.raw_object = t.raw_object
left join cutoffs as n on o.tenant = n.tenant and o.name = n.name
left join cutoffs as g on o.tenant = g.tenant and g.name = ''
"""

_FOUND = """
with copies as (
    select tenant, event_id, client_time_ms, count(*) as rows_found
    from kept_origins
    where is_event = 1
    group by tenant, event_id, client_time_ms
),
judged as (
    select
        o.tenant,
        cast(o.received_at_ms div 86400000 as int) as day_number,
        case
            when o.is_waiting = 1 then 'waiting'
            when k.is_event = 1 then 'stored'
            when k.is_event = 0 then 'quarantined'
            when l.raw_object is not null then 'late'
            when o.is_event = 1 and c.rows_found = 1 then 'duplicate'
            when o.is_old = 1 then 'expired'
            else 'missing'
        end as verdict
    from origins as o
    left join kept_origins as k
        on
            o.raw_object = k.raw_object
            and o.raw_line = k.raw_line
            and o.raw_index = k.raw_index
            and o.is_event = k.is_event
    left join kept_late as l
        on
            o.raw_object = l.raw_object
            and o.raw_line = l.raw_line
            and o.raw_index = l.raw_index
            and o.is_event = 1
    left join copies as c
        on o.tenant = c.tenant and o.event_id = c.event_id and o.client_time_ms = c.client_time_ms
)
select tenant, day_number, verdict, count(*) from judged group by tenant, day_number, verdict
"""

_ERASED = """
select l.tenant, l.day_number, 'erased' as verdict, sum(l.erased)
from staged_ledger as l
inner join taken_in as t on l.raw_object = t.raw_object
where l.erased > 0
group by l.tenant, l.day_number
"""

_KEPT_DAYS = "select tenant, day_number, sum(rows_found) from kept_origins group by tenant, day_number"


def _removed(engine: Engine, retention: Retention, present: set[str]) -> list[tuple[object, ...]]:
    """What was in raw objects that retention has removed, as the ledger knows it."""
    rows = engine.rows(
        "select raw_object, tenant, cast(unix_millis(cast(day as timestamp)) as bigint), events + rejected, "
        "coalesce(erased, 0) from ledger_now"
    )
    found: list[tuple[object, ...]] = []
    for key, tenant, day, gone, erased in rows:
        if str(key) not in present and int(str(day)) + DAY_MS <= retention.earliest(str(tenant or "")):
            number = int(str(day)) // DAY_MS
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
