"""What a table's metadata say, by Iceberg's own API in Spark's JVM: a query of a metadata table costs a job each."""

import json
from collections.abc import Iterator
from typing import Any

from pyspark.sql import SparkSession

from footfall.lake.engines.port import Commit


def iceberg_table(spark: SparkSession, name: str) -> Any:
    """Iceberg's `Table` of that full name, as the session's catalog has it."""
    java: Any = spark._jvm
    return java.org.apache.iceberg.spark.Spark3Util.loadIcebergTable(spark._jsparkSession, name)


def snapshots(spark: SparkSession, name: str) -> list[Commit]:
    """The table's kept snapshots, the oldest first."""
    found = [_commit(spark, snapshot) for snapshot in iceberg_table(spark, name).snapshots()]
    return sorted(found, key=lambda commit: commit.at)


def line_of(spark: SparkSession, name: str, branch: str) -> Iterator[Commit]:
    """The snapshots that a table's branch has come by, the newest first; none where it has no such branch."""
    table = iceberg_table(spark, name)
    snapshot = table.snapshot(branch)
    while snapshot is not None:
        yield _commit(spark, snapshot)
        before = snapshot.parentId()
        snapshot = None if before is None else table.snapshot(before)


def head(spark: SparkSession, name: str, branch: str) -> int | None:
    """The newest snapshot of a table's branch; None where it has none."""
    found = iceberg_table(spark, name).snapshot(branch)
    return None if found is None else int(found.snapshotId())


def _commit(spark: SparkSession, snapshot: Any) -> Commit:
    java: Any = spark._jvm
    told = json.loads(java.org.apache.iceberg.SnapshotParser.toJson(snapshot))
    return Commit(int(told["snapshot-id"]), int(told["timestamp-ms"]), told["summary"])


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
