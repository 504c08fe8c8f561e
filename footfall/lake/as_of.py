"""The lake as it was: the ledger's commit at or before a time names a snapshot of each table."""

from datetime import UTC, datetime

from pyiceberg.catalog import Catalog

from footfall.errors import FootfallError
from footfall.lake.catalog import load
from footfall.lake.history import history
from footfall.lake.ledger_names import named_snapshots
from footfall.lake.tables import LEDGER, TABLES


def snapshots_as_of(catalog: Catalog, at: int) -> dict[str, int | None]:
    """The snapshot of each table that holds what the lake held at a time; None where the table held nothing yet.

    Tables that the ledger does not name (`predictions`) are taken as they were at that time.

    Args:
        catalog: the lake's catalog.
        at: the time, in epoch milliseconds.

    Raises:
        FootfallError: the time lies before all that is kept.
    """
    commits = history(load(catalog, LEDGER.name))
    runs = [commit for commit in commits if commit.at <= at and named_snapshots(commit.properties)]
    if not runs:
        oldest = next((commit.at for commit in commits if named_snapshots(commit.properties)), None)
        known = "nothing was taken in yet" if oldest is None else f"what is kept begins at {_shown(oldest)}"
        raise FootfallError(f"the lake as of {_shown(at)} cannot be read any more: {known}. Name a later time.")
    named = named_snapshots(runs[-1].properties)
    found: dict[str, int | None] = {LEDGER.name: runs[-1].snapshot}
    for table in TABLES:
        if table.name in named:
            found[table.name] = named[table.name]
        elif table.name != LEDGER.name:
            before = [commit.snapshot for commit in history(load(catalog, table.name)) if commit.at <= at]
            found[table.name] = before[-1] if before else None
    return found


def _shown(at: int) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%dT%H:%M:%S.%f}"[:-3]
