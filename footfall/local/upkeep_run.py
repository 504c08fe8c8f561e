"""Upkeep of a local lake: the lease, the engine, the run."""

import time
from collections.abc import Callable

from pyiceberg.catalog import Catalog

from footfall.errors import FootfallError
from footfall.etl.retention import Expired, expire_old
from footfall.etl.unlinks import UNLINK
from footfall.etl.upkeep import GRACE_MS, UpkeepReport, keep_up
from footfall.events.tenant_file import TenantFile
from footfall.lake.actions import ActionLog, FileActionStore
from footfall.lake.catalog import open_catalog
from footfall.lake.engines.duckdb import DuckDBEngine
from footfall.lake.engines.embedded_maintenance import EmbeddedMaintenance
from footfall.lake.file_uri import file_uri
from footfall.lake.layout import LocalLake
from footfall.lake.lease import lease
from footfall.lake.raw_store import FileRawStore
from footfall.lake.retention import record_due
from footfall.local.pending_erasures import finish_erasures


def run_upkeep(
    lake: LocalLake,
    engine: str = "duckdb",
    *,
    grace_ms: int = GRACE_MS,
    now: int | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> UpkeepReport:
    """Do the upkeep that is due.

    Args:
        lake: the lake.
        engine: duckdb (PyIceberg does the work on files), or spark (Iceberg's procedures, in a process of its own).
        grace_ms: how old a file is, in milliseconds, before nothing naming it makes it an orphan.
        now: epoch milliseconds; the clock's unless another time is given.
        progress: called with what goes on, a step at a time.

    Raises:
        FootfallError: an unknown engine, or what the run itself says.
    """
    if engine not in ("duckdb", "spark"):
        raise FootfallError(f"there is no engine {engine!r}: use duckdb or spark.")
    finish_erasures(lake, progress)
    with lease(lake, lambda holder: progress(f"waiting for the run of process {holder}")):
        catalog = open_catalog(lake)
        now = int(time.time() * 1000) if now is None else now
        expired = _expire_old(lake, catalog, now)
        progress("retention")
        if engine == "spark":
            from footfall.local.spark_upkeep import run_spark_upkeep

            report = run_spark_upkeep(lake, grace_ms, progress)
            report.retention = expired
            return report
        embedded = DuckDBEngine(catalog)
        try:
            maintenance = EmbeddedMaintenance(catalog, file_uri(lake.warehouse))
            report = keep_up(embedded, maintenance, now, grace_ms=grace_ms, progress=progress)
            report.retention = expired
            return report
        finally:
            embedded.close()


def _expire_old(lake: LocalLake, catalog: Catalog, now: int) -> Expired:
    tenants = TenantFile(lake.tenants).all()
    log = ActionLog(FileActionStore(lake.raw))
    retention, unlinks = record_due(log, tenants, now), tuple(log.of(UNLINK))
    embedded = DuckDBEngine(catalog)
    try:
        return expire_old(embedded, FileRawStore(lake.raw), tenants, retention, unlinks=unlinks)
    finally:
        embedded.close()
