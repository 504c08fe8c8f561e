"""The books of a local lake."""

from collections.abc import Callable

from footfall.etl.books import DayBooks, reconcile
from footfall.events.tenant_file import TenantFile
from footfall.lake.actions import ActionLog, FileActionStore
from footfall.lake.catalog import open_catalog
from footfall.lake.engines.duckdb import DuckDBEngine
from footfall.lake.layout import LocalLake
from footfall.lake.raw_store import FileRawStore
from footfall.lake.retention import read_retention
from footfall.lake.suppression import read_suppressions


def run_reconcile(
    lake: LocalLake,
    tenant: str | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    first: int | None = None,
    most_events: int | None = None,
) -> list[DayBooks]:
    """The books of the lake, of one tenant or of all; lines that name no tenant belong to everyone's books.

    With `first`, those of the days from that one on (since 1970); days of `most_events` are proved together, or of what
    the engine has room for.
    """
    engine = DuckDBEngine(open_catalog(lake))
    try:
        log = ActionLog(FileActionStore(lake.raw))
        erased = read_suppressions(log, TenantFile(lake.tenants).all())
        days = reconcile(engine, FileRawStore(lake.raw), progress, erased, read_retention(log), first, most_events)
    finally:
        engine.close()
    return [day for day in days if tenant is None or day.tenant in (tenant, "")]
