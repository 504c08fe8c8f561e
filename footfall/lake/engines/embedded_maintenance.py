"""Upkeep of tables by PyIceberg, which has neither compaction nor the removal of files."""

from collections.abc import Collection, Iterable, Iterator

import duckdb
from pyarrow.fs import FileSelector, FileType
from pyiceberg.catalog import Catalog
from pyiceberg.io.pyarrow import PyArrowFileIO
from pyiceberg.manifest import DataFile, ManifestEntry, ManifestEntryStatus, ManifestFile
from pyiceberg.partitioning import PartitionSpec
from pyiceberg.table import FileScanTask, Transaction
from pyiceberg.table import Table as IcebergTable
from pyiceberg.table.snapshots import Operation
from pyiceberg.table.update.snapshot import _MergeAppendFiles
from pyiceberg.transforms import DayTransform

from footfall.lake.catalog import load
from footfall.lake.commit import overwrite, told_again
from footfall.lake.data_files import files_for
from footfall.lake.engines.maintenance import (
    FILES_A_MANIFEST,
    LEAST_FILES,
    MOST_FILES_A_MANIFEST,
    MOST_MANIFESTS,
    SMALL_BYTES,
    TARGET_BYTES,
    Removed,
    Rewritten,
)
from footfall.lake.expiry import expire_before, expire_snapshots
from footfall.lake.file_scan import file_scan
from footfall.lake.file_uri import local_path
from footfall.lake.manifests import Manifests
from footfall.lake.reachable import files_of, remove
from footfall.lake.schemas import arrow_schema
from footfall.lake.tables import DATABASE, Table


class EmbeddedMaintenance:
    """Upkeep over a PyIceberg catalog (see the port for what each method does).

    Args:
        catalog: the catalog.
        warehouse: where the tables' files lie, as a URI without a slash at its end.
    """

    def __init__(self, catalog: Catalog, warehouse: str) -> None:
        self._catalog = catalog
        self._warehouse = warehouse

    @property
    def least_grace_ms(self) -> int:
        """None: who holds the lease is the only one who commits."""
        return 0

    def compact(self, table: Table, today: int) -> Rewritten:
        """Join small files, about as many bytes a commit as one large file has."""
        done = Rewritten()
        found = load(self._catalog, table.name)
        for tasks in _commits(_bins(found, table, today)):
            done += _join(load(self._catalog, table.name), table, tasks)
        return done

    def rewrite_manifests(self, table: Table, most: int | None = MOST_MANIFESTS) -> Rewritten:
        """Write the manifests of the current snapshot again, by days, where they are too many or one is too long."""
        found = load(self._catalog, table.name)
        before = _manifests(found)
        files = [(each.added_files_count or 0) + (each.existing_files_count or 0) for each in before]
        too_many = len(before) - sum(files) // FILES_A_MANIFEST
        if most is not None and too_many <= most and max(files, default=0) <= MOST_FILES_A_MANIFEST:
            return Rewritten()
        with found.transaction() as transaction:
            _JoinManifests(transaction).commit()
        after = _manifests(load(self._catalog, table.name))
        return Rewritten(
            len(before),
            len(after),
            sum(manifest.manifest_length for manifest in before),
            sum(manifest.manifest_length for manifest in after),
        )

    def expire(self, table: Table, keep: Collection[int], *, most: int, kept: int) -> Removed:
        """Forget old snapshots, with the files that only they needed."""
        return expire_snapshots(load(self._catalog, table.name), keep, most=most, kept=kept)

    def expire_before(self, table: Table, at: int, keep: Collection[int]) -> Removed:
        """Forget all older snapshots, with the files that only they needed."""
        return expire_before(load(self._catalog, table.name), at, keep)

    def remove_orphans(self, older_than: int) -> Removed:
        """Remove what no table of the catalog needs, tables that a rebuild has replaced among it."""
        tables = [self._catalog.load_table(name) for name in self._catalog.list_tables(DATABASE)]
        if not tables:
            return Removed()
        needed = {local_path(path) for table in tables for path in files_of(table)}
        listed = _listed(tables[0].io, self._warehouse, older_than)
        return remove(tables[0], (path for path in listed if local_path(path) not in needed))


class _JoinManifests(_MergeAppendFiles):
    """A snapshot of the same files, with manifests of some days each, which name no file that has left.

    A run reads, and where a file leaves writes again, the manifests of the days that it touches.
    """

    def __init__(self, transaction: Transaction) -> None:
        super().__init__(Operation.APPEND, transaction, transaction._table.io)

    def _process_manifests(self, manifests: list[ManifestFile]) -> list[ManifestFile]:
        location, known = self._transaction.table_metadata.location, Manifests()
        by_spec: dict[int, list[ManifestEntry]] = {}
        for manifest in manifests:
            by_spec.setdefault(manifest.partition_spec_id, []).extend(known.entries(location, manifest, self._io))
        written = []
        for number, entries in by_spec.items():
            ordered = sorted(entries, key=lambda entry: _place(self.spec(number), entry.data_file))
            for start in range(0, len(ordered), FILES_A_MANIFEST):
                with self.new_manifest_writer(self.spec(number)) as writer:
                    for entry in ordered[start : start + FILES_A_MANIFEST]:
                        writer.add_entry(told_again(entry, ManifestEntryStatus.EXISTING, entry.snapshot_id))
                written.append(writer.to_manifest_file())
        return written


def _place(spec: PartitionSpec, file: DataFile) -> tuple[tuple[int, str], ...]:
    """Where a file stands among its table's: by its days first, then by the rest of its partition."""
    values = [
        (not isinstance(field.transform, DayTransform), file.partition[place])
        for place, field in enumerate(spec.fields)
    ]
    # What has no day goes first.
    ordered = [value for _, value in sorted(values, key=lambda each: each[0])]
    return tuple((value if isinstance(value, int) else -1, str(value)) for value in ordered)


def _manifests(table: IcebergTable) -> list[ManifestFile]:
    current = table.current_snapshot()
    return current.manifests(table.io) if current else []


def _bins(table: IcebergTable, declared: Table, today: int) -> Iterator[list[FileScanTask]]:
    """For each closed partition, the small files that are worth joining, up to the size of a large one together."""
    partitions: dict[tuple[int, str], list[FileScanTask]] = {}
    for task in table.scan().plan_files():
        file = task.file
        if file.file_size_in_bytes < SMALL_BYTES and _is_closed(table, file, today):
            partitions.setdefault((file.spec_id, repr(file.partition)), []).append(task)
    for _, tasks in sorted(partitions.items()):
        waiting: list[FileScanTask] = []
        for task in sorted(tasks, key=lambda task: task.file.file_path):
            if waiting and _bytes([*waiting, task]) > TARGET_BYTES:
                yield from [waiting] if _is_worth_it(waiting, declared) else []
                waiting = []
            waiting.append(task)
        if _is_worth_it(waiting, declared):
            yield waiting


def _is_worth_it(tasks: list[FileScanTask], declared: Table) -> bool:
    joined = files_for(sum(task.file.record_count for task in tasks), declared)
    return len(tasks) >= max(LEAST_FILES, 2 * joined)


def _is_closed(table: IcebergTable, file: DataFile, today: int) -> bool:
    fields = table.specs()[file.spec_id].fields
    days = [file.partition[place] for place, field in enumerate(fields) if isinstance(field.transform, DayTransform)]
    return all(day is not None and int(day) < today for day in days)


def _commits(bins: Iterable[list[FileScanTask]]) -> Iterator[list[FileScanTask]]:
    """The bins that one commit takes: a snapshot costs, and what is in memory at once is bounded."""
    together: list[FileScanTask] = []
    for tasks in bins:
        if together and _bytes([*together, *tasks]) > TARGET_BYTES:
            yield together
            together = []
        together += tasks
    if together:
        yield together


def _join(iceberg: IcebergTable, table: Table, tasks: list[FileScanTask]) -> Rewritten:
    # PyIceberg reads a list of structs that is NULL as an empty one: rows would change.
    source, names = file_scan(iceberg, table, [task.file for task in tasks]), arrow_schema(table).names
    with duckdb.connect() as connection:
        connection.execute("SET TimeZone = 'UTC'")
        rows = connection.execute(f"SELECT {', '.join(names)} FROM {source} ORDER BY {', '.join(table.sort)}")
        ordered = rows.to_arrow_table().cast(arrow_schema(table))
    leaving = {task.file.file_path for task in tasks}
    before = {task.file.file_path for task in iceberg.scan().plan_files()}
    overwrite(iceberg, [task.file for task in tasks], ordered)
    come = [task.file for task in iceberg.scan().plan_files() if task.file.file_path not in before]
    return Rewritten(len(leaving), len(come), _bytes(tasks), sum(file.file_size_in_bytes for file in come))


def _bytes(tasks: Iterable[FileScanTask]) -> int:
    return sum(task.file.file_size_in_bytes for task in tasks)


def _listed(io: object, root: str, older_than: int) -> Iterator[str]:
    """The files below a folder, or an S3 prefix, that were last changed before a time; the lake's lease is none."""
    if not isinstance(io, PyArrowFileIO):
        raise TypeError(f"files are listed by PyArrow's file systems, not by {type(io).__name__}")
    scheme, location, path = PyArrowFileIO.parse_location(root)
    begin = root.removesuffix(path)
    for found in io.fs_by_scheme(scheme, location).get_file_info(FileSelector(path, recursive=True)):
        old = found.mtime is not None and found.mtime.timestamp() * 1000 < older_than
        if found.type == FileType.File and old and not found.base_name.startswith("."):
            yield f"{begin}{found.path}"
