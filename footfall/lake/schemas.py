"""A declared table, as Arrow, DuckDB and Spark write it down, and the properties that every table has."""

import pyarrow as pa

from footfall.lake.column_types import Array, ColumnType, Scalar, parse
from footfall.lake.tables import Table

_ARROW: dict[str, pa.DataType] = {
    "string": pa.string(),
    "long": pa.int64(),
    "int": pa.int32(),
    "double": pa.float64(),
    "boolean": pa.bool_(),
    "timestamp": pa.timestamp("us"),
    "date": pa.date32(),
    "decimal(18,4)": pa.decimal128(18, 4),
}
_DUCKDB: dict[str, str] = {
    "string": "VARCHAR",
    "long": "BIGINT",
    "int": "INTEGER",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP",
    "date": "DATE",
    "decimal(18,4)": "DECIMAL(18,4)",
}
_SPARK: dict[str, str] = {
    "string": "STRING",
    "long": "BIGINT",
    "int": "INT",
    "double": "DOUBLE",
    "boolean": "BOOLEAN",
    "timestamp": "TIMESTAMP_NTZ",
    "date": "DATE",
    "decimal(18,4)": "DECIMAL(18,4)",
}

COMPRESSION_LEVEL = "write.parquet.compression-level"
NEW_FILES_LEVEL = 3
"""How hard a run compresses at most. What upkeep joins, it compresses as the table says."""
_PROPERTIES: dict[str, str] = {
    "format-version": "2",
    "write.parquet.compression-codec": "zstd",
    "write.delete.mode": "copy-on-write",
    "write.update.mode": "copy-on-write",
    "write.merge.mode": "copy-on-write",
    "write.distribution-mode": "hash",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
}


def properties(table: Table) -> dict[str, str]:
    """The properties that the table is made with."""
    return {**_PROPERTIES, COMPRESSION_LEVEL: str(table.zstd_level)}


def arrow_schema(table: Table) -> pa.Schema:
    """The table's Arrow schema, in declared order."""
    return pa.schema([(column.name, arrow_type(column.type)) for column in table.columns])


def arrow_type(kind: str) -> pa.DataType:
    """The Arrow type of a declared type."""
    return _arrow(parse(kind))


def duckdb_type(kind: str) -> str:
    """The DuckDB type of a declared type."""
    return _duckdb(parse(kind))


def spark_type(kind: str) -> str:
    """The Spark type of a declared type."""
    return _spark(parse(kind))


def spark_schema(table: Table) -> str:
    """The table's columns as Spark's DDL writes them."""
    return ", ".join(f"{column.name} {spark_type(column.type)}" for column in table.columns)


def spark_partition(table: Table) -> str:
    """The table's partition as Spark's DDL writes it; empty where it has none."""
    fields = ", ".join(_spark_transform(column, transform) for column, transform in table.partition)
    return f"PARTITIONED BY ({fields})" if fields else ""


def _spark_transform(column: str, transform: str) -> str:
    if transform == "identity":
        return column
    if transform == "day":
        return f"days({column})"
    buckets = transform.removeprefix("bucket[").removesuffix("]")
    return f"bucket({buckets}, {column})"


def _arrow(kind: ColumnType) -> pa.DataType:
    if isinstance(kind, Scalar):
        return _ARROW[kind.name]
    if isinstance(kind, Array):
        return pa.list_(pa.field("element", _arrow(kind.element)))
    fields: list[pa.Field[pa.DataType]] = [pa.field(name, _arrow(field)) for name, field in kind.fields]
    return pa.struct(fields)


def _duckdb(kind: ColumnType) -> str:
    if isinstance(kind, Scalar):
        return _DUCKDB[kind.name]
    if isinstance(kind, Array):
        return f"{_duckdb(kind.element)}[]"
    return f"STRUCT({', '.join(f'{name} {_duckdb(field)}' for name, field in kind.fields)})"


def _spark(kind: ColumnType) -> str:
    if isinstance(kind, Scalar):
        return _SPARK[kind.name]
    if isinstance(kind, Array):
        return f"ARRAY<{_spark(kind.element)}>"
    return f"STRUCT<{', '.join(f'{name}: {_spark(field)}' for name, field in kind.fields)}>"
