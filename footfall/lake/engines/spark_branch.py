"""Building all tables again beside the old ones where no catalog can swap them in one step: on a branch of each.

A branch is a line of snapshots of its own. Ours begins with one that holds nothing; readers see the table's main line
until this is set to where the branch has got to, table by table, the ledger last. A tag of the ledger says that all
branches are whole: whoever finds it finishes, whoever finds branches without it takes them away.
"""

from collections.abc import Collection, Sequence
from typing import Any

import pyarrow as pa
from pyspark.sql import SparkSession

from footfall.lake.engines.port import Commit
from footfall.lake.engines.spark import SparkEngine
from footfall.lake.engines.spark_maintenance import SparkMaintenance
from footfall.lake.engines.spark_metadata import iceberg_table, line_of
from footfall.lake.ledger_names import names_again
from footfall.lake.tables import LEDGER, PREDICTIONS, TABLES, Table

_BRANCH = "rebuild"
_WHOLE = "rebuilt"
_BEGINS = "footfall.begins"
_REBUILT: tuple[Table, ...] = (*(table for table in TABLES if table not in (LEDGER, PREDICTIONS)), LEDGER)


class BranchEngine(SparkEngine):
    """Spark over branches that begin empty; what stands in the tables' main lines it does not see.

    Args:
        spark: as SparkEngine takes it.
        catalog: the catalog's name in the session.
    """

    branch = _BRANCH

    def __init__(self, spark: SparkSession, catalog: str = "lake") -> None:
        super().__init__(spark, catalog)
        for table in _REBUILT:
            nothing = self._java().expressions.Expressions.alwaysTrue()
            made = iceberg_table(spark, self.name(table)).newDelete().deleteFromRowFilter(nothing)
            made.set(_BEGINS, _BRANCH).toBranch(_BRANCH).commit()

    def snapshot(self, table: Table) -> int | None:
        """The branch's newest snapshot; None where it has only the one that it begins with."""
        commits = self.history(table)
        return commits[-1].snapshot if commits else None

    def history(self, table: Table) -> Sequence[Commit]:
        """The branch's snapshots, the oldest first."""
        return _commits(self.spark, self.name(table))[1:]

    def expire(self, table: Table, keep: Sequence[int]) -> None:
        """Nothing: it is all new."""

    def keep_ledger_of(self, present: Collection[str]) -> None:
        """Take over what the main ledger says of raw objects that retention has removed: the books need it.

        Args:
            present: the raw objects that are there.
        """
        SparkEngine(self.spark, self.catalog).stored("ledger_before", LEDGER, None)
        self.stored("ledger_built", LEDGER, None)
        self.register("raw_present", pa.table({"raw_object": pa.array(sorted(present), pa.string())}))
        self.define(
            "ledger_kept",
            "select b.* from ledger_before as b left join raw_present as p on b.raw_object = p.raw_object "
            "left join (select distinct raw_object from ledger_built) as n on b.raw_object = n.raw_object "
            "where p.raw_object is null and n.raw_object is null",
            LEDGER,
        )
        self.define("ledger_none", "select * from ledger_kept where tenant <> tenant", LEDGER)
        # Whoever reads the ledger as of its last names has these rows too.
        self.replace(LEDGER, "ledger_kept", "ledger_none", None, names_again(self.history(LEDGER)))

    def say_whole(self) -> None:
        """Say that the branches are whole: `settle` puts them in their place."""
        ledger = iceberg_table(self.spark, self.name(LEDGER))
        ledger.manageSnapshots().createTag(_WHOLE, ledger.snapshot(_BRANCH).snapshotId()).commit()

    def _java(self) -> Any:
        jvm: Any = self.spark._jvm
        return jvm.org.apache.iceberg


def settle(engine: SparkEngine) -> None:
    """Put whole branches in their place, and take away what a rebuild that was killed has left. Done again, it goes on.

    Where branches take their place, the ledger's newest commit is theirs: it names what the main lines hold then.

    Args:
        engine: the engine of the main lines; the caller holds the lake's lease.
    """
    spark = engine.spark
    is_whole = _WHOLE in iceberg_table(spark, engine.name(LEDGER)).refs()
    for table in _REBUILT:
        found = iceberg_table(spark, engine.name(table))
        if _BRANCH not in found.refs():
            continue
        if not is_whole:
            left = _commits(spark, engine.name(table))
            found.manageSnapshots().removeBranch(_BRANCH).commit()
            SparkMaintenance(spark, engine.catalog).forget(table, [commit.snapshot for commit in left])
            continue
        taking = found.manageSnapshots().setCurrentSnapshot(found.snapshot(_BRANCH).snapshotId()).removeBranch(_BRANCH)
        if table == LEDGER:
            taking = taking.removeTag(_WHOLE)
        taking.commit()


def _commits(spark: SparkSession, name: str) -> list[Commit]:
    """The snapshots of a table's branch, from the one that it begins with on; none where there is no branch."""
    found: list[Commit] = []
    for commit in line_of(spark, name, _BRANCH):
        found.insert(0, commit)
        if commit.properties.get(_BEGINS) == _BRANCH:
            break
    return found
