"""What the embedded engine spends on raw objects, from the first byte to all tables, beside the same by local Spark."""

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pyspark.sql import SparkSession

from bench._figures import Figure, at_most, run, say
from bench._lake_traffic import TrafficSource
from bench._process_tree import tree_cpu_seconds
from bench._table_prints import assert_equal, lake_fingerprints
from bench._warm_spark import new_lake, process_of, warm_session
from footfall.etl import pipeline
from footfall.events.tenants import Tenant
from footfall.lake.catalog import CATALOG, open_catalog
from footfall.lake.engines.duckdb import DuckDBEngine
from footfall.lake.engines.spark import SparkEngine
from footfall.lake.layout import LocalLake
from footfall.lake.raw_store import FileRawStore

EVENTS = 1_000_000
DAYS = 3
WARMING_EVENTS = 20_000
TENANTS = (Tenant("shop", salt="s"),)


def measure(quick: bool) -> Iterator[Figure]:
    """The figure."""
    with tempfile.TemporaryDirectory(prefix="footfall-bench-") as name:
        folder = Path(name)
        made = TrafficSource(EVENTS // (10 if quick else 1), DAYS).write(folder / "raw")
        TrafficSource(WARMING_EVENTS, 1, seed=2).write(folder / "warming")
        say(f"{made.events} events in {made.objects} objects; Spark warms up")
        spark = warm_session(folder / "first")
        try:
            new_lake(spark, folder / "warm", "warm")
            by_spark(spark, "warm", folder / "warming")
            theirs = new_lake(spark, folder / "theirs", "theirs")
            before = tree_cpu_seconds()
            by_spark(spark, "theirs", folder / "raw")
            spark_seconds = tree_cpu_seconds() - before
            say(f"Spark: {spark_seconds:.0f} CPU seconds")
            ours = new_lake(spark, folder / "ours", "ours")
            java = process_of(spark)
            before = tree_cpu_seconds(without=java)
            embedded(ours, folder / "raw")
            seconds = tree_cpu_seconds(without=java) - before
            say(f"embedded: {seconds:.0f} CPU seconds")
            assert_equal(lake_fingerprints(ours, CATALOG), lake_fingerprints(theirs, "theirs"))
        finally:
            spark.stop()
        yield Figure(
            f"CPU of the embedded engine by local Spark's, {made.events:,} events from raw to all tables",
            seconds,
            spark_seconds,
            "s",
            0.3,
            at_most(0.3),
            {"events": made.events},
        )


def by_spark(spark: SparkSession, catalog: str, raw: Path) -> None:
    """Take all of raw in with Spark."""
    engine = SparkEngine(spark, catalog)
    try:
        pipeline.run(engine, FileRawStore(raw), TENANTS, late=None)
    finally:
        engine.close()


def embedded(lake: LocalLake, raw: Path) -> None:
    """Take all of raw in with the embedded engine."""
    engine = DuckDBEngine(open_catalog(lake))
    try:
        pipeline.run(engine, FileRawStore(raw), TENANTS, late=None)
    finally:
        engine.close()


if __name__ == "__main__":
    sys.exit(run("etl_engines", measure))
