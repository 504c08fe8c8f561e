"""Building all tables again beside the old ones: a catalog of its own in the same SQLite file, then one step to swap.

Readers see the old tables until the new ones are all there. Killed before the swap, the old lake stands as it was, and
the next rebuild begins anew. The old tables' files stay for those who still read them; upkeep removes them.
"""

import secrets
import shutil
import sqlite3
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from pyiceberg.catalog import Catalog

from footfall.lake.catalog import CATALOG, load, open_catalog
from footfall.lake.commit import overwrite
from footfall.lake.file_uri import local_path
from footfall.lake.history import history
from footfall.lake.layout import LocalLake
from footfall.lake.ledger_names import names_again
from footfall.lake.schemas import arrow_schema
from footfall.lake.tables import DATABASE, LEDGER, PREDICTIONS, TABLES

BESIDE = "rebuild"
_FOLDERS = "rebuilt-"
_BUSY_SECONDS = 30


@dataclass(frozen=True)
class Beside:
    """The tables that are being built: their catalog, and the folder that they lie in."""

    catalog: Catalog
    folder: Path


def begin(lake: LocalLake) -> Beside:
    """Empty tables beside the lake's; what a killed rebuild has left is removed first."""
    lake.warehouse.mkdir(parents=True, exist_ok=True)
    if _has_tables(lake):
        _forget_beside(lake)
        used = [location for _, location in _locations(lake)]
        for left in lake.warehouse.glob(f"{_FOLDERS}*"):
            if not any(location.startswith(f"{left}/") for location in used):
                shutil.rmtree(left)
    folder = lake.warehouse / f"{_FOLDERS}{secrets.token_hex(4)}"
    return Beside(open_catalog(lake, BESIDE, folder), folder)


def keep_ledger_of(lake: LocalLake, beside: Beside, present: Collection[str]) -> None:
    """Take over what the ledger says of raw objects that retention has removed: the books need it.

    Args:
        lake: the lake, its old tables still in their place.
        beside: the tables that were built.
        present: the raw objects that are there.
    """
    location = dict(_locations(lake)).get(LEDGER.name, "")
    if not location.startswith(f"{lake.warehouse}/"):
        return
    ledger = load(open_catalog(lake), LEDGER.name).scan().to_arrow()
    known = load(beside.catalog, LEDGER.name).scan().to_arrow()["raw_object"]
    gone = pc.and_(
        pc.invert(pc.is_in(ledger["raw_object"], pa.array(sorted(present), pa.string()))),
        pc.invert(pc.is_in(ledger["raw_object"], known.combine_chunks())),
    )
    rows = ledger.filter(gone).cast(arrow_schema(LEDGER))
    if rows.num_rows:
        built = load(beside.catalog, LEDGER.name)
        # Whoever reads the ledger as of its last names has these rows too.
        overwrite(built, [], rows, names_again(history(built)))


def take_over(lake: LocalLake) -> None:
    """Put the tables that were built in the place of the lake's, all in one step. Predictions stay.

    Where the lake was moved, its predictions cannot be read any more, and begin anew.
    """
    kept = any(
        name == PREDICTIONS.name and location.startswith(f"{lake.warehouse}/") for name, location in _locations(lake)
    )
    names = [table.name for table in TABLES if not (kept and table.name == PREDICTIONS.name)]
    places = ", ".join("?" for _ in names)
    with closing(_connect(lake)) as connection, connection:
        connection.execute("BEGIN IMMEDIATE")
        for sql, catalog in (
            ("DELETE FROM iceberg_tables WHERE catalog_name = ?", CATALOG),
            (f"UPDATE iceberg_tables SET catalog_name = '{CATALOG}' WHERE catalog_name = ?", BESIDE),
        ):
            connection.execute(
                f"{sql} AND table_namespace = ? AND table_name IN ({places})", (catalog, DATABASE, *names)
            )
        _delete_beside(connection)


def _forget_beside(lake: LocalLake) -> None:
    with closing(_connect(lake)) as connection, connection:
        connection.execute("BEGIN IMMEDIATE")
        _delete_beside(connection)


def _delete_beside(connection: sqlite3.Connection) -> None:
    for table in ("iceberg_tables", "iceberg_namespace_properties"):
        connection.execute(f"DELETE FROM {table} WHERE catalog_name = ?", (BESIDE,))


def _locations(lake: LocalLake) -> list[tuple[str, str]]:
    """Each table of the lake and where its metadata lies, whether or not it can be read."""
    with closing(_connect(lake)) as connection:
        found = connection.execute(
            "SELECT table_name, metadata_location FROM iceberg_tables WHERE catalog_name = ?", (CATALOG,)
        ).fetchall()
    return [(str(name), local_path(str(location))) for name, location in found]


def _has_tables(lake: LocalLake) -> bool:
    if not lake.catalog.exists():
        return False
    with closing(_connect(lake)) as connection:
        return bool(connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'iceberg_tables'").fetchall())


def _connect(lake: LocalLake) -> sqlite3.Connection:
    return sqlite3.connect(lake.catalog, timeout=_BUSY_SECONDS, isolation_level=None)
