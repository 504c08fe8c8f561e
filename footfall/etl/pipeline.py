"""A run: take in the raw objects that the ledger does not hold, and bring every table up to date with them.

One commit a table: quarantine and events first, the tables derived from events next, the ledger last. A run that was
killed anywhere is simply run again: what it had committed is found as it is, what it had not is done.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from footfall.errors import FootfallError
from footfall.etl.enrichment import pages, referrers, shapes, user_agents
from footfall.etl.models import model
from footfall.etl.rules import note_new_tenants, rework
from footfall.events.tenants import Tenant
from footfall.lake.engines.port import Bounds, Engine
from footfall.lake.raw_rows import DAY_MS
from footfall.lake.raw_store import RawStore
from footfall.lake.tables import (
    DATA_QUALITY,
    EVENTS,
    HEATMAP,
    LEDGER,
    PAGE_VIEWS,
    QUARANTINE,
    SESSIONS,
    VISITOR_DAYS,
    Table,
)

DERIVED: tuple[Table, ...] = (PAGE_VIEWS, SESSIONS, VISITOR_DAYS, HEATMAP, DATA_QUALITY)
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
# Of a way between two places of a path, in steps of 50 ms, no more count: five seconds.
MOST_STEPS = 100
_HEATMAP_COLUMNS = (
    *("tenant", "visitor", "name", "event_time", "page_host", "page_path", "x", "y", "document_width", "path"),
    *EVENTS.key,
)
_QUALITY_COLUMNS = (
    *("tenant", "event_time", "received_at", "name", "shape", "user_id", "page_url", "page_title", "referrer"),
    *("user_agent", "ip", "country", "screen_width", "item", "value"),
)

Progress = Callable[[str], None]


@dataclass
class RunReport:
    """What a run did: raw objects taken in, their events, how many of these were new, and rejected ones.

    `reworked` counts the visitors' days of history that were worked out again because a tenant's rules have changed.
    """

    objects: int = 0
    events: int = 0
    new_events: int = 0
    rejected: int = 0
    reworked: int = 0
    snapshots: dict[str, int | None] = field(default_factory=dict)


def run(
    engine: Engine,
    store: RawStore,
    tenants: Iterable[Tenant],
    progress: Progress = lambda step: None,
) -> RunReport:
    """Take in what is new. The caller holds the lake's lease.

    Args:
        engine: what runs the models and commits.
        store: where the raw objects are.
        tenants: all tenants, with their settings.
        progress: called with the name of each step (see STEPS) once it is done.
    """
    report = RunReport()
    known = tuple(tenants)
    new = new_objects(engine, store)
    for start in range(0, len(new), OBJECTS_A_RUN):
        _take_in(engine, store, known, new[start : start + OBJECTS_A_RUN], report, progress)
    report.reworked = _rework(engine, known, progress)
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
    staged = [str(name) for (name,) in engine.rows("select distinct tenant from staged_events order by tenant")]
    if unknown := [name for name in staged if name not in {tenant.name for tenant in tenants}]:
        raise FootfallError(
            f"raw holds events of tenants that the registry does not know: {', '.join(unknown)}. Restore tenants.toml."
        )
    note_new_tenants(engine, tenants)
    progress("read")
    counted = engine.rows("select coalesce(sum(events), 0), coalesce(sum(rejected), 0) from staged_ledger")
    events, rejected = (int(str(count)) for count in counted[0])

    snapshots: dict[str, int | None] = {}
    engine.define("quarantine_all", model("quarantine"), QUARANTINE)
    snapshots["quarantine"] = _replace_changed(
        engine, QUARANTINE, "quarantine_all", _column_bounds(engine, "quarantine_all", "received_at")
    )
    progress("quarantine")
    snapshots["events"], new_events = _commit_events(engine)
    progress("events")
    engine.define("affected_days", model("affected_days"))
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
    settings: dict[str, pa.DataType] = {"tenant": pa.string(), "session_gap_ms": pa.int64()}
    rows = [{"tenant": tenant.name, "session_gap_ms": tenant.session_gap_seconds * 1000} for tenant in tenants]
    engine.register("tenants", pa.Table.from_pylist(rows, schema=pa.schema(settings)))
    converts: dict[str, pa.DataType] = {"tenant": pa.string(), "goal": pa.string()}
    goals = [{"tenant": tenant.name, "goal": goal} for tenant in tenants for goal in tenant.all_goals]
    engine.register("goals", pa.Table.from_pylist(goals, schema=pa.schema(converts)))


def _commit_events(engine: Engine) -> tuple[int | None, int]:
    engine.map_column(
        "user_agents", "staged_events", "user_agent", user_agents.describe_user_agents, user_agents.SCHEMA
    )
    engine.map_column("pages", "staged_events", "page_url", pages.describe_pages, pages.SCHEMA)
    engine.map_column("referrers", "staged_events", "referrer", referrers.describe_referrers, referrers.SCHEMA)
    engine.define("candidates", model("candidates"), EVENTS)
    bounds = _column_bounds(engine, "candidates", "client_time")
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


def _rework(engine: Engine, tenants: Sequence[Tenant], progress: Progress) -> int:
    def work_out() -> None:
        _commit_derived(engine, lambda step: None)
        _name_snapshots(engine)
        progress("rework")

    _register_tenants(engine, tenants)
    return rework(engine, tenants, work_out)


def _commit_derived(engine: Engine, progress: Progress) -> dict[str, int | None]:
    for name in ("rework_days", "window_days"):
        engine.define(name, model(name))
    engine.stored("stored_events", EVENTS, _day_bounds(engine, "window_days", "event_time"))
    for name in ("visits", "visit_starts", "bot_days"):
        engine.define(name, model(name))
    snapshots = {}
    for table, column in ((PAGE_VIEWS, "started_at"), (SESSIONS, "started_at"), (VISITOR_DAYS, "day")):
        engine.define(f"{table.name}_all", model(table.name), table)
        snapshots[table.name] = _replace_changed(
            engine, table, f"{table.name}_all", _day_bounds(engine, "rework_days", column), rework=column
        )
        progress(table.name)
    snapshots.update(_commit_days(engine, progress))
    return snapshots


def _commit_days(engine: Engine, progress: Progress) -> dict[str, int | None]:
    """The tables that hold a day of all visitors together: their touched days are worked out as a whole."""
    engine.define("touched_days", model("touched_days"))
    happened = _day_bounds(engine, "touched_days", "event_time")
    days = _day_bounds(engine, "touched_days", "day")
    engine.stored("heat_events", EVENTS, happened, columns=_HEATMAP_COLUMNS)
    engine.stored("heat_visitors", VISITOR_DAYS, days, columns=("tenant", "visitor", "day", "is_bot"))
    engine.register("steps", pa.table({"step": pa.array(range(MOST_STEPS), pa.int64())}))
    engine.stored("quality_events", EVENTS, happened, columns=_QUALITY_COLUMNS)
    engine.map_column("shapes", "quality_events", "shape", shapes.describe_shapes, shapes.SCHEMA)
    snapshots = {}
    for table in (HEATMAP, DATA_QUALITY):
        engine.define(f"{table.name}_all", model(table.name), table)
        snapshots[table.name] = _replace_changed(engine, table, f"{table.name}_all", days, "day", "touched_days")
        progress(table.name)
    return snapshots


def _replace_changed(
    engine: Engine,
    table: Table,
    rows: str,
    bounds: Bounds | None,
    rework: str | None = None,
    days: str = "rework_days",
) -> int | None:
    """Make the table hold `rows` where it held other rows; rows that are as they were are not written again.

    What leaves are the stored rows with the keys of `rows`, or, where a column `rework` is named, all those of `days`.
    """
    engine.stored(f"{table.name}_read", table, bounds)
    if rework is None:
        on = " and ".join(f"s.{column} = k.{column}" for column in table.key)
        before = f"select s.* from {table.name}_read as s inner join {rows} as k on {on}"
    else:
        day = f"s.{rework}" if rework == "day" else f"cast(s.{rework} as date)"
        visitor = "and s.visitor = r.visitor " if days == "rework_days" else ""
        before = (
            f"select s.* from {table.name}_read as s inner join {days} as r "
            f"on s.tenant = r.tenant {visitor}and {day} = date_from_unix_date(r.day_number)"
        )
    engine.define(f"{table.name}_before", before, table)
    engine.define(f"{table.name}_changed", f"select * from {rows} except select * from {table.name}_before", table)
    engine.define(f"{table.name}_stale", f"select * from {table.name}_before except select * from {rows}", table)
    return engine.replace(table, f"{table.name}_changed", f"{table.name}_stale", bounds)


def _commit_ledger(engine: Engine, snapshots: dict[str, int | None]) -> None:
    columns = ", ".join(
        f"cast({'null' if snapshots[table.name] is None else snapshots[table.name]} as bigint) as {table.name}_snapshot"
        for table in RUN_TABLES
    )
    engine.define(
        "ledger_new",
        "select raw_object, tenant, date_from_unix_date(day_number) as day, lines, events, rejected, "
        f"{columns} from staged_ledger",
        LEDGER,
    )
    engine.define("ledger_stale", "select * from ledger_new where raw_object is null", LEDGER)
    _replace_ledger(engine, snapshots)


def _name_snapshots(engine: Engine) -> None:
    """Have the ledger name the tables as they are now; a row of it, the first, comes in as it was."""
    engine.stored("ledger_before", LEDGER, None)
    engine.define(
        "ledger_placed",
        "select b.*, row_number() over (order by b.raw_object, b.tenant, b.day) as place from ledger_before as b",
    )
    for name in ("ledger_new", "ledger_stale"):
        engine.define(name, "select * from ledger_placed where place = 1", LEDGER)
    _replace_ledger(engine, {table.name: engine.snapshot(table) for table in RUN_TABLES})


def _replace_ledger(engine: Engine, snapshots: dict[str, int | None]) -> None:
    named = {_snapshot_property(table): str(snapshots[table.name]) for table in RUN_TABLES if snapshots[table.name]}
    engine.replace(LEDGER, "ledger_new", "ledger_stale", None, named)
    keep = [snapshot for snapshot in snapshots.values() if snapshot is not None]
    for table in (*RUN_TABLES, LEDGER):
        engine.expire(table, keep)


def _snapshot_property(table: Table) -> str:
    return f"footfall.{table.name}-snapshot"


def _column_bounds(engine: Engine, relation: str, column: str) -> Bounds:
    days = engine.rows(
        f"select distinct tenant, cast(unix_millis(cast({column} as timestamp)) div {DAY_MS} as int) from {relation}"
    )
    return _bounds(days, column)


def _day_bounds(engine: Engine, relation: str, column: str) -> Bounds:
    return _bounds(engine.rows(f"select distinct tenant, day_number from {relation}"), column)


def _bounds(days: list[tuple[object, ...]], column: str) -> Bounds:
    numbers = sorted({int(str(day)) for _, day in days})
    ranges: list[tuple[int, int]] = []
    for number in numbers:
        if ranges and ranges[-1][1] == number * DAY_MS:
            ranges[-1] = (ranges[-1][0], (number + 1) * DAY_MS)
        else:
            ranges.append((number * DAY_MS, (number + 1) * DAY_MS))
    return Bounds(tuple(sorted({str(tenant) for tenant, _ in days})), column, tuple(ranges))
