"""A table's kept snapshots, read by PyIceberg."""

from pyiceberg.table import Table as IcebergTable

from footfall.lake.engines.port import Commit


def history(table: IcebergTable) -> list[Commit]:
    """The table's kept snapshots, the oldest first."""
    ordered = sorted(table.snapshots(), key=lambda snapshot: snapshot.sequence_number or 0)
    return [
        Commit(
            snapshot.snapshot_id,
            snapshot.timestamp_ms,
            dict(snapshot.summary.additional_properties) if snapshot.summary else {},
        )
        for snapshot in ordered
    ]
