"""Taking out what is older than its tenant keeps it: from the tables, then the raw objects that hold nothing else."""

from collections.abc import Sequence
from dataclasses import dataclass

from footfall.etl.cutoffs import old_events, old_quarantine
from footfall.etl.late_events import expire_waiting
from footfall.etl.ledger_commits import last_names
from footfall.etl.pipeline import Progress, remove_events
from footfall.etl.unlinks import Unlink
from footfall.events.tenants import Tenant
from footfall.lake.actions import Action
from footfall.lake.engines.port import Bounds, Engine
from footfall.lake.raw_rows import DAY_MS
from footfall.lake.raw_store import RawStore
from footfall.lake.retention import Retention
from footfall.lake.tables import EVENTS, LEDGER, QUARANTINE

_OBJECTS_AT_ONCE = 2_000


@dataclass
class Expired:
    """What retention took out: events, rows of quarantine, raw objects."""

    events: int = 0
    quarantined: int = 0
    objects: int = 0


def expire_old(
    engine: Engine,
    store: RawStore,
    tenants: Sequence[Tenant],
    retention: Retention,
    progress: Progress = lambda step: None,
    unlinks: Sequence[Action[Unlink]] = (),
) -> Expired:
    """Take out what the recorded cutoffs leave no place for. Killed anywhere, it is done again.

    Args:
        engine: reads and commits; the caller holds the lake's lease.
        store: the raw objects.
        tenants: all tenants.
        retention: the cutoffs, recorded before.
        progress: called with the name of each step once it is done.
        unlinks: what operators unlinked, all of it.
    """
    done = Expired()
    if not retention:
        return done
    engine.register("cutoffs", retention.rows())
    done.events += expire_waiting(engine)
    bounds = _bounds(retention, EVENTS.name)
    engine.stored("events_read", EVENTS, bounds)
    engine.define("events_old", old_events("events_read"), EVENTS)
    engine.stored("quarantine_read", QUARANTINE, _bounds(retention, QUARANTINE.name))
    engine.define("quarantine_old", old_quarantine("quarantine_read"), QUARANTINE)
    stored, done.quarantined = _count(engine, "events_old"), _count(engine, "quarantine_old")
    done.events += stored
    named = last_names(engine).get(EVENTS.name)
    if stored or done.quarantined or (named is not None and named != engine.snapshot(EVENTS)):
        remove_events(engine, store, tenants, "events_old", "quarantine_old", bounds, progress, unlinks)
    removable = _removable(engine, store, retention)
    for start in range(0, len(removable), _OBJECTS_AT_ONCE):
        some = removable[start : start + _OBJECTS_AT_ONCE]
        for table in (EVENTS, QUARANTINE):
            engine.stored_from("rows_of_objects", table, some)
            # An imported row may lie in the time after its import.
            held = {str(key) for (key,) in engine.rows("select distinct raw_object from rows_of_objects")}
            some = [key for key in some if key not in held]
        for key in some:
            store.remove(key)
        done.objects += len(some)
    return done


def _removable(engine: Engine, store: RawStore, retention: Retention) -> list[str]:
    """The raw objects all of whose lines came before the cutoffs of all whose lines they are."""
    engine.stored("ledger_now", LEDGER, None)
    old: dict[str, bool] = {}
    rows = engine.rows("select raw_object, tenant, cast(unix_millis(cast(day as timestamp)) as bigint) from ledger_now")
    for key, tenant, day in rows:
        over = int(str(day)) + DAY_MS <= retention.earliest(str(tenant or ""))
        old[str(key)] = old.get(str(key), True) and over
    present = set(store.keys())
    return sorted(key for key, over in old.items() if over and key in present)


def _bounds(retention: Retention, table: str) -> Bounds:
    cut = retention.latest if table == EVENTS.name else retention.earliest
    tenants = retention.tenants()
    column = "event_time" if table == EVENTS.name else "received_at"
    return Bounds(tenants, column, ((0, max(cut(tenant) for tenant in tenants)),))


def _count(engine: Engine, relation: str) -> int:
    return int(str(engine.rows(f"select count(*) from {relation}")[0][0]))
