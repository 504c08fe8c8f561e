"""A bound on the number of a table's snapshots: each one makes every commit slower."""

from collections.abc import Collection

from pyiceberg.table import Table as IcebergTable

from footfall.lake.engines.maintenance import Removed
from footfall.lake.reachable import files_only_in, remove
from footfall.lake.tables import KEPT_SNAPSHOTS, MOST_SNAPSHOTS


def expire_snapshots(
    table: IcebergTable, keep: Collection[int] = (), *, most: int = MOST_SNAPSHOTS, kept: int = KEPT_SNAPSHOTS
) -> Removed:
    """Forget the oldest snapshots once there are more than `most`, and remove the files that only they needed.

    The newest `kept`, and those to keep, stay. Killed between the two, it leaves files that no snapshot names: the
    removal of orphans finds them.
    """
    snapshots = sorted(table.snapshots(), key=lambda snapshot: snapshot.sequence_number or 0)
    if len(snapshots) <= most:
        return Removed()
    protected = {*keep, *(each.snapshot_id for each in snapshots[len(snapshots) - max(kept, 1) :])}
    old = [snapshot.snapshot_id for snapshot in snapshots if snapshot.snapshot_id not in protected]
    if not old:
        return Removed()
    unneeded = files_only_in(table, old)
    table.maintenance.expire_snapshots().by_ids(old).commit()
    return remove(table, unneeded)


def expire_before(table: IcebergTable, at: int, keep: Collection[int] = ()) -> Removed:
    """Forget every snapshot made before a time (epoch ms) but the current one and those to keep, with their files."""
    current = table.current_snapshot()
    if current is None:
        return Removed()
    protected = {current.snapshot_id, *keep}
    old = [each.snapshot_id for each in table.snapshots() if each.timestamp_ms < at]
    old = [snapshot for snapshot in old if snapshot not in protected]
    if not old:
        return Removed()
    unneeded = files_only_in(table, old)
    table.maintenance.expire_snapshots().by_ids(old).commit()
    return remove(table, unneeded)
