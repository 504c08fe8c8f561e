"""Upkeep: few files, few manifests, few snapshots, and no file that nothing names. No row changes.

Each step commits by itself, and a run that is killed anywhere is simply run again. Whatever is removed is needed by no
snapshot that is kept; the snapshots that the ledger's kept commits name are kept.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from footfall.etl.ledger_commits import commit_names, is_ahead, kept_snapshots
from footfall.etl.pipeline import RUN_TABLES
from footfall.etl.retention import Expired
from footfall.lake.engines.maintenance import Maintenance, Removed, Rewritten
from footfall.lake.engines.port import Engine
from footfall.lake.tables import KEPT_SNAPSHOTS, LEDGER, MOST_SNAPSHOTS, TABLES

DAY_MS = 86_400_000
GRACE_MS = 3 * DAY_MS
STEPS: tuple[str, ...] = (
    *(f"compact {table.name}" for table in TABLES),
    *(f"manifests {table.name}" for table in TABLES),
    "ledger",
    *(f"expire {table.name}" for table in TABLES),
    "orphans",
)

Progress = Callable[[str], None]


@dataclass
class UpkeepReport:
    """What an upkeep did: files written again, by table, files removed, and what was older than it is kept."""

    compacted: dict[str, Rewritten] = field(default_factory=dict)
    manifests: dict[str, Rewritten] = field(default_factory=dict)
    expired: Removed = field(default_factory=Removed)
    orphans: Removed = field(default_factory=Removed)
    retention: Expired = field(default_factory=Expired)


def keep_up(
    engine: Engine,
    maintenance: Maintenance,
    now: int,
    *,
    grace_ms: int = GRACE_MS,
    progress: Progress = lambda step: None,
) -> UpkeepReport:
    """Do all that is due. The caller holds the lake's lease.

    Args:
        engine: reads the ledger, and names the new snapshots in it.
        maintenance: does the work on files.
        now: epoch milliseconds; a day is closed once it is over.
        grace_ms: how old a file is, in milliseconds, before nothing naming it makes it an orphan.
        progress: called with each of STEPS once it is done.
    """
    report = UpkeepReport()
    agreed = not is_ahead(engine)
    for table in TABLES:
        joined = maintenance.compact(table, now // DAY_MS)
        if joined.files_before:
            report.compacted[table.name] = joined
        progress(f"compact {table.name}")
    for table in TABLES:
        joined = maintenance.rewrite_manifests(table)
        if joined.files_before:
            report.manifests[table.name] = joined
        progress(f"manifests {table.name}")
    if agreed:
        commit_names(engine, RUN_TABLES)
    progress("ledger")
    # The ledger's snapshots first: what they name is what the other tables have to keep.
    for table in (LEDGER, *(other for other in TABLES if other != LEDGER)):
        kept = () if table == LEDGER else sorted(kept_snapshots(engine).get(table.name, ()))
        report.expired += maintenance.expire(table, kept, most=MOST_SNAPSHOTS, kept=KEPT_SNAPSHOTS)
        progress(f"expire {table.name}")
    report.orphans = maintenance.remove_orphans(now - grace_ms)
    progress("orphans")
    return report
