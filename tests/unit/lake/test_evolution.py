"""A lake that an older version wrote is opened by a newer one: files are read by field id."""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pytest

from footfall.lake import catalog as lake_catalog
from footfall.lake import reader
from footfall.lake.catalog import load, open_catalog
from footfall.lake.commit import overwrite
from footfall.lake.engines.duckdb import DuckDBEngine
from footfall.lake.evolution import changes
from footfall.lake.layout import LocalLake, open_lake
from footfall.lake.reader import connect
from footfall.lake.schemas import arrow_schema
from footfall.lake.tables import Column, Table

OLD = Table(
    "notes",
    "a note",
    (
        Column("tenant", "string", "Whose."),
        Column("body", "string", "What it says."),
        Column("tags", "array<struct<name:string>>", "Its tags: their ids lie between those of columns."),
    ),
    (("tenant", "bucket[16]"),),
    ("tenant",),
    ("tenant",),
)
NEW = dataclasses.replace(
    OLD,
    columns=(
        OLD.columns[0],
        Column("text", "string", "What it says.", formerly=("words", "body")),
        OLD.columns[2],
        Column("size", "long", "How long it is."),
        Column("parts", "array<struct<x:int,y:decimal(18,4)>>", "Its parts."),
    ),
)


@contextmanager
def declared(table: Table, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The lake as a version that declares only this table knows it."""
    with monkeypatch.context() as version:
        version.setattr(lake_catalog, "TABLES", (table,))
        version.setattr(reader, "TABLES", (table,))
        yield


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalLake:
    """A lake with a row of the old version, and one of the new."""
    opened = open_lake(tmp_path, create=True)
    with declared(OLD, monkeypatch):
        rows = pa.Table.from_pylist(
            [{"tenant": "shop", "body": "old", "tags": [{"name": "t"}]}], schema=arrow_schema(OLD)
        )
        overwrite(load(open_catalog(opened), "notes"), [], rows)
    with declared(NEW, monkeypatch):
        new = {"tenant": "blog", "text": "new", "tags": None, "size": 3, "parts": [{"x": 1, "y": None}]}
        overwrite(load(open_catalog(opened), "notes"), [], pa.Table.from_pylist([new], schema=arrow_schema(NEW)))
    return opened


EXPECTED = [
    ("blog", "new", None, 3, [{"x": 1, "y": None}]),
    ("shop", "old", [{"name": "t"}], None, None),
]


def test_a_renamed_column_keeps_its_rows_and_new_columns_are_null_in_old_ones(
    lake: LocalLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with declared(NEW, monkeypatch), connect(lake, None) as connection:
        assert connection.execute("SELECT * FROM notes ORDER BY tenant").fetchall() == EXPECTED


def test_columns_keep_their_field_ids_and_new_ones_get_new_ids(
    lake: LocalLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with declared(NEW, monkeypatch):
        fields = load(open_catalog(lake), "notes").schema().fields
    ids = {field.name: field.field_id for field in fields}
    assert (ids["tenant"], ids["text"], ids["tags"]) == (1, 2, 3)
    assert min(ids["size"], ids["parts"]) > 5, "4 and 5 are those of the tags' elements"


def test_the_engine_reads_and_replaces_rows_of_both_versions(lake: LocalLake, monkeypatch: pytest.MonkeyPatch) -> None:
    with declared(NEW, monkeypatch):
        engine = DuckDBEngine(open_catalog(lake))
        try:
            engine.stored("now", NEW, None)
            assert sorted(engine.rows("select * from now")) == EXPECTED
            engine.define("gone", "select * from now where tenant = 'blog'", NEW)
            engine.define("come", "select * from now where tenant = 'shop'", NEW)
            engine.replace(NEW, "come", "now", None)
            engine.stored("after", NEW, None)
            assert engine.rows("select * from after") == [EXPECTED[1]]
        finally:
            engine.close()


def test_a_snapshot_of_the_old_version_is_read_with_the_new_columns(
    lake: LocalLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    with declared(NEW, monkeypatch):
        first = load(open_catalog(lake), "notes").snapshots()[0].snapshot_id
        with connect(lake, None, {"notes": first}) as connection:
            assert connection.execute("SELECT * FROM notes").fetchall() == [EXPECTED[1]]


def test_a_name_that_a_column_had_is_looked_for_in_order() -> None:
    assert changes(NEW, ["tenant", "tags", "words", "body"])[1] == [("words", NEW.columns[1])]
    assert [column.name for column in changes(NEW, [column.name for column in NEW.columns])[0]] == []
