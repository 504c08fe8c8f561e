"""A bound on the number of a table's snapshots: each one makes every commit slower."""

from collections.abc import Collection

from pyiceberg.table import Table as IcebergTable

from footfall.lake.tables import KEPT_SNAPSHOTS, MOST_SNAPSHOTS


def expire_snapshots(table: IcebergTable, keep: Collection[int] = ()) -> None:
    """Forget the oldest snapshots once there are more than forty; the newest ten, and those to keep, stay.

    PyIceberg forgets them in the metadata alone: files that no snapshot names any more stay on disk.
    """
    snapshots = sorted(table.snapshots(), key=lambda snapshot: snapshot.sequence_number or 0)
    if len(snapshots) <= MOST_SNAPSHOTS:
        return
    old = [snapshot.snapshot_id for snapshot in snapshots[:-KEPT_SNAPSHOTS] if snapshot.snapshot_id not in keep]
    table.maintenance.expire_snapshots().by_ids(old).commit()
