"""A run: take in the raw objects that the ledger does not hold, and bring every table up to date with them.

One commit a table: quarantine and events first, the tables derived from events next, the ledger last. A run that was
killed anywhere is simply run again: what it had committed is found as it is, what it had not is done.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from footfall.errors import FootfallError
from footfall.etl.changes import column_bounds, commit_changes, day_bounds
from footfall.etl.enrichment import pages, referrers, user_agents
from footfall.etl.entities import commit_entities
from footfall.etl.identities import Unlink, commit_aliases, commit_identities, read_aliases, register_unlinks
from footfall.etl.models import model
from footfall.events.tenants import Tenant
from footfall.lake.actions import Action
from footfall.lake.engines.port import Bounds, Engine
from footfall.lake.raw_store import RawStore
from footfall.lake.tables import (
    ALIASES,
    ENTITIES,
    EVENTS,
    IDENTITIES,
    LEDGER,
    PAGE_VIEWS,
    QUARANTINE,
    SESSIONS,
    VISITOR_DAYS,
    Table,
)

DERIVED: tuple[Table, ...] = (PAGE_VIEWS, SESSIONS, VISITOR_DAYS, ENTITIES, ALIASES, IDENTITIES)
RUN_TABLES: tuple[Table, ...] = (QUARANTINE, EVENTS, *DERIVED)
STEPS: tuple[str, ...] = (
    "read",
    "quarantine",
    "events",
    *(table.name for table in DERIVED),
    "ledger",
)
_LONGEST_GAP_SECONDS = 86_400
# An object may hold many small lines: a run takes in so many objects at once, then commits, then goes on.
OBJECTS_A_RUN = 2_000

Progress = Callable[[str], None]


@dataclass
class RunReport:
    """What a run did: raw objects taken in, their events, how many of these were new, and rejected ones."""

    objects: int = 0
    events: int = 0
    new_events: int = 0
    rejected: int = 0
    snapshots: dict[str, int | None] = field(default_factory=dict)


def run(
    engine: Engine,
    store: RawStore,
    tenants: Iterable[Tenant],
    progress: Progress = lambda step: None,
    unlinks: Sequence[Action[Unlink]] = (),
) -> RunReport:
    """Take in what is new. The caller holds the lake's lease.

    Args:
        engine: what runs the models and commits.
        store: where the raw objects are.
        tenants: all tenants, with their settings.
        progress: called with the name of each step (see STEPS) once it is done.
        unlinks: what operators unlinked, all of it.
    """
    report = RunReport()
    register_unlinks(engine, unlinks)
    known = tuple(tenants)
    new = new_objects(engine, store)
    for start in range(0, len(new), OBJECTS_A_RUN):
        _take_in(engine, store, known, new[start : start + OBJECTS_A_RUN], report, progress)
    report.snapshots = {table.name: engine.snapshot(table) for table in RUN_TABLES}
    return report


def new_objects(engine: Engine, store: RawStore) -> list[str]:
    """The keys of the raw objects that the ledger does not hold, in order."""
    engine.stored("ledger_now", LEDGER, None)
    held = {key for (key,) in engine.rows("select distinct raw_object from ledger_now")}
    return [key for key in store.keys() if key not in held]  # noqa: SIM118 - a store is no mapping


def _take_in(
    engine: Engine,
    store: RawStore,
    tenants: Sequence[Tenant],
    keys: Sequence[str],
    report: RunReport,
    progress: Progress,
) -> None:
    engine.stage(store, keys)
    _register_tenants(engine, tenants)
    progress("read")
    counted = engine.rows("select coalesce(sum(events), 0), coalesce(sum(rejected), 0) from staged_ledger")
    events, rejected = (int(str(count)) for count in counted[0])

    snapshots: dict[str, int | None] = {}
    engine.define("quarantine_all", model("quarantine"), QUARANTINE)
    snapshots["quarantine"] = _replace_changed(
        engine, QUARANTINE, "quarantine_all", column_bounds(engine, "quarantine_all", "received_at")
    )
    progress("quarantine")
    snapshots["events"], new_events = _commit_events(engine)
    progress("events")
    snapshots.update(_commit_derived(engine, progress))
    _commit_ledger(engine, snapshots)
    progress("ledger")

    report.objects += len(keys)
    report.events += events
    report.new_events += new_events
    report.rejected += rejected


def _register_tenants(engine: Engine, tenants: Sequence[Tenant]) -> None:
    for tenant in tenants:
        if not 1 <= tenant.session_gap_seconds <= _LONGEST_GAP_SECONDS:
            raise FootfallError(
                f"the tenant {tenant.name} has a session gap of {tenant.session_gap_seconds} s: "
                f"set session_gap_seconds from 1 to {_LONGEST_GAP_SECONDS}."
            )
    known = {tenant.name: tenant for tenant in tenants}
    staged = [str(name) for (name,) in engine.rows("select distinct tenant from staged_events order by tenant")]
    if unknown := [name for name in staged if name not in known]:
        raise FootfallError(
            f"raw holds events of tenants that the registry does not know: {', '.join(unknown)}. Restore tenants.toml."
        )
    columns: dict[str, pa.DataType] = {"tenant": pa.string(), "session_gap_ms": pa.int64(), "goal": pa.string()}
    rows = [
        {"tenant": tenant.name, "session_gap_ms": tenant.session_gap_seconds * 1000, "goal": tenant.goal}
        for tenant in known.values()
    ]
    engine.register("tenants", pa.Table.from_pylist(rows, schema=pa.schema(columns)))


def _commit_events(engine: Engine) -> tuple[int | None, int]:
    engine.map_column(
        "user_agents", "staged_events", "user_agent", user_agents.describe_user_agents, user_agents.SCHEMA
    )
    engine.map_column("pages", "staged_events", "page_url", pages.describe_pages, pages.SCHEMA)
    engine.map_column("referrers", "staged_events", "referrer", referrers.describe_referrers, referrers.SCHEMA)
    engine.define("candidates", model("candidates"), EVENTS)
    bounds = column_bounds(engine, "candidates", "client_time")
    engine.stored("stored_copies", EVENTS, bounds)
    engine.define("event_copies", model("event_copies"))
    engine.define("new_events", "select * from event_copies where copy = 1 and stored = 0", EVENTS)
    engine.define("stale_events", "select * from event_copies where copy > 1 and stored = 1", EVENTS)
    _find_lost_events(engine)
    new = engine.rows("select count(*) from new_events")[0][0]
    return engine.replace(EVENTS, "new_events", "stale_events", bounds), int(str(new))


def _find_lost_events(engine: Engine) -> None:
    """The rows that a killed run took out of events: the ledger's last commit names the snapshot before it."""
    before = engine.properties(LEDGER).get(_snapshot_property(EVENTS))
    if before is not None and int(before) != engine.snapshot(EVENTS):
        engine.lost("lost_events", EVENTS, int(before))
    else:
        engine.define("lost_events", "select * from stale_events where tenant is null", EVENTS)


def _commit_derived(engine: Engine, progress: Progress) -> dict[str, int | None]:
    for name in ("affected_days", "rework_days", "window_days"):
        engine.define(name, model(name))
    engine.stored("stored_events", EVENTS, day_bounds(engine, "window_days", "event_time"))
    for name in ("visits", "visit_starts"):
        engine.define(name, model(name))
    snapshots = {}
    for table, column in ((PAGE_VIEWS, "started_at"), (SESSIONS, "started_at"), (VISITOR_DAYS, "day")):
        engine.define(f"{table.name}_all", model(table.name), table)
        snapshots[table.name] = _replace_changed(
            engine, table, f"{table.name}_all", day_bounds(engine, "rework_days", column), rework=column
        )
        progress(table.name)
    engine.define("touched_events", model("touched_events"))
    read_aliases(engine)
    for table, commit in ((ENTITIES, commit_entities), (ALIASES, commit_aliases), (IDENTITIES, commit_identities)):
        snapshots[table.name] = commit(engine)
        progress(table.name)
    return snapshots


def _replace_changed(
    engine: Engine, table: Table, rows: str, bounds: Bounds | None, rework: str | None = None
) -> int | None:
    """Make the table hold `rows` where it held other rows; rows that are as they were are not written again.

    What leaves are the stored rows with the keys of `rows`, or, for a derived table, all those of the rework days.
    """
    if rework is None:
        on = " and ".join(f"s.{column} = k.{column}" for column in table.key)
        before = f"select s.* from {table.name}_read as s inner join {rows} as k on {on}"
    else:
        day = f"s.{rework}" if rework == "day" else f"cast(s.{rework} as date)"
        before = (
            f"select s.* from {table.name}_read as s inner join rework_days as r "
            f"on s.tenant = r.tenant and s.visitor = r.visitor and {day} = date_from_unix_date(r.day_number)"
        )
    return commit_changes(engine, table, before, bounds)


def _commit_ledger(engine: Engine, snapshots: dict[str, int | None]) -> None:
    columns = ", ".join(
        f"cast({'null' if snapshots[table.name] is None else snapshots[table.name]} as bigint) as {table.name}_snapshot"
        for table in (EVENTS, PAGE_VIEWS, SESSIONS, VISITOR_DAYS, QUARANTINE)
    )
    engine.define(
        "ledger_new",
        "select raw_object, tenant, date_from_unix_date(day_number) as day, lines, events, rejected, "
        f"{columns} from staged_ledger",
        LEDGER,
    )
    engine.define("ledger_stale", "select * from ledger_new where raw_object is null", LEDGER)
    named = {_snapshot_property(table): str(snapshots[table.name]) for table in RUN_TABLES if snapshots[table.name]}
    engine.replace(LEDGER, "ledger_new", "ledger_stale", None, named)
    keep = [snapshot for snapshot in snapshots.values() if snapshot is not None]
    for table in (*RUN_TABLES, LEDGER):
        engine.expire(table, keep)


def _snapshot_property(table: Table) -> str:
    return f"footfall.{table.name}-snapshot"
