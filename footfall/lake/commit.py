"""Writing a table: one explicit, validated overwrite a commit."""

from collections.abc import Iterable, Mapping
from itertools import chain

import pyarrow as pa
from pyiceberg.manifest import DataFile, ManifestEntry, ManifestEntryStatus, ManifestFile
from pyiceberg.table import Table as IcebergTable
from pyiceberg.table import Transaction
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.snapshots import Operation
from pyiceberg.table.update import TableUpdate
from pyiceberg.table.update.snapshot import _OverwriteFiles
from pyiceberg.types import DateType, IntegerType

from footfall.errors import FootfallError
from footfall.lake.data_files import write_data_files
from footfall.lake.in_flight import one_in_flight
from footfall.lake.manifests import Manifests, partition_ends
from footfall.lake.tables import TABLES

# The types of partitions by day and by bucket.
_NUMBERS = (DateType, IntegerType)


def overwrite(
    table: IcebergTable,
    removed: Iterable[DataFile],
    added: pa.Table | Iterable[pa.Table],
    properties: Mapping[str, str] | None = None,
    manifests: Manifests | None = None,
    most_level: int | None = None,
) -> int | None:
    """Replace whole data files by new rows in one commit, and refuse if anyone committed since `table` was loaded.

    PyIceberg's public overwrite takes a row filter and makes up to three snapshots; this one makes one, and the
    files to leave are named by who read them.

    Args:
        table: the table as it was read; its current snapshot is what the commit is validated against.
        removed: the data files that leave.
        added: the rows that come, of the table's schema, sorted. Many come in parts, each written while the next is
            made; a partition that is in several gets a file of each.
        properties: what to write into the snapshot's summary.
        manifests: what was read of them before.
        most_level: how hard files are compressed at most; None: as the table says.

    Returns:
        The table's snapshot id after the commit (the old one where there was nothing to do).
    """
    leaving = list(removed)
    declared = next((declared for declared in TABLES if declared.name == table.name()[-1]), None)
    before = table.current_snapshot()
    parts = (part for part in ([added] if isinstance(added, pa.Table) else added) if part.num_rows)
    first = next(parts, None)
    if not leaving and first is None and not properties:
        return before.snapshot_id if before else None
    known = manifests if manifests is not None else Manifests()
    with _OneCommit(table) as transaction, _Overwrite(transaction, dict(properties or {}), known) as change:
        for file in leaving:
            change.delete_data_file(file)
        metadata = transaction.table_metadata

        def write(part: pa.Table) -> list[DataFile]:
            return list(write_data_files(metadata, part, table.io, declared, most_level))

        for files in one_in_flight(write, chain([first] if first is not None else [], parts)):
            for file in files:
                change.append_data_file(file)
    after = table.current_snapshot()
    if after is None or (before is not None and after.parent_snapshot_id != before.snapshot_id):
        raise FootfallError(f"{table.name()[-1]} was changed by another writer during this commit. Run it again.")
    return after.snapshot_id


class _Overwrite(_OverwriteFiles):
    """An overwrite that looks for the files that leave in manifests which are read once.

    PyIceberg's own reads them twice more, after it has built and bound an expression of all partitions in question.
    """

    def __init__(self, transaction: Transaction, properties: dict[str, str], known: Manifests) -> None:
        is_first = transaction.table_metadata.current_snapshot() is None
        super().__init__(
            operation=Operation.APPEND if is_first else Operation.OVERWRITE,
            transaction=transaction,
            io=transaction._table.io,
            snapshot_properties=properties,
        )
        self._known = known

    def _build_delete_files_partition_predicate(self) -> None:
        pass

    def _deleted_entries(self) -> list[ManifestEntry]:
        leaving = [
            told_again(entry, ManifestEntryStatus.DELETED, self._snapshot_id)
            for _, entries in self._before()
            for entry in entries or ()
            if entry.data_file in self._deleted_data_files
        ]
        self._validate_required_deletes(leaving)
        return leaving

    def _existing_manifests(self) -> list[ManifestFile]:
        # A manifest all of whose files have left with a commit before this one is among them no more: to name it on
        # would cost every reader a file.
        existing = []
        for manifest, entries in self._before():
            staying = [entry for entry in entries or () if entry.data_file not in self._deleted_data_files]
            if entries is None or len(staying) == len(entries):
                existing.append(manifest)
            elif staying:
                with self.new_manifest_writer(self.spec(manifest.partition_spec_id)) as writer:
                    for entry in staying:
                        writer.add_entry(told_again(entry, ManifestEntryStatus.EXISTING, entry.snapshot_id))
                existing.append(writer.to_manifest_file())
        return existing

    def _before(self) -> list[tuple[ManifestFile, list[ManifestEntry] | None]]:
        """The manifests before this commit, with the entries of those that may name a file that leaves."""
        metadata = self._transaction.table_metadata
        parent = None if self._parent_snapshot_id is None else metadata.snapshot_by_id(self._parent_snapshot_id)
        if parent is None:
            return []
        location = metadata.location
        return [
            (manifest, self._known.entries(location, manifest, self._io) if self._may_lose(manifest) else None)
            for manifest in self._known.of(location, parent, self._io)
        ]

    def _may_lose(self, manifest: ManifestFile) -> bool:
        """Whether a manifest may name a file that leaves, by the partitions that it tells of."""
        number = manifest.partition_spec_id
        kinds = self.spec(number).partition_type(self._transaction.table_metadata.schema()).fields
        ends = [
            partition_ends(manifest, place, kind.field_type) if isinstance(kind.field_type, _NUMBERS) else None
            for place, kind in enumerate(kinds)
        ]
        return any(file.spec_id == number and _lies_within(file, ends) for file in self._deleted_data_files)


def _lies_within(file: DataFile, ends: list[tuple[int, int] | None]) -> bool:
    values = [file.partition[place] for place in range(len(ends))]
    return all(
        known is None or value is None or known[0] <= int(value) <= known[1]
        for value, known in zip(values, ends, strict=True)
    )


def told_again(entry: ManifestEntry, status: ManifestEntryStatus, snapshot: int | None) -> ManifestEntry:
    """An entry for another manifest: of the same file, and as old."""
    return ManifestEntry.from_args(
        status=status,
        snapshot_id=snapshot,
        sequence_number=entry.sequence_number,
        file_sequence_number=entry.file_sequence_number,
        data_file=entry.data_file,
    )


class _OneCommit(Transaction):
    """A transaction that works its metadata out once for each state it is in.

    PyIceberg's own does so, with a deep copy of every snapshot, each of the twenty times that a commit looks at it.
    """

    _worked_out: tuple[TableMetadata, tuple[TableUpdate, ...], TableMetadata] | None = None

    @property
    def table_metadata(self) -> TableMetadata:
        """The table's metadata, as the updates so far leave it. Nobody writes into it."""
        base, updates = self._table.metadata, self._updates
        if not updates:
            return base
        known = self._worked_out
        if known is None or known[0] is not base or known[1] is not updates:
            known = self._worked_out = (base, updates, super().table_metadata)
        return known[2]
