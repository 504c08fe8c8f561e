"""Branches that a rebuild is made on: wherever it is killed, readers have the old tables or get the new.

The whole job runs in tests/aws/test_glue_jobs.py; here three tables are enough.
"""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from footfall.local.java import find_java
from tests.lakes import DAY, MINUTE, NOON, SmallLake, event, line, rejected

pytestmark = [pytest.mark.spark, pytest.mark.timeout(1_500)]
REPOSITORY = Path(__file__).resolve().parents[2]

# Run as a program. After each step: where each table's main line stands, how many branches and tags there are, and how
# many commits of the ledger are known.
CHILD = """
import argparse, json, sys
from pathlib import Path

from pyspark.sql import SparkSession

from footfall.etl.job import spark_engine
from footfall.lake.engines import spark, spark_branch
from footfall.lake.engines.spark_branch import BranchEngine, settle
from footfall.lake.engines.spark_metadata import iceberg_table
from footfall.lake.layout import LocalLake
from footfall.lake.tables import LEDGER, QUARANTINE, RULES
from footfall.local.spark_jars import spark_jars
from footfall.local.spark_job import spark_settings

spark.TABLES = rebuilt = (RULES, QUARANTINE, LEDGER)
settings = spark_settings(LocalLake(Path(sys.argv[1]))) | {"spark.jars": ",".join(map(str, spark_jars(print)))}
builder = SparkSession.builder
for name, value in settings.items():
    builder = builder.config(name, value)
session = builder.getOrCreate()
main = spark.SparkEngine(session)
as_jobs_open_it = argparse.Namespace(catalog="lake")

def told(what):
    heads = {table.name: main.snapshot(table) for table in rebuilt}
    beside = sum(len(iceberg_table(session, main.name(table)).refs()) - 1 for table in rebuilt)
    print(json.dumps([what, heads, beside, len(main.history(LEDGER))]))

def built():
    main.stored("rules_there", RULES, None)
    branch = BranchEngine(session)
    same = "tenant, bot_rules, session_gap_ms, goals, reworked_to"
    branch.define("nothing", "select * from rules_there where tenant <> tenant", RULES)
    branch.define("first", f"select {same}, 7 as models from rules_there", RULES)
    branch.replace(RULES, "first", "nothing", None)
    branch.stored("rules_built", RULES, None)
    branch.define("second", f"select {same}, models + 1 as models from rules_built", RULES)
    branch.replace(RULES, "second", "rules_built", None)
    branch.keep_ledger_of([sys.argv[2]])
    told(f"built: {[len(branch.history(table)) for table in rebuilt]} {branch.snapshot(QUARANTINE)}")
    return branch

spark_branch._REBUILT = rebuilt
told("before")
built()
with spark_engine(as_jobs_open_it):
    told("killed, and taken away")
built().say_whole()
spark_branch._REBUILT = rebuilt[:1]
settle(main)
told("killed in the midst of taking over")
spark_branch._REBUILT = rebuilt
for _ in range(2):
    with spark_engine(as_jobs_open_it):
        told("in place")
"""

Told = tuple[str, dict[str, int], int, int]


def run(lake: SmallLake, present: str) -> list[Told]:
    environment = {
        **os.environ,
        "JAVA_HOME": str(find_java().parent.parent),
        "PYSPARK_PYTHON": sys.executable,
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYTHONPATH": os.pathsep.join([str(REPOSITORY), os.environ["PYTHONPATH"]]),
    }
    command = [sys.executable, "-c", CHILD, str(lake.lake.root), present]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert not done.returncode, done.stderr[-4_000:]
    return [tuple(json.loads(said)) for said in done.stdout.splitlines() if said.startswith("[")]


def test_branches_take_the_place_of_the_main_lines_once_all_are_whole_and_else_go(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    lake.put("2025/10/09/12/a", [line(event(NOON, "page_view"), rejected=[rejected(1)])])
    lake.put("2025/10/10/12/b", [line(event(NOON + DAY + MINUTE))])
    lake.run()
    before, built, gone, again, midst, *in_place = run(lake, "2025/10/09/12/a.json.gz")
    assert [told[0] for told in (before, built, again)] == ["before", *["built: [2, 0, 1] None"] * 2]
    assert before[1] == built[1] == gone[1] == again[1]
    assert [told[2] for told in (before, built, gone, again, midst)] == [0, 3, 0, 3, 3]
    assert gone[3] == before[3], "what the killed one has committed is still known"
    changed = [name for name in before[1] if midst[1][name] != before[1][name]]
    assert changed == ["rules"]
    assert in_place[0] == in_place[1]
    assert in_place[0][2] == 0
    assert not set(in_place[0][1].values()) & set(before[1].values())
    assert lake.query("SELECT models FROM rules") == [(8,)]
    assert lake.query("SELECT count(*) FROM quarantine") == [(0,)]
    assert lake.query("SELECT raw_object FROM ledger") == [("2025/10/10/12/b.json.gz",)]
