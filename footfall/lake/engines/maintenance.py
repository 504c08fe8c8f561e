"""The port that upkeep runs on: what can be done to a table's files without changing a row of it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from footfall.lake.tables import Table

# A day's file below this size is worth joining with others; one above it is left as it is.
SMALL_BYTES = 48 * 1024 * 1024
TARGET_BYTES = 64 * 1024 * 1024
# Fewer small files than this in a partition are not worth writing again.
LEAST_FILES = 4
# So many manifests too many cost a reader more than writing them again.
MOST_MANIFESTS = 16
# A manifest of few files costs a commit little to read and to write again, one of very few costs a reader a file.
FILES_A_MANIFEST = 16
MOST_FILES_A_MANIFEST = 4 * FILES_A_MANIFEST


@dataclass(frozen=True)
class Removed:
    """Files that were taken away: how many, and their bytes."""

    files: int = 0
    bytes: int = 0

    def __add__(self, other: "Removed") -> "Removed":
        """The two together."""
        return Removed(self.files + other.files, self.bytes + other.bytes)


@dataclass(frozen=True)
class Rewritten:
    """Files that were written again: how many there were and are now, and the bytes that were read and written."""

    files_before: int = 0
    files_after: int = 0
    bytes_before: int = 0
    bytes_after: int = 0

    def __add__(self, other: "Rewritten") -> "Rewritten":
        """The two together."""
        return Rewritten(
            self.files_before + other.files_before,
            self.files_after + other.files_after,
            self.bytes_before + other.bytes_before,
            self.bytes_after + other.bytes_after,
        )


class Maintenance(Protocol):
    """What keeps a table's files few and in order. Each method commits by itself, and may be killed anywhere."""

    @property
    def least_grace_ms(self) -> int:
        """How old a file is at least, in milliseconds, before it can be removed as an orphan."""

    def compact(self, table: Table, today: int) -> Rewritten:
        """Join the small files of each closed partition, sorted.

        Args:
            table: the table.
            today: the UTC day that is not closed yet, in days since 1970; partitions of this day and later are left.
        """

    def rewrite_manifests(self, table: Table, most: int | None = MOST_MANIFESTS) -> Rewritten:
        """Write the table's manifests again where over `most` are too many (None: in any case).

        What they say of files that left goes.
        """

    def expire(self, table: Table, keep: Collection[int], *, most: int, kept: int) -> Removed:
        """Once there are more than `most` snapshots, forget all but the newest `kept` and those to keep.

        The files that only they needed are removed.
        """

    def expire_before(self, table: Table, at: int, keep: Collection[int]) -> Removed:
        """Forget every snapshot made before a time (epoch ms) but the current one and those to keep.

        The files that only they needed are removed.
        """

    def remove_orphans(self, older_than: int) -> Removed:
        """Remove the files below the warehouse that no snapshot of any table needs, last changed before `older_than`.

        Args:
            older_than: epoch milliseconds, at least `least_grace_ms` ago. A younger file may belong to a commit that is
                being made.
        """
