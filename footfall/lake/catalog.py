"""The catalog of a local lake: Iceberg tables, named in SQLite, shared by PyIceberg, DuckDB and Spark."""

from pathlib import Path
from threading import Lock

from pyiceberg.catalog import Catalog
from pyiceberg.catalog.sql import IcebergTables, SqlCatalog
from pyiceberg.exceptions import NoSuchTableError
from pyiceberg.table import CommitTableResponse
from pyiceberg.table import Table as IcebergTable
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.update import TableRequirement, TableUpdate
from pyiceberg.typedef import Identifier
from sqlalchemy import bindparam, select

from footfall.errors import FootfallError
from footfall.lake.evolution import changes
from footfall.lake.file_uri import file_uri, local_path
from footfall.lake.iceberg_schema import iceberg_schema, partition_spec, sort_order
from footfall.lake.layout import LocalLake
from footfall.lake.schemas import properties
from footfall.lake.tables import DATABASE, TABLES, Table

CATALOG = "lake"
_CURRENT = select(IcebergTables.metadata_location).where(
    IcebergTables.catalog_name == bindparam("catalog"),
    IcebergTables.table_namespace == bindparam("namespace"),
    IcebergTables.table_name == bindparam("table"),
)


def open_catalog(lake: LocalLake, name: str = CATALOG, folder: Path | None = None) -> Catalog:
    """The lake's catalog, with every declared table in it (made, or given its new columns, where it is not yet).

    Args:
        lake: the lake.
        name: the catalog's; SQLite keeps several side by side.
        folder: where new tables lie, below the lake's warehouse; the warehouse itself unless another is given.

    Raises:
        FootfallError: the catalog names another folder (Iceberg's paths are absolute, and the lake was moved).
    """
    lake.warehouse.mkdir(parents=True, exist_ok=True)
    # The busy timeout lets a reader wait for a writer's commit instead of failing with "database is locked".
    catalog = _LakeCatalog(
        name,
        uri=f"sqlite:///{lake.catalog}?timeout=30",
        warehouse=file_uri(folder or lake.warehouse),
    )
    catalog.create_namespace_if_not_exists(DATABASE)
    for declared in TABLES:
        _create_or_evolve(catalog, declared, lake.warehouse)
    return catalog


def load(catalog: Catalog, name: str) -> IcebergTable:
    """The table of that name, as it is now."""
    return catalog.load_table((DATABASE, name))


def metadata_location(catalog: Catalog, name: str) -> str:
    """Where the table's current metadata file is, as a path DuckDB can read."""
    return local_path(load(catalog, name).metadata_location)


class _Known:
    """What metadata files say, by where they lie: one that is written never changes. The latest are kept."""

    MOST = 256

    def __init__(self) -> None:
        self._metadata: dict[str, TableMetadata] = {}
        self._lock = Lock()

    def get(self, location: str) -> TableMetadata | None:
        return self._metadata.get(location)

    def add(self, location: str, metadata: TableMetadata) -> None:
        with self._lock:
            self._metadata[location] = metadata
            while len(self._metadata) > self.MOST:
                del self._metadata[next(iter(self._metadata))]


_known = _Known()


class _LakeCatalog(SqlCatalog):
    """A catalog that reads a table's metadata file once a process, and none that the process wrote.

    Which one is the current is asked of SQLite each time.
    """

    def load_table(self, identifier: str | Identifier) -> IcebergTable:
        """The table as it is now."""
        namespace, name = self.namespace_from(identifier), self.table_name_from(identifier)
        where = {"catalog": self.name, "namespace": ".".join(namespace), "table": name}
        with self.engine.connect() as connection:
            location = connection.execute(_CURRENT, where).scalar()
        metadata = _known.get(location) if location else None
        if location is None or metadata is None:
            table = super().load_table(identifier)
            _known.add(table.metadata_location, table.metadata)
            return table
        io = self._load_file_io(metadata.properties, location)
        return IcebergTable((*namespace, name), metadata, location, io, self)

    def commit_table(
        self, table: IcebergTable, requirements: tuple[TableRequirement, ...], updates: tuple[TableUpdate, ...]
    ) -> CommitTableResponse:
        """Commit updates to a table."""
        answer = super().commit_table(table, requirements, updates)
        _known.add(answer.metadata_location, answer.metadata)
        return answer


def _create_or_evolve(catalog: Catalog, declared: Table, warehouse: Path) -> None:
    try:
        table = load(catalog, declared.name)
    except NoSuchTableError:
        catalog.create_table(
            (DATABASE, declared.name),
            schema=iceberg_schema(declared),
            partition_spec=partition_spec(declared),
            sort_order=sort_order(declared),
            properties=properties(declared),
        )
        return
    except FileNotFoundError as error:
        raise _moved(warehouse) from error
    if not local_path(table.location()).startswith(str(warehouse)):
        raise _moved(warehouse)
    missing, renamed = changes(declared, [field.name for field in table.schema().fields])
    if missing or renamed:
        fields = iceberg_schema(declared)
        with table.update_schema() as update:
            for before, column in renamed:
                update.rename_column(before, column.name)
            for column in missing:
                update.add_column(column.name, fields.find_field(column.name).field_type, doc=column.doc)


def _moved(warehouse: Path) -> FootfallError:
    return FootfallError(
        f"the catalog names tables outside {warehouse}: the lake was moved or copied, and Iceberg's paths are "
        f"absolute. Run `footfall etl --rebuild --lake {warehouse.parent}` to build its tables again from raw."
    )
