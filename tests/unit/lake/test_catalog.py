"""Tables in the catalog, and commits to them."""

import random
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as parquet
import pytest
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.exceptions import ValidationException

from footfall.errors import FootfallError
from footfall.lake.catalog import load, open_catalog
from footfall.lake.commit import overwrite
from footfall.lake.expiry import expire_snapshots
from footfall.lake.layout import open_lake
from footfall.lake.reader import connect
from footfall.lake.schemas import NEW_FILES_LEVEL, arrow_schema
from footfall.lake.tables import DATABASE, EVENTS, KEPT_SNAPSHOTS, MOST_SNAPSHOTS, QUARANTINE, TABLES
from footfall.local.etl_run import run_etl
from tests.lakes import NOON, SmallLake, event, line


def quarantined(number: int, tenant: str = "shop") -> pa.Table:
    row: dict[str, Any] = dict.fromkeys(arrow_schema(QUARANTINE).names)
    row.update(
        tenant=tenant,
        received_at=datetime(2025, 10, 9, tzinfo=UTC).replace(tzinfo=None),
        raw_object="o",
        raw_line=number,
        raw_index=0,
    )
    return pa.Table.from_pylist([row], schema=arrow_schema(QUARANTINE))


def test_a_lakes_folder_may_have_any_name(tmp_path: Path) -> None:
    root = tmp_path / "my lake, 50% é"
    overwrite(load(open_catalog(open_lake(root, create=True)), "quarantine"), [], quarantined(1))
    again = load(open_catalog(open_lake(root)), "quarantine")
    assert again.scan().to_arrow().num_rows == 1
    assert sorted(path.name for path in tmp_path.iterdir()) == [root.name]


def test_every_declared_table_is_made_with_its_columns_documented(tmp_path: Path) -> None:
    catalog = open_catalog(open_lake(tmp_path, create=True))
    for table in TABLES:
        fields = load(catalog, table.name).schema().fields
        assert [(field.field_id, field.name, field.doc) for field in fields] == [
            (number, column.name, column.doc) for number, column in enumerate(table.columns, start=1)
        ]


def test_a_table_of_an_older_version_gets_its_new_columns_and_keeps_its_rows(tmp_path: Path) -> None:
    lake = open_lake(tmp_path, create=True)
    overwrite(load(open_catalog(lake), "quarantine"), [], quarantined(1))
    with load(open_catalog(lake), "quarantine").update_schema(allow_incompatible_changes=True) as change:
        change.delete_column("position")
    found = connect(lake, None).execute("SELECT raw_line, position FROM quarantine").fetchall()
    assert found == [(1, None)]


def test_a_lake_that_was_moved_is_refused_and_a_rebuild_is_the_way_out(tmp_path: Path) -> None:
    before = SmallLake(tmp_path / "before")
    before.put("a", [line(event(NOON))])
    before.run()
    shutil.copytree(before.lake.root, tmp_path / "after")
    (tmp_path / "after" / "tenants.toml").write_text('format = 1\n\n[[tenant]]\nname = "shop"\nsalt = "s"\n')
    shutil.rmtree(before.lake.root)
    moved = open_lake(tmp_path / "after")
    with pytest.raises(FootfallError, match="--rebuild"):
        open_catalog(moved)
    run_etl(moved, rebuild=True)
    assert connect(moved, None).execute("SELECT count(*) FROM events").fetchall() == [(1,)]


def test_a_commit_over_a_snapshot_that_is_not_the_current_one_is_refused(tmp_path: Path) -> None:
    catalog = open_catalog(open_lake(tmp_path, create=True))
    overwrite(load(catalog, "quarantine"), [], quarantined(1))
    stale = load(catalog, "quarantine")
    overwrite(load(catalog, "quarantine"), [], quarantined(2))
    with pytest.raises(ValidationException):
        overwrite(stale, [], quarantined(3))
    assert load(catalog, "quarantine").scan().to_arrow().num_rows == 2


def test_a_commit_replaces_files_in_one_snapshot(tmp_path: Path) -> None:
    catalog = open_catalog(open_lake(tmp_path, create=True))
    overwrite(load(catalog, "quarantine"), [], quarantined(1))
    table = load(catalog, "quarantine")
    overwrite(table, [task.file for task in table.scan().plan_files()], quarantined(2))
    table = load(catalog, "quarantine")
    assert table.scan().to_arrow().column("raw_line").to_pylist() == [2]
    assert len(table.snapshots()) == 2


def test_the_number_of_snapshots_is_bounded_and_those_to_keep_stay(tmp_path: Path) -> None:
    catalog = open_catalog(open_lake(tmp_path, create=True))
    for number in range(MOST_SNAPSHOTS + 1):
        overwrite(load(catalog, "quarantine"), [], quarantined(number))
    table = load(catalog, "quarantine")
    second = table.snapshots()[1].snapshot_id
    expire_snapshots(table, {second})
    table = load(catalog, "quarantine")
    assert len(table.snapshots()) == KEPT_SNAPSHOTS + 1
    assert table.snapshot_by_id(second) is not None
    assert table.scan().to_arrow().num_rows == MOST_SNAPSHOTS + 1


def test_views_are_bound_to_their_tenant_and_to_a_snapshot(tmp_path: Path) -> None:
    lake = open_lake(tmp_path, create=True)
    catalog = open_catalog(lake)
    first = overwrite(load(catalog, "quarantine"), [], quarantined(1, "it's"))
    assert first is not None
    overwrite(load(catalog, "quarantine"), [], quarantined(2, "blog"))
    query = "SELECT raw_line FROM quarantine ORDER BY 1"
    assert connect(lake, None).execute(query).fetchall() == [(1,), (2,)]
    assert connect(lake, "it's").execute(query).fetchall() == [(1,)]
    assert connect(lake, None, {"quarantine": first}).execute(query).fetchall() == [(1,)]
    assert connect(lake, None).execute("SELECT count(*) FROM sessions").fetchall() == [(0,)]


def test_the_catalog_is_one_that_other_readers_of_iceberg_open(tmp_path: Path) -> None:
    lake = open_lake(tmp_path, create=True)
    open_catalog(lake)
    other = SqlCatalog("lake", uri=f"sqlite:///{lake.catalog}", warehouse=lake.warehouse.as_uri())
    assert {name for _, name in other.list_tables(DATABASE)} == {table.name for table in TABLES}


def test_columns_of_which_every_row_has_its_own_value_are_written_without_a_dictionary(tmp_path: Path) -> None:
    lake = open_lake(tmp_path, create=True)
    table = load(open_catalog(lake), "events")
    moment = datetime(2025, 10, 9, tzinfo=UTC).replace(tzinfo=None)
    row = dict.fromkeys(arrow_schema(EVENTS).names) | {"event_time": moment, "client_time": moment, "event_id": "one"}
    row |= {"name": "pointer", "path": [{"t": 0, "x": 1, "y": 2, "stroke": 0}]}
    overwrite(table, [], pa.Table.from_pylist([row], schema=arrow_schema(EVENTS)))

    (file,) = (lake.root / "warehouse").rglob("events/**/*.parquet")
    columns = parquet.read_metadata(file).row_group(0)
    written = {
        columns.column(place).path_in_schema: set(columns.column(place).encodings)
        for place in range(columns.num_columns)
    }
    dictionary = {"PLAIN_DICTIONARY", "RLE_DICTIONARY"}
    assert "DELTA_BINARY_PACKED" in written["event_time"] & written["client_time"] & written["path.list.element.x"]
    assert {path for path, encodings in written.items() if not encodings & dictionary} == {
        *("event_id", "event_time", "client_time", "path.list.element.x"),
        *("is_bot", "webdriver"),
    }


@pytest.mark.parametrize(("most", "level"), [(None, 9), (NEW_FILES_LEVEL, NEW_FILES_LEVEL)])
def test_columns_are_compressed_as_hard_as_it_pays(tmp_path: Path, most: int | None, level: int) -> None:
    chance = random.Random(1)
    words = [chance.randbytes(4).hex() for _ in range(200)]
    moment = datetime(2025, 10, 9, tzinfo=UTC).replace(tzinfo=None)
    nothing = dict.fromkeys(arrow_schema(EVENTS).names) | {"event_time": moment}
    rows = [
        nothing | {"event_id": chance.randbytes(16).hex(), "properties": " ".join(chance.choices(words, k=9))}
        for _ in range(3_000)
    ]
    events = pa.Table.from_pylist(rows, schema=arrow_schema(EVENTS))
    lake = open_lake(tmp_path, create=True)
    overwrite(load(open_catalog(lake), "events"), [], events, most_level=most)

    def bytes_of(file: Path, column: str) -> int:
        group = parquet.read_metadata(file).row_group(0)
        (found,) = (each for each in map(group.column, range(group.num_columns)) if each.path_in_schema == column)
        return int(found.total_compressed_size)

    def at(column: str, level: int, *, dictionary: bool) -> int:
        alone = tmp_path / f"{column}-{level}.parquet"
        parquet.write_table(
            events.select([column]), alone, compression="zstd", compression_level=level, use_dictionary=dictionary
        )
        return bytes_of(alone, column)

    (file,) = (lake.root / "warehouse").rglob("events/**/*.parquet")
    assert bytes_of(file, "properties") == at("properties", level, dictionary=True)
    assert bytes_of(file, "event_id") == at("event_id", 2, dictionary=False) < at("event_id", 9, dictionary=False)
    assert at("properties", 9, dictionary=True) != at("properties", 3, dictionary=True)
