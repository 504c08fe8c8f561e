"""A lake's tables in memory, of the declared schema, from small CSV files."""

import csv
from pathlib import Path

import duckdb

from footfall.lake.schemas import duckdb_type
from footfall.lake.tables import TABLES

DEFAULTS = {"tenant": "shop", "is_bot": "false"}


def small_lake(folder: Path | None = None) -> duckdb.DuckDBPyConnection:
    """Every table of the lake; those with a `<table>.csv` in the folder hold its rows.

    A file may leave columns out: the tenant is then `shop`, nobody is a bot, and all else is NULL. An empty field is
    NULL too.
    """
    connection = duckdb.connect()
    connection.execute("SET TimeZone = 'UTC'")
    for table in TABLES:
        columns = ", ".join(f"{column.name} {duckdb_type(column.type)}" for column in table.columns)
        connection.execute(f"CREATE TABLE {table.name} ({columns})")
        path = folder / f"{table.name}.csv" if folder is not None else None
        if path is None or not path.exists():
            continue
        names = [column.name for column in table.columns]
        with path.open(newline="", encoding="utf-8") as lines:
            for row in csv.DictReader(lines):
                assert not set(row) - set(names), f"{path} has columns that {table.name} has not"
                values = [row.get(name, DEFAULTS.get(name)) or None for name in names]
                connection.execute(f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(values))})", values)
    return connection
