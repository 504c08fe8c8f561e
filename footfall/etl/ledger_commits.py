"""The ledger's commits: each names a snapshot of every table, and as of these the tables agree with each other."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from footfall.lake.engines.port import Commit, Engine
from footfall.lake.ledger_names import last_named, named_snapshots, snapshot_property
from footfall.lake.schemas import arrow_schema
from footfall.lake.tables import EVENTS, LEDGER, Table


def last_commit(engine: Engine) -> Commit | None:
    """The ledger's last commit that names snapshots; None before the first run."""
    return last_named(engine.history(LEDGER))


def last_names(engine: Engine) -> dict[str, int]:
    """The snapshots, by table, as of which the tables agree: those that the ledger's last run named."""
    last = last_commit(engine)
    return named_snapshots(last.properties) if last is not None else {}


def is_ahead(engine: Engine) -> bool:
    """Whether events hold a commit that the ledger does not name: a run was killed, or is at work.

    Then the tables need not agree, and only a run that takes in what is new may say that they do.
    """
    return last_names(engine).get(EVENTS.name) != engine.snapshot(EVENTS)


def commit_names(engine: Engine, tables: Iterable[Table]) -> None:
    """Have the ledger name the tables' current snapshots, if it does not; its rows stay."""
    asked = tuple(tables)
    current = {table.name: found for table in asked if (found := engine.snapshot(table)) is not None}
    if current and current != last_names(engine):
        name_current(engine, asked)


def name_current(engine: Engine, tables: Iterable[Table], properties: Mapping[str, str] = MappingProxyType({})) -> None:
    """Have the ledger name the tables' current snapshots, and say this besides, in a commit of no rows."""
    engine.register("ledger_none", arrow_schema(LEDGER).empty_table())
    named = {snapshot_property(table): str(found) for table in tables if (found := engine.snapshot(table)) is not None}
    engine.replace(LEDGER, "ledger_none", "ledger_none", None, {**named, **properties})


def expire(engine: Engine, tables: Iterable[Table]) -> None:
    """Bound the number of every table's snapshots; those that the ledger's kept commits name are kept too."""
    engine.expire(LEDGER, ())
    kept = kept_snapshots(engine)
    for table in tables:
        engine.expire(table, sorted(kept.get(table.name, ())))


def kept_snapshots(engine: Engine) -> dict[str, set[int]]:
    """For each table, the snapshots that the ledger's kept commits name."""
    kept: dict[str, set[int]] = {}
    for commit in engine.history(LEDGER):
        for name, snapshot in named_snapshots(commit.properties).items():
            kept.setdefault(name, set()).add(snapshot)
    return kept
