"""A declared table, as Arrow, DuckDB and Spark write it down, and the properties that every table has."""

import pyarrow as pa

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

PROPERTIES: dict[str, str] = {
    "format-version": "2",
    "write.parquet.compression-codec": "zstd",
    "write.delete.mode": "copy-on-write",
    "write.update.mode": "copy-on-write",
    "write.merge.mode": "copy-on-write",
    "write.distribution-mode": "hash",
    "write.metadata.delete-after-commit.enabled": "true",
    "write.metadata.previous-versions-max": "20",
}


def arrow_schema(table: Table) -> pa.Schema:
    """The table's Arrow schema, in declared order."""
    return pa.schema([(column.name, _ARROW[column.type]) for column in table.columns])


def duckdb_type(kind: str) -> str:
    """The DuckDB type of a declared type."""
    return _DUCKDB[kind]


def spark_type(kind: str) -> str:
    """The Spark type of a declared type."""
    return _SPARK[kind]


def spark_schema(table: Table) -> str:
    """The table's columns as Spark's DDL writes them."""
    return ", ".join(f"{column.name} {_SPARK[column.type]}" for column in table.columns)


def spark_partition(table: Table) -> str:
    """The table's partition as Spark's DDL writes it."""
    return ", ".join(_spark_transform(column, transform) for column, transform in table.partition)


def _spark_transform(column: str, transform: str) -> str:
    if transform == "identity":
        return column
    if transform == "day":
        return f"days({column})"
    buckets = transform.removeprefix("bucket[").removesuffix("]")
    return f"bucket({buckets}, {column})"
