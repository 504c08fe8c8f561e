"""What a table's metadata say, by Iceberg's own API in Spark's JVM: a query of a metadata table costs a job each."""

import json
from typing import Any

from pyspark.sql import SparkSession

from footfall.lake.engines.port import Commit


def iceberg_table(spark: SparkSession, name: str) -> Any:
    """Iceberg's `Table` of that full name, as the session's catalog has it."""
    java: Any = spark._jvm
    return java.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(spark._jsparkSession, name)


def snapshots(spark: SparkSession, name: str) -> list[Commit]:
    """The table's kept snapshots, the oldest first."""
    java: Any = spark._jvm
    to_json = java.org.apache.iceberg.SnapshotParser.toJson
    parsed = [json.loads(to_json(snapshot)) for snapshot in iceberg_table(spark, name).snapshots()]
    found = [Commit(int(one["snapshot-id"]), int(one["timestamp-ms"]), one["summary"]) for one in parsed]
    return sorted(found, key=lambda commit: commit.at)
