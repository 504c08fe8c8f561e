"""The tables and views that a query may name: the lake's declared tables, and the saved views over them."""

from collections.abc import Mapping

from footfall.lake.tables import TABLES
from footfall.query.scope import Columns
from footfall.query.types import declared

LAKE_TABLES: Mapping[str, Columns] = {
    table.name: {column.name: declared(column.type) for column in table.columns} for table in TABLES
}
