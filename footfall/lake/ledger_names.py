"""What a commit of the ledger says: the snapshot of every table as of which they agree with each other."""

from collections.abc import Mapping, Sequence

from footfall.lake.engines.port import Commit
from footfall.lake.tables import Table

_BEGIN, _END = "footfall.", "-snapshot"


def snapshot_property(table: Table) -> str:
    """The property of a ledger's commit that names the table's snapshot."""
    return f"{_BEGIN}{table.name}{_END}"


def named_snapshots(properties: Mapping[str, str]) -> dict[str, int]:
    """The snapshots, by table, that a ledger's commit names in its properties."""
    return {
        name.removeprefix(_BEGIN).removesuffix(_END): int(value) for name, value in properties.items() if _is_name(name)
    }


def last_named(commits: Sequence[Commit]) -> Commit | None:
    """The newest of the ledger's commits that names snapshots; None where none does.

    Commits that change no row of the ledger (its files were joined, say) name none.
    """
    return next((commit for commit in reversed(commits) if named_snapshots(commit.properties)), None)


def names_again(commits: Sequence[Commit]) -> dict[str, str]:
    """The properties by which one more commit names the snapshots that the ledger's newest names."""
    last = last_named(commits)
    return {name: value for name, value in last.properties.items() if _is_name(name)} if last is not None else {}


def _is_name(name: str) -> bool:
    return name.startswith(_BEGIN) and name.endswith(_END)
