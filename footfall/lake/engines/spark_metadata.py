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


def join_manifests(spark: SparkSession, name: str) -> None:
    """Write all manifests of a table again in the driver, a single one too, which the procedure leaves as it is."""
    java: Any = spark._jvm
    gateway: Any = spark.sparkContext._gateway
    reflected, found = java.java.lang.invoke, java.java.lang.Class.forName
    anything = gateway.new_array(java.java.lang.Class, 1)
    anything[0] = found("java.lang.Object")
    # A function of Java's that says of every file that it belongs with the others.
    together = reflected.MethodHandles.dropArguments(
        reflected.MethodHandles.constant(found("java.lang.Object"), "all"), 0, anything
    )
    function = reflected.MethodHandleProxies.asInterfaceInstance(found("java.util.function.Function"), together)
    iceberg_table(spark, name).rewriteManifests().clusterBy(function).commit()
