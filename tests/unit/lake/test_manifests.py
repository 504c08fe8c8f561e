"""Manifests that are read once say what PyIceberg's own reading says."""

from datetime import date, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from pyiceberg.io import FileIO
from pyiceberg.manifest import DataFile, ManifestEntry, ManifestFile
from pyiceberg.table import Table as IcebergTable

from footfall.lake import manifests
from footfall.lake.catalog import load, open_catalog
from footfall.lake.commit import overwrite
from footfall.lake.data_files import files_for
from footfall.lake.engines.embedded_maintenance import EmbeddedMaintenance
from footfall.lake.engines.port import Bounds
from footfall.lake.file_choice import data_files
from footfall.lake.layout import LocalLake, open_lake
from footfall.lake.manifests import Manifests
from footfall.lake.schemas import arrow_schema
from footfall.lake.tables import EVENTS, HEATMAP
from tests.lakes import DAY

FIELDS = ("file_path", "partition", "record_count", "file_size_in_bytes", "lower_bounds", "upper_bounds", "spec_id")


@pytest.fixture
def lake(tmp_path: Path) -> LocalLake:
    return open_lake(tmp_path / "lake", create=True)


def heat(day: int, cells: int, page: str = "/") -> pa.Table:
    cell = {
        "tenant": "shop",
        "day": date(1970, 1, 1) + timedelta(days=day),
        "page_host": "shop.example",
        "page_path": page,
        "width_class": "wide",
        "kind": "move",
        "cell_x": 1,
        "samples": 1,
        "visitors": 1,
    }
    one = pa.Table.from_pylist([{**cell, "cell_y": 0}], schema=arrow_schema(HEATMAP))
    rows = one.take(pa.array([0] * cells))
    place = rows.schema.get_field_index("cell_y")
    return rows.set_column(place, rows.schema.field(place), pa.array(range(cells), pa.int32()))


def described(files: list[DataFile]) -> list[tuple[object, ...]]:
    return sorted((tuple(getattr(file, field) for field in FIELDS) for file in files), key=repr)


def planned(table: IcebergTable) -> list[DataFile]:
    return [task.file for task in table.scan().plan_files()]


def test_files_that_come_and_leave_are_as_pyiceberg_reads_them(lake: LocalLake) -> None:
    known = Manifests()
    catalog = open_catalog(lake)
    overwrite(load(catalog, "heatmap"), [], pa.concat_tables([heat(1, 3), heat(2, 3)]), None, known)
    overwrite(load(catalog, "heatmap"), [], heat(3, 2), None, known)
    for leaving in (0, 1, 2):
        table = load(catalog, "heatmap")
        files = data_files(table, None, known)
        assert described(files) == described(planned(table))
        overwrite(table, files[:leaving], heat(4 + leaving, 1), None, known)
    table = load(catalog, "heatmap")
    assert described(data_files(table, None, known)) == described(planned(table))
    assert table.scan().to_arrow().num_rows == sum(file.record_count for file in planned(table))


def test_a_manifest_whose_files_have_all_left_is_not_named_on(lake: LocalLake) -> None:
    catalog = open_catalog(lake)
    overwrite(load(catalog, "heatmap"), [], heat(1, 3))
    for cells in (4, 5, 6):
        table = load(catalog, "heatmap")
        overwrite(table, data_files(table), heat(1, cells))
    table = load(catalog, "heatmap")
    snapshot = table.current_snapshot()
    assert snapshot
    # What came, and what left with this commit.
    assert len(snapshot.manifests(table.io)) == 2
    assert table.scan().to_arrow().num_rows == 6


def test_a_file_that_has_left_already_cannot_leave_again(lake: LocalLake) -> None:
    catalog = open_catalog(lake)
    overwrite(load(catalog, "heatmap"), [], heat(1, 3))
    (file,) = data_files(load(catalog, "heatmap"))
    overwrite(load(catalog, "heatmap"), [file], heat(1, 2))
    with pytest.raises(Exception, match="Missing required files"):
        overwrite(load(catalog, "heatmap"), [file], heat(1, 1))


def test_a_manifest_is_read_once(lake: LocalLake) -> None:
    known = Manifests()
    catalog = open_catalog(lake)
    overwrite(load(catalog, "heatmap"), [], heat(1, 3), None, known)
    table = load(catalog, "heatmap")
    before = data_files(table, None, known)
    overwrite(table, [], heat(2, 3), None, known)
    after = data_files(load(catalog, "heatmap"), None, known)
    assert any(file is before[0] for file in after)


def test_a_commit_reads_and_writes_again_the_manifests_of_the_days_that_it_touches(
    lake: LocalLake, monkeypatch: pytest.MonkeyPatch
) -> None:
    catalog = open_catalog(lake)
    overwrite(load(catalog, "heatmap"), [], pa.concat_tables([heat(day, 1) for day in range(200)]))
    before = described(data_files(load(catalog, "heatmap")))
    EmbeddedMaintenance(catalog, "").rewrite_manifests(HEATMAP)
    table = load(catalog, "heatmap")
    assert described(data_files(table)) == described(planned(table)) == before
    named = _manifests(table)
    assert sorted(named.values()) == [8, *[16] * 12]
    read: list[str] = []
    read_live = manifests._live

    def watched(manifest: ManifestFile, io: FileIO) -> list[ManifestEntry]:
        read.append(manifest.manifest_path)
        return read_live(manifest, io)

    monkeypatch.setattr(manifests, "_live", watched)
    known = Manifests()
    asked = Bounds(("shop",), "day", ((20 * DAY, 21 * DAY), (150 * DAY, 151 * DAY)))
    leaving = data_files(table, None, known, asked)
    assert [file.partition[1] for file in leaving] == [20, 150]
    overwrite(table, leaving, heat(20, 2), None, known)
    assert len(set(read)) == len(read) == 2
    table = load(catalog, "heatmap")
    assert len(named.keys() - _manifests(table).keys()) == 2
    assert described(data_files(table)) == described(planned(table))
    assert len(data_files(table)) == 199


def test_a_table_of_few_manifests_of_few_files_is_left_as_it_is(lake: LocalLake) -> None:
    catalog = open_catalog(lake)
    overwrite(load(catalog, "heatmap"), [], pa.concat_tables([heat(day, 1) for day in range(64)]))
    snapshot = load(catalog, "heatmap").current_snapshot()
    assert EmbeddedMaintenance(catalog, "").rewrite_manifests(HEATMAP).files_before == 0
    assert load(catalog, "heatmap").current_snapshot() == snapshot


def test_manifests_that_are_written_again_in_any_case_name_no_file_that_has_left(lake: LocalLake) -> None:
    catalog = open_catalog(lake)
    overwrite(load(catalog, "heatmap"), [], pa.concat_tables([heat(day, 1) for day in range(64)]))
    table = load(catalog, "heatmap")
    gone, *kept = data_files(table)
    overwrite(table, [gone], heat(0, 1).slice(0, 0))
    EmbeddedMaintenance(catalog, "").rewrite_manifests(HEATMAP, most=None)
    table = load(catalog, "heatmap")
    snapshot = table.current_snapshot()
    assert snapshot
    named = [entry for each in snapshot.manifests(table.io) for entry in each.fetch_manifest_entry(table.io, False)]
    assert {entry.data_file.file_path for entry in named} == {file.file_path for file in kept}


def _manifests(table: IcebergTable) -> dict[str, int]:
    """The current snapshot's manifests, and how many files each names that have not left."""
    snapshot = table.current_snapshot()
    assert snapshot
    named = snapshot.manifests(table.io)
    return {each.manifest_path: (each.added_files_count or 0) + (each.existing_files_count or 0) for each in named}


@pytest.mark.parametrize(("rows", "files"), [(1, 1), (40_000, 1), (60_000, 2), (100_000, 3), (10_000_000, 16)])
def test_a_day_of_the_heat_map_is_cut_into_files_of_neighbours(rows: int, files: int) -> None:
    assert files_for(rows, HEATMAP) == files
    assert files_for(rows, EVENTS) == 1


def test_upkeep_leaves_a_day_that_is_cut_as_it_is(lake: LocalLake) -> None:
    catalog = open_catalog(lake)
    overwrite(load(catalog, "heatmap"), [], heat(1, 160_000))
    before = data_files(load(catalog, "heatmap"))
    assert [file.record_count for file in before] == [32_000] * 5
    EmbeddedMaintenance(catalog, "").compact(HEATMAP, 10)
    assert described(data_files(load(catalog, "heatmap"))) == described(before)
    for page in range(7):
        overwrite(load(catalog, "heatmap"), [], heat(1, 10, f"/{page}"))
    EmbeddedMaintenance(catalog, "").compact(HEATMAP, 10)
    assert len(data_files(load(catalog, "heatmap"))) == 5
