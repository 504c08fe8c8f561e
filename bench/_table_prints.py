"""Tables as fingerprints, to tell whether two engines wrote the same rows in whatever order."""

from collections.abc import Collection, Mapping, Sequence

import duckdb

from footfall.etl.pipeline import RUN_TABLES
from footfall.lake.catalog import load, open_catalog
from footfall.lake.file_uri import local_path
from footfall.lake.layout import LocalLake
from footfall.lake.tables import Table

Fingerprint = tuple[int, int]
"""How many rows there are, and the sum of their hashes."""


def fingerprint(connection: duckdb.DuckDBPyConnection, source: str, columns: Mapping[str, str]) -> Fingerprint:
    """The fingerprint of some columns of a relation.

    Args:
        connection: where it is.
        source: what stands after FROM.
        columns: each column's name, and the expression of it.
    """
    listed: Sequence[str] = [f"coalesce(cast({expression} as varchar), '~')" for expression in columns.values()]
    (row,) = connection.execute(
        f"SELECT count(*), coalesce(sum(cast(hash(concat_ws('|', {', '.join(listed)})) AS hugeint)), 0) FROM {source}"
    ).fetchall()
    return int(row[0]), int(row[1])


def columns_of_both(table: Table, not_theirs: Collection[str]) -> dict[str, str]:
    """A table's columns, each with its expression, but for those that the other side does not write.

    Of the events of the hand `properties` are no column of both: ours leave out what another column holds.
    """
    columns = {column.name: column.name for column in table.columns if column.name not in not_theirs}
    if "properties" in columns:
        hand = "level = 'low' AND name IN ('pointer', 'touch', 'scroll', 'click')"
        columns["properties"] = f"CASE WHEN NOT ({hand}) THEN properties END"
    return columns


def lake_fingerprints(lake: LocalLake, catalog: str) -> dict[str, Fingerprint]:
    """The fingerprint of each table that a run writes, in a lake's catalog of that name."""
    return {table.name: table_fingerprint(lake, catalog, table) for table in RUN_TABLES}


def table_fingerprint(
    lake: LocalLake, catalog: str, table: Table, columns: Mapping[str, str] | None = None, where: str = "true"
) -> Fingerprint:
    """The fingerprint of a table's rows, of all its columns unless some are given."""
    files = [
        local_path(task.file.file_path) for task in load(open_catalog(lake, catalog), table.name).scan().plan_files()
    ]
    if not files:
        return 0, 0
    with duckdb.connect() as connection:
        chosen = columns or {column.name: column.name for column in table.columns}
        return fingerprint(connection, f"(SELECT * FROM read_parquet({files}) WHERE {where}) AS t", chosen)


def assert_equal(ours: Mapping[str, Fingerprint], theirs: Mapping[str, Fingerprint]) -> None:
    """Stop the bench where the two sides did not write the same.

    Raises:
        AssertionError: names the tables, and how many rows each side has.
    """
    differ = {name: (ours[name][0], theirs[name][0]) for name in ours if ours[name] != theirs[name]}
    assert not differ, f"rows differ (ours, theirs): {differ}"
