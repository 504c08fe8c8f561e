"""The files that a table's snapshots need: manifest lists, manifests and data files."""

from collections.abc import Iterable

from pyiceberg.manifest import ManifestFile
from pyiceberg.table import Table as IcebergTable
from pyiceberg.table.snapshots import Snapshot

from footfall.lake.engines.maintenance import Removed
from footfall.lake.manifests import listed, live_paths


def files_of(table: IcebergTable) -> set[str]:
    """Every file that the table as it is now needs, its metadata files among them."""
    metadata = {table.metadata_location, *(entry.metadata_file for entry in table.metadata.metadata_log)}
    statistics = {file.statistics_path for file in table.metadata.statistics}
    lists, manifests = _manifests(table, table.snapshots())
    return metadata | statistics | lists | manifests.keys() | _data_files(table, manifests.values())


def files_only_in(table: IcebergTable, leaving: Iterable[int]) -> set[str]:
    """The files that the leaving snapshots need and no other snapshot of the table does."""
    gone = set(leaving)
    old_lists, old = _manifests(table, [each for each in table.snapshots() if each.snapshot_id in gone])
    kept_lists, kept = _manifests(table, [each for each in table.snapshots() if each.snapshot_id not in gone])
    alone = {path: manifest for path, manifest in old.items() if path not in kept}
    data = _data_files(table, alone.values())
    if data:
        # A manifest that was written again names the files of the one before.
        data -= _data_files(table, kept.values())
    return (old_lists - kept_lists) | alone.keys() | data


def remove(table: IcebergTable, paths: Iterable[str]) -> Removed:
    """Remove files; one that is gone already is no fault: whoever was killed here has begun with it."""
    removed = Removed()
    for path in sorted(paths):
        try:
            size = len(table.io.new_input(path))
            table.io.delete(path)
        except FileNotFoundError:
            continue
        removed += Removed(1, size)
    return removed


def _manifests(table: IcebergTable, snapshots: Iterable[Snapshot]) -> tuple[set[str], dict[str, ManifestFile]]:
    lists: set[str] = set()
    manifests: dict[str, ManifestFile] = {}
    for snapshot in snapshots:
        if snapshot.manifest_list:
            lists.add(snapshot.manifest_list)
        manifests.update((manifest.manifest_path, manifest) for manifest in listed(snapshot, table.io))
    return lists, manifests


def _data_files(table: IcebergTable, manifests: Iterable[ManifestFile]) -> set[str]:
    return {path for manifest in manifests for path in live_paths(manifest, table.io)}
