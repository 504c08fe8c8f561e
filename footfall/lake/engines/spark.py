"""The engine for large lakes: Spark runs the models and commits, on Glue as on a laptop."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, TypeVar

import pyarrow as pa
from pyspark import RDD
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.functions import lit, monotonically_increasing_id
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from footfall.lake.engines.costly import is_costly
from footfall.lake.engines.port import Bounds, ColumnFunction, Commit, Result
from footfall.lake.engines.spark_maintenance import SparkMaintenance
from footfall.lake.engines.spark_metadata import head, snapshots
from footfall.lake.evolution import changes
from footfall.lake.raw_rows import EVENT_ROWS, LEDGER_ROWS, REJECTED_ROWS, LeaveOut, decode_objects, event_rows
from footfall.lake.raw_store import RawStore
from footfall.lake.schemas import NEW_FILES_LEVEL, properties, spark_partition, spark_schema, spark_type
from footfall.lake.tables import DATABASE, KEPT_SNAPSHOTS, MOST_SNAPSHOTS, TABLES, Table

_PROPERTY = "snapshot-property."
_STAGES = {"events": EVENT_ROWS, "rejected": REJECTED_ROWS, "ledger": LEDGER_ROWS}
_STAGED = pa.unify_schemas([pa.schema([("stage", pa.string())]), *_STAGES.values()])
# Of a relation with so many values at most every executor may have a copy, so that what is joined to it stays in place.
_SENT_TO_ALL = 4_000_000
# So many rows at most go into a plan as they are.
_AS_LITERAL = 10_000
# Spark compresses each page of each column by itself, and at level 9 zstd clears 12 MB before it begins, at this 1 MB:
# many small files cost mostly that.
_LEVEL = "spark.sql.iceberg.compression-level"
Item = TypeVar("Item")
_AS_JSON = (pa.types.is_string, pa.types.is_integer, pa.types.is_boolean, pa.types.is_date)


class SparkEngine:
    """Spark over an Iceberg catalog (see the port for what each method does).

    Args:
        spark: a session whose clock is UTC, with Iceberg's extensions and the catalog configured.
        catalog: the catalog's name in the session.
        most_bytes: as in the port; its executors have room, and each part of a run has its commits.
    """

    branch = "main"
    """The branch of the tables that is read and written."""

    def __init__(self, spark: SparkSession, catalog: str = "lake", most_bytes: int = 64 * 1024**3) -> None:
        self.spark = spark
        self.catalog = catalog
        self.most_bytes = most_bytes
        self._pinned: dict[str, tuple[str, int]] = {}
        self._empty: set[str] = set()
        spark.sql(f"CREATE NAMESPACE IF NOT EXISTS {catalog}.{DATABASE}")
        for table in TABLES:
            self._create_or_evolve(table)

    def stage(
        self,
        store: RawStore,
        keys: Sequence[str],
        leave_out: LeaveOut | None = None,
        columns: Sequence[str] | None = None,
        beside: str | None = None,
    ) -> None:
        """Decode raw objects, one task a few objects."""
        listed = self.spark.createDataFrame(self._spread([(key,) for key in keys]), "key string")

        def decode(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
            for batch in batches:
                keys = map(str, batch.column(0).to_pylist())
                objects = ((key, store.read(key)) for key in keys)
                for decoded in decode_objects(objects, leave_out, columns=columns):
                    for stage in _STAGES:
                        yield from _widened(stage, getattr(decoded, stage)).to_batches(max_chunksize=10_000)

        self._hold("staged", listed.mapInArrow(decode, from_arrow_schema(_STAGED)))
        for stage, schema in {**_STAGES, "events": event_rows(columns)}.items():
            rows = self.spark.table("staged").where(f"stage = '{stage}'").select(*schema.names)
            rows.createOrReplaceTempView(f"staged_{stage}")

    def expect(
        self,
        store: RawStore,
        keys: Sequence[str],
        leave_out: LeaveOut | None = None,
        columns: Sequence[str] | None = None,
    ) -> None:
        """Nothing: its executors decode, all of them, once it is their turn."""

    def map_column(self, name: str, source: str, column: str, function: ColumnFunction, schema: pa.Schema) -> None:
        """Define a relation from a function of a column's distinct values."""

        def apply(batches: Iterable[pa.RecordBatch]) -> Iterable[pa.RecordBatch]:
            for batch in batches:
                yield from function([str(value) for value in batch.column(0).to_pylist()]).cast(schema).to_batches()

        distinct = self.spark.table(source).select(column).where(f"{column} is not null").distinct()
        self._hold(name, distinct.mapInArrow(apply, from_arrow_schema(schema)))

    def register(self, name: str, rows: pa.Table) -> None:
        """Define a small relation from rows at hand."""
        if not rows.num_rows:
            self._view(name, self._none(_types(from_arrow_schema(rows.schema))))
        elif rows.num_rows <= _AS_LITERAL and all(any(fits(kind) for fits in _AS_JSON) for kind in rows.schema.types):
            listed = f"array<{from_arrow_schema(rows.schema).simpleString()}>"
            told = json.dumps(rows.to_pylist(), default=str)
            self._view(name, self.spark.sql(f"SELECT inline(from_json(:told, '{listed}'))", {"told": told}))
        else:
            values = [tuple(row.values()) for row in rows.to_pylist()]
            self._hold(name, self.spark.createDataFrame(values, from_arrow_schema(rows.schema)))

    def define(self, name: str, sql: str, table: Table | None = None, *, lazily: bool = False) -> None:
        """Define a relation by a select in Spark SQL."""
        rows = self.spark.sql(sql)
        if table is not None:
            rows = rows.selectExpr(
                *(f"cast({column.name} as {spark_type(column.type)}) as {column.name}" for column in table.columns)
            )
        if is_costly(sql) and not lazily:
            self._hold(name, rows)
        else:
            self._view(name, rows)

    def without(self, name: str, source: str, leaving: str, on: Sequence[str]) -> None:
        """Define a lazy relation of the rows of one but those of another."""
        rows = self.spark.table(source)
        if not self.is_empty(leaving):
            order = rows.columns
            rows = rows.join(self.spark.table(leaving).select(*on), list(on), "left_anti").select(*order)
        self._view(name, rows)

    def add(self, name: str, source: str, rows: str) -> None:
        """Define a lazy relation of the rows of two."""
        self._view(name, self.spark.table(source).unionByName(self.spark.table(rows)))

    def number(self, name: str, sql: str) -> None:
        """Define a relation by a select in Spark SQL, with a number for each row."""
        self._hold(name, self.spark.sql(sql).withColumn("number", monotonically_increasing_id()))

    def number_together(self, name: str, relations: Sequence[str], columns: Sequence[str]) -> None:
        """Define a relation of columns of all rows of relations, with a number for each row."""
        listed = ", ".join(columns)
        self.number(name, " union all ".join(f"select {listed} from {relation}" for relation in relations))

    def forget(self, name: str) -> None:
        """Nothing: what others are worked out from where they are read has to stay."""

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        """A small result of a select in Spark SQL."""
        return [tuple(row) for row in self.spark.sql(sql).collect()]

    def is_empty(self, name: str) -> bool:
        """Whether a relation is known to have no rows: one that was computed is."""
        return name in self._empty

    def snapshot(self, table: Table) -> int | None:
        """The table's current snapshot."""
        return head(self.spark, self.name(table), self.branch)

    def history(self, table: Table) -> Sequence[Commit]:
        """The table's kept snapshots, the oldest first."""
        return snapshots(self.spark, self.name(table))

    def stored(
        self,
        name: str,
        table: Table,
        bounds: Bounds | None,
        snapshot: int | None = None,
        columns: Sequence[str] | None = None,
    ) -> None:
        """Define a relation of a table's rows within bounds, pinned to a snapshot."""
        frame = self._read(name, table, bounds, snapshot)
        if columns is None:
            # Whoever reads it leaves out the columns that it does not need.
            self._view(name, frame)
        else:
            self._hold(name, frame.select(*columns))

    def stored_where(self, name: str, table: Table, condition: str) -> None:
        """Define a relation of a table's rows, among them all for which a condition holds."""
        self._view(name, self._read(name, table, None, None).where(condition))

    def stored_from(
        self,
        name: str,
        table: Table,
        values: Sequence[str],
        column: str = "raw_object",
        bounds: Bounds | None = None,
    ) -> None:
        """Define a relation of a table's rows within bounds that hold one of these values in a column of texts."""
        self.register("values_asked", pa.table({column: pa.array(values, pa.string())}))
        asked = self.spark.table("values_asked")
        found = self._read(name, table, bounds, None).join(asked, [column], "left_semi")
        self._view(name, found.select(*_names(table)))

    def stored_among(
        self,
        name: str,
        table: Table,
        bounds: Bounds | None,
        keys: str,
        on: Sequence[str],
        columns: Sequence[str] | None = None,
        snapshot: int | None = None,
        *,
        lazily: bool = False,
    ) -> None:
        """Define a relation of a table's rows within bounds that agree with a row of the relation `keys` in `on`."""
        found = self._read(name, table, bounds, snapshot).join(
            self.spark.table(keys).select(*on), list(on), "left_semi"
        )
        name_it = self._view if lazily else self._hold
        name_it(name, found.select(*(columns if columns is not None else _names(table))))

    def lost(self, name: str, table: Table, snapshot: int) -> None:
        """Define a relation of the rows that a table held at a snapshot and does not hold any more."""
        before = self._read("", table, None, snapshot)
        now = self._read("", table, None, None).select(*table.key)
        self._hold(name, before.join(now, list(table.key), "left_anti"))

    def each(self, work: Callable[[str], Result], keys: Sequence[str]) -> list[Result]:
        """What a piece of work gives for each of these keys: one task a few of them."""
        return list(self._spread(keys).map(work).collect()) if keys else []

    def replace(
        self, table: Table, rows: str, stale: str, bounds: Bounds | None, properties: Mapping[str, str] | None = None
    ) -> int | None:
        """Put new rows beside the stored ones, or, where rows leave, one MERGE, which writes their files again.

        Both are validated as serializable. A MERGE takes no properties: they stand in a commit of their own, of no
        rows, after it. A run that is killed between the two leaves rows without names, and the next run names them.
        """
        self.spark.conf.set(_LEVEL, min(table.zstd_level, NEW_FILES_LEVEL))
        try:
            if not self.spark.table(stale).isEmpty():
                self._merge(table, rows, stale, bounds)
                rows = ""
            elif self.spark.table(rows).isEmpty():
                rows = ""
            if rows or properties:
                self._add(table, rows, properties or {})
        finally:
            self.spark.conf.unset(_LEVEL)
        return self.snapshot(table)

    def _add(self, table: Table, rows: str, properties: Mapping[str, str]) -> None:
        """Add rows (none where no relation is named), unless anything was committed since the table was read.

        It is an overwrite of nothing: Iceberg validates no append.
        """
        read = head(self.spark, self.name(table), self.branch)
        source = self.spark.table(rows) if rows else self._none_of(table)
        adding = source.select(*_names(table)).writeTo(self._target(table)).option("isolation-level", "serializable")
        if read is not None:
            adding = adding.option("validate-from-snapshot-id", str(read))
        for name, value in properties.items():
            adding = adding.option(f"{_PROPERTY}{name}", value)
        adding.overwrite(lit(False))

    def _merge(self, table: Table, rows: str, stale: str, bounds: Bounds | None) -> None:
        names = ", ".join(column.name for column in table.columns)
        gone = " AND ".join(f"k.{column} <=> n.{column}" for column in table.key)
        on = " AND ".join(f"t.{column} <=> s.{column}" for column in table.key)
        within = f" AND {_condition(table, bounds, 't.')}" if bounds is not None else ""
        self.spark.sql(
            f"MERGE INTO {self._target(table)} AS t USING ("
            f"SELECT {names}, true AS stays FROM {rows} UNION ALL "
            f"SELECT {names}, false AS stays FROM {stale} AS k LEFT ANTI JOIN {rows} AS n ON {gone}"
            f") AS s ON {on}{within} "
            "WHEN MATCHED AND NOT s.stays THEN DELETE "
            f"WHEN MATCHED THEN UPDATE SET {', '.join(f't.{c.name} = s.{c.name}' for c in table.columns)} "
            f"WHEN NOT MATCHED AND s.stays THEN INSERT ({names}) "
            f"VALUES ({', '.join(f's.{c.name}' for c in table.columns)})"
        )

    def expire(self, table: Table, keep: Sequence[int]) -> None:
        """Remove the oldest snapshots, with their files, once there are over forty.

        Ten stay, those to keep, and those that a relation reads.
        """
        read = {snapshot for pinned, snapshot in self._pinned.values() if pinned == table.name}
        maintenance = SparkMaintenance(self.spark, self.catalog)
        maintenance.expire(table, {*keep, *read}, most=MOST_SNAPSHOTS, kept=KEPT_SNAPSHOTS)

    def close(self) -> None:
        """Nothing to let go of: the session, its maker's to stop, frees what no relation names any more."""

    def _spread(self, items: Sequence[Item]) -> "RDD[Item]":
        """These items over the executors, some tasks for each core."""
        context = self.spark.sparkContext
        return context.parallelize(items, max(1, min(len(items), context.defaultParallelism * 4)))

    def _create_or_evolve(self, table: Table) -> None:
        name = self.name(table)
        told = ", ".join(f"'{key}' = '{value}'" for key, value in properties(table).items())
        if not self.spark.catalog.tableExists(name):
            self.spark.sql(
                f"CREATE TABLE {name} ({spark_schema(table)}) USING iceberg "
                f"{spark_partition(table)} TBLPROPERTIES ({told})"
            )
            spread = "DISTRIBUTED BY PARTITION" if table.partition else ""
            self.spark.sql(f"ALTER TABLE {name} WRITE {spread} LOCALLY ORDERED BY {', '.join(table.sort)}")
            return
        missing, renamed = changes(table, self.spark.table(name).columns)
        for before, column in renamed:
            self.spark.sql(f"ALTER TABLE {name} RENAME COLUMN {before} TO {column.name}")
        for column in missing:
            self.spark.sql(f"ALTER TABLE {name} ADD COLUMN {column.name} {spark_type(column.type)}")

    def name(self, table: Table) -> str:
        """The table's full name in the session."""
        return f"{self.catalog}.{DATABASE}.{table.name}"

    def _target(self, table: Table) -> str:
        """The name that it is written by."""
        return self.name(table) if self.branch == "main" else f"{self.name(table)}.branch_{self.branch}"

    def _read(self, name: str, table: Table, bounds: Bounds | None, snapshot: int | None) -> DataFrame:
        at = snapshot if snapshot is not None else self.snapshot(table)
        self._pinned.pop(name, None)
        if at is None:
            return self._none_of(table)
        self._pinned[name] = (table.name, at)
        # What is read again after a commit, or since an executor was lost, must be what was read first.
        loaded = self.spark.read.format("iceberg").option("snapshot-id", str(at)).load(self.name(table))
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

    def _none_of(self, table: Table) -> DataFrame:
        return self._none({column.name: spark_type(column.type) for column in table.columns})

    def _none(self, types: Mapping[str, str]) -> DataFrame:
        """No rows: Spark sees it in the plan, and leaves out what would be joined to them."""
        columns = ", ".join(f"cast(null as {kind}) as {name}" for name, kind in types.items())
        return self.spark.sql(f"SELECT {columns} LIMIT 0")

    def _view(self, name: str, frame: DataFrame) -> None:
        """Name a frame that is worked out where it is read."""
        frame.createOrReplaceTempView(name)
        self._empty.discard(name)

    def _hold(self, name: str, frame: DataFrame) -> None:
        """Name a frame, computed once and cut off from how it came about.

        Without the cut each relation's plan holds those of all before it, and Spark spends its time on plans. An
        executor that is lost takes its part with it: the run fails then, and is run again.

        How many rows it has is known then, which Spark itself would guess: none are left out of plans, few are sent to
        all executors where they are joined.
        """
        held = frame.localCheckpoint(eager=False)
        # Of the frame's RDD: a count in SQL is an aggregate, with a shuffle of its own.
        rows = int(held._jdf.queryExecution().toRdd().count())
        if not rows:
            held = self._none(_types(held.schema))
        elif rows * len(held.columns) <= _SENT_TO_ALL:
            held = held.hint("broadcast")
        self._view(name, held)
        if not rows:
            self._empty.add(name)


def _types(schema: StructType) -> dict[str, str]:
    return {field.name: field.dataType.simpleString() for field in schema.fields}


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
