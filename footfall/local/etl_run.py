"""ETL over a local lake: the lease, the engine, the run."""

import shutil
from collections.abc import Callable
from typing import Literal

from footfall.collector.sinks.adoption import adopt
from footfall.errors import FootfallError
from footfall.etl.pipeline import RunReport, run
from footfall.etl.unlinks import UNLINK
from footfall.events.tenant_file import TenantFile
from footfall.lake.actions import ActionLog, FileActionStore
from footfall.lake.catalog import open_catalog
from footfall.lake.engines.duckdb import DuckDBEngine
from footfall.lake.layout import LocalLake
from footfall.lake.lease import lease
from footfall.lake.raw_store import FileRawStore

EngineName = Literal["duckdb", "spark"]


def run_etl(
    lake: LocalLake,
    engine: str = "duckdb",
    *,
    rebuild: bool = False,
    progress: Callable[[str], None] = lambda step: None,
) -> RunReport:
    """Take in what is new in the lake's raw objects.

    Args:
        lake: the lake.
        engine: duckdb, or spark (in a process of its own).
        rebuild: build all tables again from raw; predictions are made again by `footfall predict`.
        progress: called with what goes on, a step at a time.

    Raises:
        FootfallError: an unknown engine, or what the run itself says.
    """
    if engine not in ("duckdb", "spark"):
        raise FootfallError(f"there is no engine {engine!r}: use duckdb or spark.")
    # What a killed collector left open was acknowledged: it is raw too.
    adopt(lake.raw)
    with lease(lake, lambda holder: progress(f"waiting for the run of process {holder}")):
        if rebuild:
            lake.catalog.unlink(missing_ok=True)
            for found in lake.warehouse.iterdir():
                if found.is_dir():
                    shutil.rmtree(found)
        catalog = open_catalog(lake)
        if engine == "spark":
            from footfall.local.spark_job import run_spark_job

            return run_spark_job(lake, progress)
        embedded = DuckDBEngine(catalog)
        try:
            unlinks = tuple(ActionLog(FileActionStore(lake.raw)).of(UNLINK))
            return run(embedded, FileRawStore(lake.raw), TenantFile(lake.tenants).all(), progress, unlinks)
        finally:
            embedded.close()
