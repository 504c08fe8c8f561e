"""The engine for large lakes: Spark runs the models and commits, on Glue as on a laptop."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema

from footfall.lake.engines.port import Bounds, ColumnFunction, Commit, LeaveOut
from footfall.lake.engines.spark_maintenance import SparkMaintenance
from footfall.lake.evolution import changes
from footfall.lake.raw_rows import EVENT_ROWS, LEDGER_ROWS, REJECTED_ROWS, decode_object
from footfall.lake.raw_store import RawStore
from footfall.lake.schemas import PROPERTIES, spark_partition, spark_schema, spark_type
from footfall.lake.tables import DATABASE, KEPT_SNAPSHOTS, MOST_SNAPSHOTS, TABLES, Table

_PROPERTY = "snapshot-property."
_STAGES = {"events": EVENT_ROWS, "rejected": REJECTED_ROWS, "ledger": LEDGER_ROWS}
_STAGED = pa.unify_schemas([pa.schema([("stage", pa.string())]), *_STAGES.values()])


class SparkEngine:
    """Spark over an Iceberg catalog (see the port for what each method does).

    Args:
        spark: a session whose clock is UTC, with Iceberg's extensions and the catalog configured.
        catalog: the catalog's name in the session.
    """

    def __init__(self, spark: SparkSession, catalog: str = "lake") -> None:
        self.spark = spark
        self.catalog = catalog
        spark.sql(f"CREATE NAMESPACE IF NOT EXISTS {catalog}.{DATABASE}")
        for table in TABLES:
            self._create_or_evolve(table)

    def stage(self, store: RawStore, keys: Sequence[str], leave_out: LeaveOut | None = None) -> None:
        """Decode raw objects, one task a few objects."""
        partitions = max(1, min(len(keys), self.spark.sparkContext.defaultParallelism * 4))
        listed = self.spark.createDataFrame([(key,) for key in keys], "key string").repartition(partitions)

        def decode(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
            for batch in batches:
                for key in map(str, batch.column(0).to_pylist()):
                    decoded = decode_object(key, store.read(key), leave_out)
                    for stage in _STAGES:
                        yield from _widened(stage, getattr(decoded, stage)).to_batches(max_chunksize=10_000)

        self._hold("staged", listed.mapInArrow(decode, from_arrow_schema(_STAGED)))
        for stage, schema in _STAGES.items():
            rows = self.spark.table("staged").where(f"stage = '{stage}'").select(*schema.names)
            rows.createOrReplaceTempView(f"staged_{stage}")

    def map_column(self, name: str, source: str, column: str, function: ColumnFunction, schema: pa.Schema) -> None:
        """Define a relation from a function of a column's distinct values."""

        def apply(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
            for batch in batches:
                yield from function([str(value) for value in batch.column(0).to_pylist()]).cast(schema).to_batches()

        distinct = self.spark.table(source).select(column).where(f"{column} is not null").distinct()
        self._hold(name, distinct.mapInArrow(apply, from_arrow_schema(schema)))

    def register(self, name: str, rows: pa.Table) -> None:
        """Define a small relation from rows at hand."""
        values = [tuple(row.values()) for row in rows.to_pylist()]
        self._hold(name, self.spark.createDataFrame(values, from_arrow_schema(rows.schema)))

    def define(self, name: str, sql: str, table: Table | None = None) -> None:
        """Define a relation by a select in Spark SQL."""
        rows = self.spark.sql(sql)
        if table is not None:
            rows = rows.selectExpr(
                *(f"cast({column.name} as {spark_type(column.type)}) as {column.name}" for column in table.columns)
            )
        self._hold(name, rows)

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """A small result of a select in Spark SQL."""
        return [tuple(row) for row in self.spark.sql(sql).collect()]

    def snapshot(self, table: Table) -> int | None:
        """The table's current snapshot."""
        found = self.spark.sql(f"SELECT snapshot_id FROM {self._name(table)}.refs WHERE name = 'main'").first()
        return None if found is None else int(found[0])

    def history(self, table: Table) -> Sequence[Commit]:
        """The table's kept snapshots, the oldest first."""
        found = self.spark.sql(
            "SELECT snapshot_id, unix_millis(committed_at), summary "
            f"FROM {self._name(table)}.snapshots ORDER BY committed_at"
        ).collect()
        return [Commit(int(row[0]), int(row[1]), dict(row[2])) for row in found]

    def stored(
        self,
        name: str,
        table: Table,
        bounds: Bounds | None,
        snapshot: int | None = None,
        columns: Sequence[str] | None = None,
    ) -> None:
        """Define a relation of a table's rows within bounds, pinned to a snapshot."""
        frame = self._read(table, bounds, snapshot)
        self._hold(name, frame if columns is None else frame.select(*columns))

    def stored_from(
        self,
        name: str,
        table: Table,
        values: Sequence[str],
        column: str = "raw_object",
        bounds: Bounds | None = None,
    ) -> None:
        """Define a relation of a table's rows within bounds that hold one of these values in a column of texts."""
        asked = self.spark.createDataFrame([(value,) for value in values], f"{column} string")
        self._hold(name, self._read(table, bounds, None).join(asked, [column], "left_semi").select(*_names(table)))

    def stored_among(
        self,
        name: str,
        table: Table,
        bounds: Bounds | None,
        keys: str,
        on: Sequence[str],
        columns: Sequence[str] | None = None,
    ) -> None:
        """Define a relation of a table's rows within bounds that agree with a row of the relation `keys` in `on`."""
        found = self._read(table, bounds, None).join(self.spark.table(keys).select(*on), list(on), "left_semi")
        self._hold(name, found.select(*(columns if columns is not None else _names(table))))

    def lost(self, name: str, table: Table, snapshot: int) -> None:
        """Define a relation of the rows that a table held at a snapshot and does not hold any more."""
        before = self._read(table, None, snapshot)
        self._hold(name, before.join(self._read(table, None, None).select(*table.key), list(table.key), "left_anti"))

    def replace(
        self, table: Table, rows: str, stale: str, bounds: Bounds | None, properties: Mapping[str, str] | None = None
    ) -> int | None:
        """One MERGE: it rewrites the files that hold stale rows, and is validated as serializable.

        Properties stand in a commit of their own, of no rows, after it: a MERGE takes none. A run that is killed
        between the two leaves rows without names, and the next run names them.
        """
        if not (self.spark.table(rows).isEmpty() and self.spark.table(stale).isEmpty()):
            self._merge(table, rows, stale, bounds)
        if properties:
            naming = self.spark.table(self._name(table)).limit(0).writeTo(self._name(table))
            for name, value in properties.items():
                naming = naming.option(f"{_PROPERTY}{name}", value)
            naming.append()
        return self.snapshot(table)

    def _merge(self, table: Table, rows: str, stale: str, bounds: Bounds | None) -> None:
        names = ", ".join(column.name for column in table.columns)
        gone = " AND ".join(f"k.{column} <=> n.{column}" for column in table.key)
        on = " AND ".join(f"t.{column} <=> s.{column}" for column in table.key)
        within = f" AND {_condition(table, bounds, 't.')}" if bounds is not None else ""
        self.spark.sql(
            f"MERGE INTO {self._name(table)} AS t USING ("
            f"SELECT {names}, true AS stays FROM {rows} UNION ALL "
            f"SELECT {names}, false AS stays FROM {stale} AS k LEFT ANTI JOIN {rows} AS n ON {gone}"
            f") AS s ON {on}{within} "
            "WHEN MATCHED AND NOT s.stays THEN DELETE "
            f"WHEN MATCHED THEN UPDATE SET {', '.join(f't.{c.name} = s.{c.name}' for c in table.columns)} "
            f"WHEN NOT MATCHED AND s.stays THEN INSERT ({names}) "
            f"VALUES ({', '.join(f's.{c.name}' for c in table.columns)})"
        )

    def expire(self, table: Table, keep: Sequence[int]) -> None:
        """Remove the oldest snapshots, with their files, once there are over forty; ten, and those to keep, stay."""
        SparkMaintenance(self.spark, self.catalog).expire(table, keep, most=MOST_SNAPSHOTS, kept=KEPT_SNAPSHOTS)

    def close(self) -> None:
        """Nothing to let go of: the session, its maker's to stop, frees what no relation names any more."""

    def _create_or_evolve(self, table: Table) -> None:
        name = self._name(table)
        properties = ", ".join(f"'{key}' = '{value}'" for key, value in PROPERTIES.items())
        if not self.spark.catalog.tableExists(name):
            self.spark.sql(
                f"CREATE TABLE {name} ({spark_schema(table)}) USING iceberg "
                f"PARTITIONED BY ({spark_partition(table)}) TBLPROPERTIES ({properties})"
            )
            self.spark.sql(
                f"ALTER TABLE {name} WRITE DISTRIBUTED BY PARTITION LOCALLY ORDERED BY {', '.join(table.sort)}"
            )
            return
        missing, renamed = changes(table, self.spark.table(name).columns)
        for before, column in renamed:
            self.spark.sql(f"ALTER TABLE {name} RENAME COLUMN {before} TO {column.name}")
        for column in missing:
            self.spark.sql(f"ALTER TABLE {name} ADD COLUMN {column.name} {spark_type(column.type)}")

    def _name(self, table: Table) -> str:
        return f"{self.catalog}.{DATABASE}.{table.name}"

    def _read(self, table: Table, bounds: Bounds | None, snapshot: int | None) -> DataFrame:
        at = snapshot if snapshot is not None else self.snapshot(table)
        reader = self.spark.read.format("iceberg")
        if at is not None:
            # A frame computed again after a commit, an executor lost, must read what it read first.
            reader = reader.option("snapshot-id", str(at))
        loaded = reader.load(self._name(table))
        # A snapshot is read by the schema that the table had then.
        missing, renamed = changes(table, loaded.columns)
        before = {column.name: name for name, column in renamed}
        new = {column.name for column in missing}
        frame = loaded.selectExpr(
            *(
                f"cast({'null' if column.name in new else before.get(column.name, column.name)} "
                f"as {spark_type(column.type)}) as {column.name}"
                for column in table.columns
            )
        )
        return frame if bounds is None else frame.where(_condition(table, bounds, ""))

    def _hold(self, name: str, frame: DataFrame) -> None:
        """Name a frame, computed once and cut off from how it came about.

        Without the cut each relation's plan holds those of all before it, and Spark spends its time on plans. An
        executor that is lost takes its part with it: the run fails then, and is run again.
        """
        frame.localCheckpoint(eager=True).createOrReplaceTempView(name)


def _names(table: Table) -> list[str]:
    return [column.name for column in table.columns]


def _widened(stage: str, rows: pa.Table) -> pa.Table:
    """Rows of one stage with the columns of all of them."""
    columns: list[Any] = []
    for column in _STAGED:
        if column.name == "stage":
            columns.append(pa.repeat(pa.scalar(stage), rows.num_rows))
        elif column.name in rows.schema.names:
            columns.append(rows.column(column.name))
        else:
            columns.append(pa.nulls(rows.num_rows, column.type))
    return pa.table(columns, schema=_STAGED)


def _condition(table: Table, bounds: Bounds, prefix: str) -> str:
    tenants = ", ".join("'" + tenant.replace("\\", "\\\\").replace("'", "\\'") + "'" for tenant in bounds.tenants)
    condition = f"{prefix}tenant IN ({tenants or 'NULL'})"
    if bounds.ranges:
        kind = "DATE" if table.column(bounds.column).type == "date" else "TIMESTAMP_NTZ"
        column = f"{prefix}{bounds.column}"
        ranges = (
            f"({column} >= {kind} '{_written(low, kind)}' AND {column} < {kind} '{_written(high, kind)}')"
            for low, high in bounds.ranges
        )
        condition += f" AND ({' OR '.join(ranges)})"
    return condition


def _written(milliseconds: int, kind: str) -> str:
    when = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return f"{when:%Y-%m-%d}" if kind == "DATE" else f"{when:%Y-%m-%d %H:%M:%S}"
