"""A table's data files, read by DuckDB."""

from collections.abc import Sequence

from pyiceberg.manifest import DataFile
from pyiceberg.table import Table as IcebergTable

from footfall.lake.file_uri import local_path
from footfall.lake.reader import quoted
from footfall.lake.schemas import duckdb_type
from footfall.lake.tables import Table


def file_scan(iceberg: IcebergTable, table: Table, files: Sequence[DataFile]) -> str:
    """The files as a table function of DuckDB, which has the column `filename` besides.

    Columns are matched by Iceberg's field ids, so files that were written before a column came are read too.

    Args:
        iceberg: the table, which has all columns of the declaration.
        table: its declaration.
        files: one or more of its data files.
    """
    ids = {field.name: field.field_id for field in iceberg.schema().fields}
    paths = ", ".join(quoted(local_path(file.file_path)) for file in files)
    fields = ", ".join(
        f"{ids[column.name]}: "
        f"{{name: {quoted(column.name)}, type: {quoted(duckdb_type(column.type))}, default_value: NULL}}"
        for column in table.columns
    )
    return f"read_parquet([{paths}], schema = MAP {{{fields}}}, filename = true)"
