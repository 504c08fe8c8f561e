"""What our Spark job spends, from raw objects to all tables, beside Spark SQL written by hand that writes Parquet."""

import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import duckdb

from bench._figures import Figure, at_most, run, say
from bench._lake_traffic import TrafficSource
from bench._process_tree import tree_cpu_seconds
from bench._table_prints import Fingerprint, assert_equal, columns_of_both, fingerprint, table_fingerprint
from bench._warm_spark import new_lake, warm_session
from bench.alternatives import spark_etl
from bench.etl_engines import by_spark
from footfall.etl.pipeline import RUN_TABLES
from footfall.lake.layout import LocalLake
from footfall.lake.tables import Table

EVENTS = 1_000_000
DAYS = 3
WARMING_EVENTS = 20_000
# What the hand-written job does not write: where a row came from, the shapes of properties, what operators undid.
_NOT_THEIRS = frozenset({"raw_object", "raw_line", "raw_index", "shape", "undone_at"})
_ONLY: Mapping[str, Mapping[str, str]] = {
    "quarantine": {"tenant": "tenant", "reason": "reason", "text": "text[:1000]"},
    # Ours is JSON, theirs what from_json makes of it.
    "entities": {
        **{name: name for name in ("tenant", "type", "entity", "as_of", "operation", "property", "source", "event_id")},
        "value": "trim(value, '\"')",
    },
}
_WHERE = {"data_quality": "figure <> 'property'"}


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
            spark_etl.run(spark, folder / "warming", folder / "warm" / "tables")
            by_spark(spark, "warm", folder / "warming")
            lake = new_lake(spark, folder / "ours", "ours")
            before = tree_cpu_seconds()
            by_spark(spark, "ours", folder / "raw")
            seconds = tree_cpu_seconds() - before
            say(f"ours: {seconds:.0f} CPU seconds")
            before = tree_cpu_seconds()
            spark_etl.run(spark, folder / "raw", folder / "theirs")
            their_seconds = tree_cpu_seconds() - before
            say(f"theirs: {their_seconds:.0f} CPU seconds")
        finally:
            spark.stop()
        compared = [table for table in RUN_TABLES if (folder / "theirs" / table.name).is_dir()]
        assert_equal(
            {table.name: _ours(lake, table) for table in compared},
            {table.name: _theirs(folder / "theirs", table) for table in compared},
        )
        yield Figure(
            f"CPU of our Spark job by hand-written Spark SQL's, {made.events:,} events from raw to all tables",
            seconds,
            their_seconds,
            "s",
            1.15,
            at_most(1.15),
            {"events": made.events},
        )


def _columns(table: Table) -> Mapping[str, str]:
    return _ONLY.get(table.name) or columns_of_both(table, _NOT_THEIRS)


def _ours(lake: LocalLake, table: Table) -> Fingerprint:
    return table_fingerprint(lake, "ours", table, _columns(table), _WHERE.get(table.name, "true"))


def _theirs(folder: Path, table: Table) -> Fingerprint:
    source = f"read_parquet('{folder / table.name}/**/*.parquet', hive_partitioning = false) AS t"
    with duckdb.connect() as connection:
        return fingerprint(connection, source, _columns(table))


if __name__ == "__main__":
    sys.exit(run("etl_spark", measure))
