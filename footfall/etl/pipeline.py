"""A run: take in the raw objects that the ledger does not hold, and bring every table up to date with them.

One commit a table: quarantine and events first, the tables derived from events next, the ledger last, which names the
snapshots of all of them (in a second commit, of no rows, where Spark has taken rows out of it). A run that was killed
anywhere is simply run again: what it had committed is found as it is, what it had not is done.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType

import pyarrow as pa

from footfall.errors import FootfallError
from footfall.etl.active_days import find_active_days
from footfall.etl.arrivals import find_arrivals
from footfall.etl.changes import column_bounds, commit_changes, commit_difference, day_bounds
from footfall.etl.cutoffs import kept_events, kept_quarantine
from footfall.etl.day_totals import commit_data_quality, commit_heatmap, touch_days
from footfall.etl.enrichment import pages, referrers, user_agents
from footfall.etl.entities import commit_entities
from footfall.etl.identities import commit_aliases, commit_identities, read_aliases
from footfall.etl.late_events import BETWEEN, USUAL, LatePolicy, any_wait, commit_late_events, part_late
from footfall.etl.ledger_commits import expire, is_ahead, last_names, name_current
from footfall.etl.models import model
from footfall.etl.rules import note_new_tenants, rework
from footfall.etl.unlinks import Unlink, applied_property, apply_unlinks, register_unlinks
from footfall.etl.visits import work_out_visits
from footfall.events.tenants import Tenant
from footfall.lake.actions import Action
from footfall.lake.engines.port import Bounds, Engine
from footfall.lake.ledger_names import snapshot_property
from footfall.lake.raw_rows import LeaveOut
from footfall.lake.raw_store import RawStore, in_parts
from footfall.lake.retention import KEPT_FOR_EVER, Retention
from footfall.lake.suppression import NOBODY, Suppressions
from footfall.lake.tables import (
    ALIASES,
    DATA_QUALITY,
    ENTITIES,
    EVENTS,
    HEATMAP,
    IDENTITIES,
    LATE_EVENTS,
    LEDGER,
    PAGE_VIEWS,
    QUARANTINE,
    SESSIONS,
    VISITOR_DAYS,
    Table,
)
from footfall.lake.tombstones import rewritten, tombstoned

DERIVED: tuple[Table, ...] = (
    *(PAGE_VIEWS, SESSIONS, VISITOR_DAYS, HEATMAP, DATA_QUALITY),
    *(ENTITIES, ALIASES, IDENTITIES),
)
RUN_TABLES: tuple[Table, ...] = (QUARANTINE, EVENTS, *DERIVED, LATE_EVENTS)
STEPS: tuple[str, ...] = (
    "read",
    "quarantine",
    "events",
    *(table.name for table in DERIVED),
    "late_events",
    "ledger",
)
_LONGEST_GAP_SECONDS = 86_400
# Of a stored event, what tells whether it is a copy, and of whom and when it is.
_COPY_COLUMNS = ("tenant", "visitor", "event_id", "event_time", "client_time", "received_at", *EVENTS.key)

Progress = Callable[[str], None]

_ORIGIN = "e.raw_object = c.raw_object and e.raw_line = c.raw_line and e.raw_index = c.raw_index"
_CANDIDATE_KEYS = (
    "select tenant, event_id, client_time, count(*) as copies from candidates group by tenant, event_id, client_time"
)
# Distinct, though they are: an engine keeps then what it found, and looks up a few rows instead of each that came.
_CANDIDATE_COPIES = "select distinct raw_object, raw_line, raw_index from event_copies where copy > 1 and stored = 0"
_NEW = f"select e.* from candidates as e left join candidate_copies as c on {_ORIGIN} where c.raw_object is null"
_STALE = (
    f"select e.* from stored_copies as e inner join event_copies as c on {_ORIGIN} where c.copy > 1 and c.stored = 1"
)


@dataclass
class RunReport:
    """What a run did: raw objects taken in, their events, how many of these were new, and rejected ones.

    `waiting` are the events that came late and wait until their day is worked out again (late_events.py).
    `reworked` counts the visitors' days of history that were worked out again because a tenant's rules have changed;
    `unlinks` the operators' unlinks where these are others than the run before knew, 0 where they are the same.
    """

    objects: int = 0
    events: int = 0
    new_events: int = 0
    rejected: int = 0
    waiting: int = 0
    reworked: int = 0
    unlinks: int = 0
    snapshots: dict[str, int | None] = field(default_factory=dict)


def run(
    engine: Engine,
    store: RawStore,
    tenants: Iterable[Tenant],
    progress: Progress = lambda step: None,
    suppressions: Suppressions = NOBODY,
    retention: Retention = KEPT_FOR_EVER,
    unlinks: Sequence[Action[Unlink]] = (),
    late: LatePolicy | None = USUAL,
    *,
    recent: bool = False,
) -> RunReport:
    """Take in what is new. The caller holds the lake's lease.

    Args:
        engine: what runs the models and commits.
        store: where the raw objects are.
        tenants: all tenants, with their settings.
        progress: called with the name of each step (see STEPS) once it is done, and where what is new is taken in by
            parts, with `part 3 of 7` after each.
        suppressions: who was erased; their events are counted, left out, and taken out of raw.
        retention: what is older is counted, and left out.
        unlinks: what operators unlinked, all of it.
        late: which late events wait once the run has ended; None: none. Where nothing else is new, those that wait are
            taken in.
        recent: look through recent raw objects alone, where that is enough (arrivals.py): for a run that comes by the
            hour.
    """
    report = RunReport()
    register_unlinks(engine, unlinks)
    known = tuple(tenants)
    leave_out = partial(tombstoned, erased=suppressions) if suppressions else None
    engine.register("cutoffs", retention.rows())
    behind = is_ahead(engine)
    arrivals = find_arrivals(engine, store, recent=recent and not behind)
    again = arrivals.again
    # Each part is committed by itself.
    takes = list(in_parts(arrivals.new, engine.most_bytes))
    for number, keys in enumerate(takes, 1):
        last = number == len(takes)
        # A killed run may have stored events of any of these objects: until the last is in, the tables do not agree.
        agrees = not behind or last
        told = arrivals.properties if last else {}
        then = () if last else takes[number]
        waits = late if last else BETWEEN
        _take_in(engine, store, known, keys, again, leave_out, report, progress, waits, then, agrees=agrees, told=told)
        if len(takes) > 1:
            progress(f"part {number} of {len(takes)}")
    if not takes and (is_ahead(engine) or any_wait(engine)):
        # What was killed had nothing new to take in: it removed events, or joined files. And now there is time for what
        # waits.
        _take_in(engine, store, known, (), again, leave_out, report, progress, None)
    if apply_unlinks(engine, unlinks, RUN_TABLES):
        report.unlinks = len(unlinks)
        progress("unlinks")
        expire(engine, RUN_TABLES)
    report.reworked = _rework(engine, known, progress)
    report.snapshots = {table.name: engine.snapshot(table) for table in RUN_TABLES}
    return report


def _take_in(
    engine: Engine,
    store: RawStore,
    tenants: Sequence[Tenant],
    keys: Sequence[str],
    again: Collection[str],
    leave_out: LeaveOut | None,
    report: RunReport,
    progress: Progress,
    late: LatePolicy | None,
    then: Sequence[str] = (),
    *,
    agrees: bool = True,
    told: Mapping[str, str] = MappingProxyType({}),
) -> None:
    before = [key for key in keys if key in again]
    engine.stored("late_read", LATE_EVENTS, None)
    engine.stage(store, keys, leave_out, beside="late_read")
    _take_out_of_raw(engine, store, leave_out)
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
    engine.define("quarantine_read", model("quarantine"), QUARANTINE)
    engine.define("quarantine_all", kept_quarantine("quarantine_read"), QUARANTINE)
    snapshots["quarantine"] = _commit_quarantine(engine, before)
    progress("quarantine")
    ahead = is_ahead(engine)
    # What a killed run took in of what waits is known again only by taking in all of it.
    report.waiting = _find_candidates(engine, before, None if ahead else late)
    if then:
        engine.expect(store, then, leave_out)
    stored_before = engine.snapshot(EVENTS)
    snapshots["events"], new_events = _commit_events(engine, before, ahead)
    progress("events")
    engine.define("affected_days", model("affected_days"))
    as_a_whole = ahead or bool(before)
    touch_days(engine, as_a_whole=as_a_whole)
    _read_statements(engine)
    days = ("window_days", "identity_days")
    snapshots.update(_commit_derived(engine, progress, *days, as_a_whole=as_a_whole, before=stored_before))
    snapshots.update(_commit_statements(engine, progress))
    snapshots["late_events"] = commit_late_events(engine)
    progress("late_events")
    _commit_ledger(engine, snapshots, before, agrees=agrees, told=told)
    progress("ledger")

    report.objects += len(keys)
    report.events += events
    report.new_events += new_events
    report.rejected += rejected


def remove_events(
    engine: Engine,
    store: RawStore,
    tenants: Sequence[Tenant],
    events: str,
    quarantined: str,
    bounds: Bounds,
    progress: Progress = lambda step: None,
    unlinks: Sequence[Action[Unlink]] = (),
) -> None:
    """Take stored rows out, and bring every table up to date with what is left.

    Args:
        engine: the engine; the caller holds the lake's lease.
        store: where the raw objects are; none is read.
        tenants: all tenants.
        events: the relation of the events that leave.
        quarantined: the relation of the rows of quarantine that leave.
        bounds: where these events lie.
        progress: called with the name of each step once it is done.
        unlinks: what operators unlinked, all of it.
    """
    register_unlinks(engine, unlinks)
    behind = is_ahead(engine)
    engine.stage(store, ())
    _register_tenants(engine, tenants)
    engine.define("quarantine_new", f"select * from {quarantined} where raw_object is null", QUARANTINE)
    snapshots = {"quarantine": engine.replace(QUARANTINE, "quarantine_new", quarantined, None)}
    progress("quarantine")
    engine.define("stale_events", f"select * from {events}", EVENTS)
    for none in ("candidates", "stored_copies", "new_events", "touched_candidates"):
        engine.define(none, f"select * from {events} where tenant is null", EVENTS)
    engine.define("candidate_keys", _CANDIDATE_KEYS)
    engine.define("event_copies", model("event_copies"))
    _find_lost_events(engine)
    snapshots["events"] = engine.replace(EVENTS, "candidates", "stale_events", bounds)
    progress("events")
    engine.define("affected_days", model("affected_days"))
    touch_days(engine, as_a_whole=True)
    _read_statements(engine)
    snapshots.update(_commit_derived(engine, progress, "window_days", "identity_days", as_a_whole=True))
    snapshots.update(_commit_statements(engine, progress))
    snapshots["late_events"] = engine.snapshot(LATE_EVENTS)
    # What a killed run had stored is for the next run to work out: it knows the objects.
    _commit_ledger(engine, snapshots, (), agrees=not behind)
    progress("ledger")


def _take_out_of_raw(engine: Engine, store: RawStore, leave_out: LeaveOut | None) -> None:
    """Write again the staged objects that still hold events of who was erased: they came, or were sent, late."""
    if leave_out is None:
        return
    for (key,) in engine.rows("select distinct raw_object from staged_ledger where still_held > 0 order by raw_object"):
        data = rewritten(str(key), store.read(str(key)), leave_out)
        if data is not None:
            store.replace(str(key), data)


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


def _commit_quarantine(engine: Engine, before: Sequence[str]) -> int | None:
    bounds = column_bounds(engine, "quarantine_all", "received_at")
    if not before:
        return _replace_rejected(engine, bounds)
    engine.stored_from("quarantine_again", QUARANTINE, before)
    return _replace_rejected(engine, None, besides="quarantine_again")


def _find_candidates(engine: Engine, before: Sequence[str], late: LatePolicy | None) -> int:
    """The events that the run takes in, readable and typed. Returns how many wait then."""
    engine.map_column(
        "user_agents", "staged_events", "user_agent", user_agents.describe_user_agents, user_agents.SCHEMA
    )
    engine.map_column("pages", "staged_events", "page_url", pages.describe_pages, pages.SCHEMA)
    engine.map_column("referrers", "staged_events", "referrer", referrers.describe_referrers, referrers.SCHEMA)
    engine.define("candidates_read", model("candidates"), EVENTS, lazily=True)
    engine.define("arrived_events", kept_events("candidates_read"), EVENTS)
    engine.forget("staged_events")
    engine.register("objects_again", pa.table({"raw_object": pa.array(before, pa.string())}))
    return part_late(engine, late)


def _commit_events(engine: Engine, before: Sequence[str], ahead: bool) -> tuple[int | None, int]:
    bounds: Bounds | None = column_bounds(engine, "candidates", "client_time")
    engine.define("candidate_keys", _CANDIDATE_KEYS)
    _find_copies(engine, bounds, None if ahead or before else _COPY_COLUMNS)
    if not (ahead or before) and engine.rows("select count(*) from stale_events") != [(0,)]:
        _find_copies(engine, bounds, None)
    if before:
        bounds = None
        engine.stored_from("events_again", EVENTS, before)
        engine.define("events_first", _NEW, EVENTS)
        engine.define("stale_copies", "select * from stale_events", EVENTS)
        engine.define("new_events", "select * from events_first except select * from events_again", EVENTS)
        engine.define(
            "stale_events",
            "select * from stale_copies union all (select * from events_again except select * from events_first)",
            EVENTS,
        )
    elif ahead:
        engine.define("new_events", _NEW, EVENTS, lazily=True)
    else:
        engine.without("new_events", "candidates", "candidate_copies", EVENTS.key)
    _find_lost_events(engine)
    # What stands in events as of the ledger's last commit stands in every table: then only what changes touches them.
    again = "select c.* from candidates as c inner join objects_again as a on c.raw_object = a.raw_object"
    moved = (
        "select * from candidates"
        if ahead
        else f"select * from new_events union all {again}"
        if before
        else "select * from new_events"
    )
    engine.define("touched_candidates", moved, lazily=True)
    new = engine.rows("select count(*) from new_events")[0][0]
    return engine.replace(EVENTS, "new_events", "stale_events", bounds), int(str(new))


def _find_copies(engine: Engine, bounds: Bounds | None, columns: Sequence[str] | None) -> None:
    """Which events are new, and which stored ones leave for an earlier copy; of stored ones only `columns` are read."""
    on = ("tenant", "event_id", "client_time")
    engine.stored_among("stored_found", EVENTS, bounds, "candidate_keys", on, columns)
    read = ", ".join(
        f"s.{column.name}" if columns is None or column.name in columns else f"null as {column.name}"
        for column in EVENTS.columns
    )
    # What an object held when it was taken in before is no copy of what it holds now.
    engine.define(
        "stored_copies",
        f"select {read} from stored_found as s left join objects_again as a on s.raw_object = a.raw_object "
        "where a.raw_object is null",
        EVENTS,
        lazily=True,
    )
    engine.define("event_copies", model("event_copies"))
    engine.define("candidate_copies", _CANDIDATE_COPIES)
    engine.define("stale_events", _STALE, EVENTS)


def _find_lost_events(engine: Engine) -> None:
    """The rows that a killed run took out of events: the ledger's last commit names the snapshot before it."""
    before = last_names(engine).get(EVENTS.name)
    if before is not None and before != engine.snapshot(EVENTS):
        engine.lost("lost_events", EVENTS, before)
    else:
        engine.define("lost_events", "select * from stale_events where tenant is null", EVENTS)


def _rework(engine: Engine, tenants: Sequence[Tenant], progress: Progress) -> int:
    def work_out() -> None:
        touch_days(engine, as_a_whole=True)
        _commit_derived(engine, lambda step: None, "window_days", as_a_whole=True)
        name_current(engine, RUN_TABLES, applied_property(engine))
        expire(engine, RUN_TABLES)
        progress("rework")

    _register_tenants(engine, tenants)
    return rework(engine, tenants, work_out)


def _commit_derived(
    engine: Engine, progress: Progress, *of: str, as_a_whole: bool, before: int | None = None
) -> dict[str, int | None]:
    """The tables of what visitors did, from the events of the visitors' days of the relations `of`.

    Unless days are worked out as a whole, `before` is the snapshot of events that the new ones were added to.
    """
    find_active_days(engine, as_a_whole=as_a_whole)
    work_out_visits(engine, *of, as_a_whole=as_a_whole, before=before)
    snapshots = {}
    for table, column in ((PAGE_VIEWS, "started_at"), (SESSIONS, "started_at"), (VISITOR_DAYS, "day")):
        engine.define(f"{table.name}_all", model(table.name), table)
        snapshots[table.name] = _replace_reworked(engine, table, column)
        progress(table.name)
    for table, commit in ((HEATMAP, partial(commit_heatmap, before=before)), (DATA_QUALITY, commit_data_quality)):
        snapshots[table.name] = commit(engine)
        progress(table.name)
    return snapshots


def _read_statements(engine: Engine) -> None:
    """What the run's events say of users and visitors, before the visitors' days are read: they name some of these."""
    engine.define("touched_events", model("touched_events"))
    read_aliases(engine)
    engine.define("identity_days", model("identity_days"))


def _commit_statements(engine: Engine, progress: Progress) -> dict[str, int | None]:
    """The tables of what events say of users and entities, which no setting of a tenant changes."""
    snapshots = {}
    for table, commit in ((ENTITIES, commit_entities), (ALIASES, commit_aliases), (IDENTITIES, commit_identities)):
        snapshots[table.name] = commit(engine)
        progress(table.name)
    return snapshots


def _replace_reworked(engine: Engine, table: Table, column: str) -> int | None:
    """Make the table hold the rows of `<table>_all` for `rework_days`, by the day in a column."""
    name = table.name
    bounds = day_bounds(engine, "rework_days", column)
    engine.define("rework_visitors", "select distinct tenant, visitor from rework_days")
    engine.stored_among(f"{name}_read", table, bounds, "rework_visitors", ("tenant", "visitor"))
    day = f"s.{column}" if column == "day" else f"cast(s.{column} as date)"
    before = (
        f"select s.* from {name}_read as s inner join rework_days as r "
        f"on s.tenant = r.tenant and s.visitor = r.visitor and {day} = date_from_unix_date(r.day_number)"
    )
    return commit_difference(engine, table, before, bounds)


def _replace_rejected(engine: Engine, bounds: Bounds | None, besides: str | None = None) -> int | None:
    """Make quarantine hold `quarantine_all` where it held other rows of these keys, or the rows `besides`."""
    on = " and ".join(f"s.{column} = k.{column}" for column in QUARANTINE.key)
    before = f"select s.* from quarantine_read as s inner join quarantine_all as k on {on}"
    if besides is not None:
        before = f"{before} union select * from {besides}"
    return commit_changes(engine, QUARANTINE, before, bounds)


def _commit_ledger(
    engine: Engine,
    snapshots: dict[str, int | None],
    before: Sequence[str],
    *,
    agrees: bool = True,
    told: Mapping[str, str] = MappingProxyType({}),
) -> None:
    columns = ", ".join(
        f"cast({'null' if snapshots[table.name] is None else snapshots[table.name]} as bigint) as {table.name}_snapshot"
        for table in RUN_TABLES
    )
    engine.define(
        "ledger_new",
        "select raw_object, tenant, date_from_unix_date(day_number) as day, lines, events, rejected, "
        f"{columns}, erased, false as is_due_again from staged_ledger",
        LEDGER,
    )
    engine.stored_from("ledger_stale", LEDGER, before)
    named = {
        snapshot_property(table): str(snapshots[table.name])
        for table in RUN_TABLES
        if agrees and snapshots[table.name] is not None
    }
    engine.replace(LEDGER, "ledger_new", "ledger_stale", None, {**named, **applied_property(engine), **told})
    expire(engine, RUN_TABLES)
