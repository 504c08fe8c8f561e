"""What a commit of the ledger says: the snapshot of every table as of which they agree with each other."""

from collections.abc import Mapping

from footfall.lake.tables import Table

_BEGIN, _END = "footfall.", "-snapshot"


def snapshot_property(table: Table) -> str:
    """The property of a ledger's commit that names the table's snapshot."""
    return f"{_BEGIN}{table.name}{_END}"


def named_snapshots(properties: Mapping[str, str]) -> dict[str, int]:
    """The snapshots, by table, that a ledger's commit names in its properties."""
    return {
        name.removeprefix(_BEGIN).removesuffix(_END): int(value)
        for name, value in properties.items()
        if name.startswith(_BEGIN) and name.endswith(_END)
    }
