"""Replay over a local lake."""

import time
from collections.abc import Callable

from footfall.etl.pipeline import RunReport
from footfall.etl.replay import REPLAY, Replay, mark, objects_between
from footfall.lake.actions import ActionLog, FileActionStore
from footfall.lake.catalog import open_catalog
from footfall.lake.engines.duckdb import DuckDBEngine
from footfall.lake.layout import LocalLake
from footfall.lake.lease import lease
from footfall.local.etl_run import run_etl


def run_replay(
    lake: LocalLake,
    start: int,
    end: int,
    engine: str = "duckdb",
    progress: Callable[[str], None] = lambda step: None,
) -> RunReport:
    """Take in again the raw objects that may hold lines received from `start` up to `end` (epoch ms), and what is new.

    Killed anywhere, it is finished by the next `footfall etl`.

    Raises:
        FootfallError: as `run_etl` does.
    """
    ActionLog(FileActionStore(lake.raw)).record(REPLAY, "", int(time.time() * 1000), Replay(start, end))
    with lease(lake, lambda holder: progress(f"waiting for the run of process {holder}")):
        embedded = DuckDBEngine(open_catalog(lake))
        try:
            mark(embedded, objects_between(embedded, start, end))
        finally:
            embedded.close()
    return run_etl(lake, engine, progress=progress)
