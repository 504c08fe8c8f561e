"""Upkeep of tables by Iceberg's own procedures, in Spark."""

from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta

from pyspark.sql import Row, SparkSession

from footfall.errors import FootfallError
from footfall.lake.engines.maintenance import LEAST_FILES, MOST_MANIFESTS, SMALL_BYTES, TARGET_BYTES, Removed, Rewritten
from footfall.lake.engines.spark_metadata import join_manifests, snapshots
from footfall.lake.tables import DATABASE, TABLES, Table

# Iceberg refuses to look for orphans that are younger: a commit may be under way.
_LEAST_GRACE = timedelta(days=1)


class SparkMaintenance:
    """Upkeep over an Iceberg catalog (see the port for what each method does).

    Args:
        spark: a session whose clock is UTC, with Iceberg's extensions and the catalog configured.
        catalog: the catalog's name in the session.
    """

    def __init__(self, spark: SparkSession, catalog: str = "lake") -> None:
        self.spark = spark
        self.catalog = catalog

    @property
    def least_grace_ms(self) -> int:
        """A day."""
        return _LEAST_GRACE // timedelta(milliseconds=1)

    def compact(self, table: Table, today: int) -> Rewritten:
        """Join small files by `rewrite_data_files`, sorted as the table is; one commit."""
        options = {
            "min-input-files": LEAST_FILES,
            "min-file-size-bytes": SMALL_BYTES,
            "target-file-size-bytes": TARGET_BYTES,
            "max-file-size-bytes": 1 << 40,
            "rewrite-job-order": "none",
        }
        listed = ", ".join(f"'{name}', '{value}'" for name, value in options.items())
        order = ", ".join(f"{column} ASC NULLS LAST" for column in table.sort)
        days = [column for column, transform in table.partition if transform == "day"]
        arguments = [
            f"table => '{DATABASE}.{table.name}'",
            "strategy => 'sort'",
            f"sort_order => '{order}'",
            f"options => map({listed})",
        ]
        if days:
            kind = "DATE" if table.column(days[0]).type == "date" else "TIMESTAMP_NTZ"
            closed = datetime.fromtimestamp(today * 86_400, UTC)
            arguments.append(f"where => \"{days[0]} < {kind} '{closed:%Y-%m-%d}'\"")
        size = self._bytes(table)
        done = self._call("rewrite_data_files", *arguments)
        if not done.rewritten_data_files_count:
            return Rewritten()
        written = int(done.rewritten_bytes_count)
        return Rewritten(
            int(done.rewritten_data_files_count),
            int(done.added_data_files_count),
            written,
            max(0, self._bytes(table) - (size - written)),
        )

    def rewrite_manifests(self, table: Table, most: int | None = MOST_MANIFESTS) -> Rewritten:
        """Join the manifests by `rewrite_manifests`."""
        before = self._manifests(table)
        if not before[0] or (most is not None and before[0] <= most):
            return Rewritten()
        done = self._call("rewrite_manifests", f"table => '{DATABASE}.{table.name}'", "use_caching => false")
        if not done.rewritten_manifests_count:
            # A single manifest it leaves as it is, with what that says of files that left.
            join_manifests(self.spark, self._name(table))
        after = self._manifests(table)
        return Rewritten(before[0], after[0], before[1], after[1])

    def expire(self, table: Table, keep: Collection[int], *, most: int, kept: int) -> Removed:
        """Forget old snapshots by `expire_snapshots`, which removes their files; their bytes it does not tell."""
        ids = [commit.snapshot for commit in snapshots(self.spark, self._name(table))]
        if len(ids) <= most:
            return Removed()
        protected = {*keep, *ids[len(ids) - max(kept, 1) :]}
        return self.forget(table, [snapshot for snapshot in ids if snapshot not in protected])

    def expire_before(self, table: Table, at: int, keep: Collection[int]) -> Removed:
        """Forget all older snapshots by `expire_snapshots`, which removes their files; their bytes it does not tell."""
        commits = snapshots(self.spark, self._name(table))
        protected = {*keep, *(commit.snapshot for commit in commits[-1:])}
        return self.forget(
            table, [each.snapshot for each in commits if each.at < at and each.snapshot not in protected]
        )

    def remove_orphans(self, older_than: int) -> Removed:
        """Remove orphans by `remove_orphan_files`, table by table."""
        before = datetime.fromtimestamp(older_than / 1000, UTC)
        if before > datetime.now(UTC) - _LEAST_GRACE:
            raise FootfallError("Spark removes orphans that are a day old or more: give --grace 1d, or more.")
        removed = Removed()
        for table in TABLES:
            found = self.spark.sql(
                f"CALL {self.catalog}.system.remove_orphan_files(table => '{DATABASE}.{table.name}', "
                f"older_than => TIMESTAMP '{before:%Y-%m-%d %H:%M:%S}', prefix_listing => true)"
            ).count()
            removed += Removed(found)
        return removed

    def forget(self, table: Table, old: Sequence[int]) -> Removed:
        """Forget these snapshots, and remove the files that only they needed; their bytes are not told."""
        if not old:
            return Removed()
        done = self._call(
            "expire_snapshots",
            f"table => '{DATABASE}.{table.name}'",
            f"snapshot_ids => ARRAY({', '.join(map(str, old))})",
            # Else all that are older than five days go too, whichever are named.
            "older_than => TIMESTAMP '1970-01-01 00:00:00'",
        )
        return Removed(sum(int(count or 0) for count in done))

    def _call(self, procedure: str, *arguments: str) -> Row:
        done: Row | None = self.spark.sql(f"CALL {self.catalog}.system.{procedure}({', '.join(arguments)})").first()
        if done is None:
            raise FootfallError(f"Iceberg's {procedure} answered nothing. Look into Spark's log.")
        return done

    def _bytes(self, table: Table) -> int:
        found = self.spark.sql(f"SELECT coalesce(sum(file_size_in_bytes), 0) FROM {self._name(table)}.files").first()
        return int(found[0]) if found else 0

    def _manifests(self, table: Table) -> tuple[int, int]:
        found = self.spark.sql(f"SELECT count(*), coalesce(sum(length), 0) FROM {self._name(table)}.manifests").first()
        return (int(found[0]), int(found[1])) if found else (0, 0)

    def _name(self, table: Table) -> str:
        return f"{self.catalog}.{DATABASE}.{table.name}"
