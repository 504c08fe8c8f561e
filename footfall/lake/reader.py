"""A DuckDB connection over the lake's tables, bound to one tenant."""

from collections.abc import Mapping
from threading import Event

import duckdb
from pyiceberg.catalog import Catalog

from footfall.lake.catalog import load, open_catalog
from footfall.lake.evolution import changes
from footfall.lake.file_uri import local_path
from footfall.lake.layout import LocalLake
from footfall.lake.schemas import duckdb_type
from footfall.lake.tables import TABLES, Table

_verified = Event()
"""Whether this process has loaded the extensions, their signatures checked."""


def open_duckdb() -> duckdb.DuckDBPyConnection:
    """An in-memory DuckDB that reads Iceberg and whose clock is UTC."""
    from duckdb_extensions import import_extension

    # DuckDB hashes an extension's whole file, a third of a second, each time that a connection loads it. A process
    # that has loaded it once runs that code already.
    connection = duckdb.connect(config={"allow_unsigned_extensions": _verified.is_set()})
    for extension in ("avro", "iceberg"):
        import_extension(extension, con=connection)
        connection.load_extension(extension)
    _verified.set()
    connection.execute("SET allow_unsigned_extensions = false")
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def connect(
    lake: LocalLake, tenant: str | None, snapshots: Mapping[str, int | None] | None = None
) -> duckdb.DuckDBPyConnection:
    """A connection with one view a table of the lake, of this tenant's rows only (None: of all tenants).

    Args:
        lake: the lake.
        tenant: the tenant to bind every view to.
        snapshots: for each table named, the snapshot to read instead of the current one (None: no rows).
    """
    catalog = open_catalog(lake)
    connection = open_duckdb()
    for table in TABLES:
        snapshot = (snapshots or {}).get(table.name)
        nothing_yet = snapshot is None and table.name in (snapshots or {})
        source = _no_rows(table) if nothing_yet else _source(catalog, table, snapshot)
        bound = f" WHERE tenant = {quoted(tenant)}" if tenant is not None else ""
        connection.execute(f"CREATE VIEW {table.name} AS SELECT * FROM {source}{bound}")
    return connection


def quoted(text: str) -> str:
    """A SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def _no_rows(table: Table) -> str:
    columns = ", ".join(f"NULL::{duckdb_type(column.type)} AS {column.name}" for column in table.columns)
    return f"(SELECT {columns} WHERE false)"


def _source(catalog: Catalog, table: Table, snapshot: int | None) -> str:
    current = load(catalog, table.name)
    if current.current_snapshot() is None:
        return _no_rows(table)
    location = quoted(local_path(current.metadata_location))
    if snapshot is None:
        return f"iceberg_scan({location})"
    # A snapshot is read by the schema that the table had then.
    missing, renamed = changes(table, current.scan(snapshot_id=snapshot).projection().column_names)
    before = {column.name: name for name, column in renamed}
    new = {column.name for column in missing}
    columns = ", ".join(
        f"{'NULL' if column.name in new else before.get(column.name, column.name)}"
        f"::{duckdb_type(column.type)} AS {column.name}"
        for column in table.columns
    )
    return f"(SELECT {columns} FROM iceberg_scan({location}, snapshot_from_id => {snapshot}))"
