"""A lake that an older version wrote is read and written by Spark too, by field id."""

import dataclasses
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from footfall.lake import catalog as lake_catalog
from footfall.lake.catalog import load, open_catalog
from footfall.lake.commit import overwrite
from footfall.lake.layout import open_lake
from footfall.lake.reader import connect
from footfall.lake.schemas import arrow_schema
from footfall.lake.tables import EVENTS, HEATMAP
from footfall.local.java import find_java

pytestmark = [pytest.mark.spark, pytest.mark.timeout(1_500)]
REPOSITORY = Path(__file__).resolve().parents[2]

# Run as a program: `samples` is known to the lake as `visits`, `visitors` not at all, and a nested column is new.
CHILD = """
import dataclasses, json, sys
from pathlib import Path

from pyspark.sql import SparkSession

from footfall.lake.engines import spark as spark_engine
from footfall.lake.engines.spark_maintenance import SparkMaintenance
from footfall.lake.layout import LocalLake
from footfall.lake.tables import HEATMAP, Column
from footfall.local.spark_jars import spark_jars
from footfall.local.spark_job import spark_settings

renamed = [
    dataclasses.replace(column, formerly=("visits",)) if column.name == "samples" else column
    for column in HEATMAP.columns
]
NEW = dataclasses.replace(HEATMAP, columns=(*renamed, Column("ways", "array<struct<x:int>>", "New.")))
spark_engine.TABLES = (NEW,)

builder = SparkSession.builder.config("spark.jars", ",".join(map(str, spark_jars(print))))
for name, value in spark_settings(LocalLake(Path(sys.argv[1]))).items():
    builder = builder.config(name, value)
spark = builder.getOrCreate()
first = int(sys.argv[2])
engine = spark_engine.SparkEngine(spark)
for name, snapshot in (("then", first), ("now", None)):
    engine.stored(name, NEW, None, snapshot)
each = ("min(event_id)", "max(cast(event_time as string))", "max(cast(client_time as string))", "sum(path[1].x)")
print(json.dumps([spark.sql(f"select {one} from lake.footfall.events").collect()[0][0] for one in each]))
asked = "select cell_x, samples, visitors, ways from {0} order by cell_x"
before = [engine.rows(asked.format(name)) for name in ("then", "now")]
engine.define("come", "select * from now where cell_x = 2", NEW)
engine.replace(NEW, "come", "now", None)
engine.stored("after", NEW, None)
print(json.dumps([*before, engine.rows(asked.format("after"))]))

engine.define("none", "select * from now where cell_x = 99", NEW)
engine.define("more", "select * from now where cell_x = 1", NEW)
commits = len(engine.history(NEW))
engine.replace(NEW, "more", "none", None, {"said": "so"})
engine.stored("added", NEW, None)
said = [commit.properties.get("said") for commit in engine.history(NEW)[commits:]]
engine.stored_where("some", NEW, "kind >= 'd' or cell_x = 2")
print(json.dumps([said, engine.rows(asked.format("added")), engine.rows("select cell_x, samples from some")]))
spark_engine.head = lambda *asked: first  # as if all that came after it had been committed while the rows were written
try:
    engine.replace(NEW, "more", "none", None)
except Exception as refused:
    print("conflicting files" in str(refused))

maintenance = SparkMaintenance(spark)
entries = "select status, count(*) from lake.footfall.heatmap.entries group by status order by status"
told = [maintenance.rewrite_manifests(NEW, most=None).files_after]
spark.sql("delete from lake.footfall.heatmap where cell_x = 1")
told.append(engine.rows(entries))
told.append(maintenance.rewrite_manifests(NEW, most=None).files_after)
told.append(engine.rows(entries))
print(json.dumps(told))

# As if all were old; and what is kept is kept however old it is.
spark.sql("alter table lake.footfall.heatmap set tblproperties ('history.expire.max-snapshot-age-ms' = '1')")
ids = [commit.snapshot for commit in engine.history(NEW)]
left = lambda: [ids.index(commit.snapshot) for commit in engine.history(NEW)]
maintenance.expire(NEW, [ids[1]], most=2, kept=2)
said = [len(ids), left()]
maintenance.expire_before(NEW, engine.history(NEW)[-1].at, [ids[1]])
said.append(left())
maintenance.expire_before(NEW, engine.history(NEW)[-1].at + 1, [])
print(json.dumps([*said, left()]))
"""


OLD = dataclasses.replace(
    HEATMAP,
    columns=tuple(
        dataclasses.replace(column, name="visits") if column.name == "samples" else column
        for column in HEATMAP.columns
        if column.name != "visitors"
    ),
)


def cell(number: int) -> pa.Table:
    row = {"tenant": "shop", "kind": "click", "cell_x": number, "cell_y": 0, "visits": 10 * number}
    return pa.Table.from_pylist([dict.fromkeys(arrow_schema(OLD).names) | row], schema=arrow_schema(OLD))


def seen(count: int) -> pa.Table:
    """Events of the hand, whose spread columns all hold something."""
    begin = datetime(2025, 10, 9, 12, tzinfo=UTC).replace(tzinfo=None)
    rows = [
        dict.fromkeys(arrow_schema(EVENTS).names)
        | {
            "tenant": "shop",
            "event_id": f"event-{number:04d}",
            "event_time": begin + timedelta(seconds=number),
            "client_time": begin + timedelta(seconds=number + 1),
            "path": [{"t": t, "x": number * t, "y": 0, "stroke": 0} for t in range(3)],
        }
        for number in range(count)
    ]
    return pa.Table.from_pylist(rows, schema=arrow_schema(EVENTS))


def test_spark_reads_an_older_lake_and_its_snapshots_and_writes_it_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lake = open_lake(tmp_path, create=True)
    with monkeypatch.context() as older:
        older.setattr(lake_catalog, "TABLES", (OLD, EVENTS))
        first = overwrite(load(open_catalog(lake), "heatmap"), [], cell(1))
        overwrite(load(open_catalog(lake), "heatmap"), [], cell(2))
        overwrite(load(open_catalog(lake), "events"), [], seen(300))

    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(lake.root), str(first)],
        env={
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(REPOSITORY), os.environ["PYTHONPATH"]]),
            "JAVA_HOME": str(find_java().parent.parent),
            "PYSPARK_PYTHON": sys.executable,
            "SPARK_LOCAL_IP": "127.0.0.1",
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert child.returncode == 0, child.stderr[-3_000:]
    events, read, added, refused, manifests, snapshots = child.stdout.splitlines()[-6:]
    assert events == '["event-0000", "2025-10-09 12:04:59", "2025-10-09 12:05:00", 44850]'
    assert read == "[[[1, 10, null, null]], [[1, 10, null, null], [2, 20, null, null]], [[2, 20, null, null]]]"
    # One commit has the rows and what is said of them; one that was made meanwhile is not overlooked.
    assert added == '[["so"], [[1, 10, null, null], [2, 20, null, null]], [[2, 20]]]'
    assert refused == "True"
    # A manifest names a file that has left, with the least and greatest of its values, until it is written again: one
    # manifest alone too.
    assert manifests == "[1, [[0, 1], [2, 1]], 1, [[0, 1]]]"
    # Of seven snapshots the newest two and the one to keep; then those from before the newest; then all but that.
    assert snapshots == "[7, [1, 5, 6], [1, 6], [6]]"
    # What Spark wrote is read by the embedded engine: the same ids, whoever gave them.
    found = connect(lake, None).execute("SELECT cell_x, samples, visitors FROM heatmap").fetchall()
    assert sorted(found) == [(2, 20, None)]
