"""Queries on the embedded engine: Athena's SQL in, an Arrow table out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa

from footfall.errors import FootfallError
from footfall.lake.layout import LocalLake
from footfall.query.catalog import views
from footfall.query.translation import translate

if TYPE_CHECKING:
    import duckdb

TENANT = "tenant"


def execute(
    connection: duckdb.DuckDBPyConnection, sql: str, parameters: Mapping[str, object] | None = None
) -> pa.Table:
    """Run one SELECT over the connection's relations, which are named and typed as the lake's tables.

    Whoever opens the connection decides whose rows are in them: the query can reach nothing else.

    Args:
        connection: has a relation a lake table.
        sql: one SELECT in Athena's SQL.
        parameters: the values of its `:name`s.

    Raises:
        FootfallError: the query is not understood, not on the proven list, or fails on the data.
    """
    import duckdb

    translation = translate(sql, parameters, views())
    try:
        return connection.execute(translation.sql).to_arrow_table()
    except duckdb.Error as error:
        raise FootfallError(_one_line(error)) from error


def run(
    lake: LocalLake,
    tenant: str,
    sql: str,
    parameters: Mapping[str, object] | None = None,
    as_of: int | None = None,
) -> pa.Table:
    """Run one SELECT over a lake, of this tenant's rows only. `:tenant` is bound to the tenant.

    Args:
        lake: the lake.
        tenant: the tenant's name.
        sql: one SELECT in Athena's SQL.
        parameters: the values of its `:name`s.
        as_of: read the lake as of the last run at or before this time (epoch ms), not as it is now.

    Raises:
        FootfallError: as `execute` does, where `tenant` is among the parameters, or where `as_of` lies too far back.
    """
    from footfall.lake.reader import connect

    if TENANT in (parameters or {}):
        raise FootfallError("the parameter tenant is bound already: choose the tenant with --tenant.")
    snapshots = None
    if as_of is not None:
        from footfall.lake.as_of import snapshots_as_of
        from footfall.lake.catalog import open_catalog

        snapshots = snapshots_as_of(open_catalog(lake), as_of)
    connection = connect(lake, tenant, snapshots)
    try:
        return execute(connection, sql, {**(parameters or {}), TENANT: tenant})
    finally:
        connection.close()


def _one_line(error: Exception) -> str:
    """What DuckDB says, without its place in the translated text, which the reader never wrote."""
    text = str(error).split("\n\nLINE ")[0].split("\nLINE ")[0]
    text = re.sub(r"^[A-Za-z -]+ Error: ", "", " ".join(text.split()))
    return f"the query fails: {text}"
