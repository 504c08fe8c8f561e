"""Writing a table: one explicit, validated overwrite a commit."""

from collections.abc import Iterable, Mapping
from itertools import chain

import pyarrow as pa
from pyiceberg.manifest import DataFile
from pyiceberg.table import Table as IcebergTable
from pyiceberg.table import Transaction
from pyiceberg.table.metadata import TableMetadata
from pyiceberg.table.update import TableUpdate

from footfall.errors import FootfallError
from footfall.lake.data_files import write_data_files
from footfall.lake.tables import TABLES


def overwrite(
    table: IcebergTable,
    removed: Iterable[DataFile],
    added: pa.Table | Iterable[pa.Table],
    properties: Mapping[str, str] | None = None,
) -> int | None:
    """Replace whole data files by new rows in one commit, and refuse if anyone committed since `table` was loaded.

    PyIceberg's public overwrite takes a row filter and makes up to three snapshots; this one makes one, and the
    files to leave are named by who read them.

    Args:
        table: the table as it was read; its current snapshot is what the commit is validated against.
        removed: the data files that leave.
        added: the rows that come, of the table's schema, sorted. Many come in parts, each written before the next is
            made; a partition that is in several gets a file of each.
        properties: what to write into the snapshot's summary.

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
    with _OneCommit(table) as transaction, transaction.update_snapshot(dict(properties or {})).overwrite() as change:
        for file in leaving:
            change.delete_data_file(file)
        for part in chain([first] if first is not None else [], parts):
            for file in write_data_files(transaction.table_metadata, part, table.io, declared):
                change.append_data_file(file)
    after = table.current_snapshot()
    if after is None or (before is not None and after.parent_snapshot_id != before.snapshot_id):
        raise FootfallError(f"{table.name()[-1]} was changed by another writer during this commit. Run it again.")
    return after.snapshot_id


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
