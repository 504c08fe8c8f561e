"""Upkeep of a local lake with Spark: the script that Glue runs."""

from collections.abc import Callable

import msgspec

from footfall.etl.upkeep import UpkeepReport
from footfall.lake.layout import LocalLake
from footfall.local.spark_job import run_script


def run_spark_upkeep(lake: LocalLake, grace_ms: int, progress: Callable[[str], None]) -> UpkeepReport:
    """Do the upkeep that is due by Iceberg's procedures, in a process of its own. The caller holds the lease.

    Raises:
        FootfallError: Java or PySpark is missing, or the job failed.
    """
    printed = run_script(lake, "upkeep", ("--grace-ms", str(grace_ms)), progress)
    return msgspec.json.decode(printed, type=UpkeepReport)
