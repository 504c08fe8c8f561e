"""ETL over a local lake: the lease, the engine, the run."""

from collections.abc import Callable
from pathlib import Path
from typing import Literal

from pyiceberg.catalog import Catalog

from footfall.collector.sinks.adoption import adopt
from footfall.errors import FootfallError
from footfall.etl.late_events import USUAL
from footfall.etl.pipeline import RunReport, run
from footfall.etl.unlinks import UNLINK
from footfall.events.tenant_file import TenantFile
from footfall.lake.actions import ActionLog, FileActionStore
from footfall.lake.catalog import open_catalog
from footfall.lake.engines.duckdb import USUAL_MEMORY, DuckDBEngine
from footfall.lake.layout import LocalLake
from footfall.lake.lease import lease
from footfall.lake.raw_store import FileRawStore
from footfall.lake.rebuild import begin, keep_ledger_of, take_over
from footfall.lake.retention import read_retention
from footfall.lake.suppression import read_suppressions
from footfall.local.memory import collect_seldom, give_back_soon
from footfall.local.pending_erasures import finish_erasures

EngineName = Literal["duckdb", "spark"]


def run_etl(
    lake: LocalLake,
    engine: str = "duckdb",
    *,
    rebuild: bool = False,
    everything: bool = False,
    recent: bool = False,
    memory: float | None = None,
    progress: Callable[[str], None] = lambda step: None,
) -> RunReport:
    """Take in what is new in the lake's raw objects.

    Args:
        lake: the lake.
        engine: duckdb, or spark (in a process of its own).
        rebuild: build all tables again from raw, beside the old ones, and put them in their place at the end.
        everything: take in late events that would wait for others of their day, too; a rebuild always does.
        recent: look through recent raw objects alone, as a run that comes by the hour may; at times through all.
        memory: GiB that the embedded engine may take; None: the usual.
        progress: called with what goes on, a step at a time.

    Raises:
        FootfallError: an unknown engine, memory for one that is not embedded, or what the run itself says.
    """
    if engine not in ("duckdb", "spark"):
        raise FootfallError(f"there is no engine {engine!r}: use duckdb or spark.")
    if memory is not None and engine != "duckdb":
        raise FootfallError("how much memory Spark takes is not set here: leave --memory out, or use duckdb.")
    # What a killed collector left open was acknowledged: it is raw too.
    adopt(lake.raw)
    finish_erasures(lake, progress)
    with lease(lake, lambda holder: progress(f"waiting for the run of process {holder}")):
        if rebuild:
            return _rebuild(lake, engine, progress, memory)
        return _run(lake, engine, progress, open_catalog(lake), everything=everything, recent=recent, memory=memory)


def _rebuild(lake: LocalLake, engine: str, progress: Callable[[str], None], memory: float | None) -> RunReport:
    beside = begin(lake)
    report = _run(lake, engine, progress, beside.catalog, beside.folder, everything=True, memory=memory)
    keep_ledger_of(lake, beside, frozenset(FileRawStore(lake.raw).keys()))
    take_over(lake)
    return report


def _run(
    lake: LocalLake,
    engine: str,
    progress: Callable[[str], None],
    catalog: Catalog,
    folder: Path | None = None,
    *,
    everything: bool,
    recent: bool = False,
    memory: float | None = None,
) -> RunReport:
    if engine == "spark":
        from footfall.local.spark_job import run_spark_job

        return run_spark_job(lake, progress, catalog.name, folder, everything=everything, recent=recent)
    give_back_soon()
    embedded = DuckDBEngine(catalog, memory or USUAL_MEMORY)
    try:
        tenants = TenantFile(lake.tenants).all()
        log = ActionLog(FileActionStore(lake.raw))
        with collect_seldom():
            return run(
                embedded,
                FileRawStore(lake.raw),
                tenants,
                progress,
                suppressions=read_suppressions(log, tenants),
                unlinks=tuple(log.of(UNLINK)),
                retention=read_retention(log),
                late=None if everything else USUAL,
                recent=recent,
            )
    finally:
        embedded.close()
