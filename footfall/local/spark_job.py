"""Spark jobs on this machine: the scripts that Glue runs, with the configuration of a local lake."""

import json
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from footfall.errors import FootfallError
from footfall.etl.pipeline import RunReport
from footfall.lake.catalog import CATALOG
from footfall.lake.file_uri import file_uri
from footfall.lake.layout import LocalLake
from footfall.local.java import find_java
from footfall.local.spark_jars import spark_jars

_REPOSITORY = Path(__file__).resolve().parents[2]


def spark_settings(lake: LocalLake, name: str = CATALOG, folder: Path | None = None) -> dict[str, str]:
    """What Spark is told on a laptop: Iceberg with the lake's SQLite catalog, UTC, and all cores of the machine.

    Args:
        lake: the lake.
        name: the catalog's, in SQLite and in Spark.
        folder: where new tables lie; the lake's warehouse unless another is given.
    """
    catalog = f"spark.sql.catalog.{name}"
    # Without WAL and the busy timeout, two writers of SQLite fail with SQLITE_BUSY.
    uri = f"jdbc:sqlite:{lake.catalog}?journal_mode=WAL&busy_timeout=30000"
    return {
        "spark.master": "local[*]",
        "spark.driver.memory": "2g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.shuffle.partitions": "4",
        # Spark writes down each plan, and each change of it, for a page that nobody looks at.
        "spark.sql.ui.explainMode": "simple",
        "spark.sql.maxPlanStringLength": "4096",
        "spark.sql.extensions": "org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions",
        catalog: "org.apache.iceberg.spark.SparkCatalog",
        f"{catalog}.catalog-impl": "org.apache.iceberg.jdbc.JdbcCatalog",
        f"{catalog}.uri": uri,
        f"{catalog}.jdbc.schema-version": "V1",
        f"{catalog}.warehouse": file_uri(folder or lake.warehouse),
        "spark.driver.extraJavaOptions": "-Duser.timezone=UTC",
    }


def run_spark_job(
    lake: LocalLake,
    progress: Callable[[str], None],
    name: str = CATALOG,
    folder: Path | None = None,
    *,
    everything: bool = False,
    recent: bool = False,
) -> RunReport:
    """Take in what is new with Spark, in a process of its own, into the tables of a catalog.

    Raises:
        FootfallError: as `run_script` does.
    """
    arguments = ["--raw", str(lake.raw), "--tenants", str(lake.tenants), "--catalog", name]
    if everything:
        arguments.append("--all")
    if recent:
        arguments += ["--list", "recent"]
    settings = spark_settings(lake, name, folder)
    return RunReport(**json.loads(run_script(lake, "etl", arguments, progress, settings)))


def run_script(
    lake: LocalLake,
    name: str,
    arguments: Sequence[str],
    progress: Callable[[str], None],
    settings: Mapping[str, str] | None = None,
) -> str:
    """Run a script of `glue_jobs` with Spark, in a process of its own. Returns the last line that it prints.

    Args:
        lake: the lake whose catalog the job sees.
        name: the script's, without `.py`.
        arguments: what it is given.
        progress: told each step that it has done.
        settings: Spark's; those of the lake's own catalog unless others are given.

    Raises:
        FootfallError: Java or PySpark is missing, or the job failed; its last lines are told.
    """
    script = _REPOSITORY / "glue_jobs" / f"{name}.py"
    jars = ",".join(str(jar) for jar in spark_jars(progress))
    told = {**(settings if settings is not None else spark_settings(lake)), "spark.jars": jars}
    options = " ".join(f"--conf {shlex.quote(f'{key}={value}')}" for key, value in told.items())
    environment = {
        **os.environ,
        "JAVA_HOME": str(find_java().parent.parent),
        "PYSPARK_PYTHON": sys.executable,
        "PYSPARK_SUBMIT_ARGS": f"{options} pyspark-shell",
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYTHONPATH": os.pathsep.join([str(_REPOSITORY), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
    }
    command = [sys.executable, str(script), *arguments]
    said: list[str] = []
    log = Path(tempfile.mkstemp(prefix="footfall-spark-", suffix=".log")[1])
    with (
        log.open("w") as kept,
        subprocess.Popen(
            command, env=environment, cwd=lake.root, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as job,
    ):
        for line in job.stderr or ():
            kept.write(line)
            if line.startswith("step "):
                progress(line.removeprefix("step ").strip())
            elif line.startswith("footfall: "):
                said.append(line.removeprefix("footfall: ").strip())
        printed = job.stdout.read() if job.stdout else ""
    if job.returncode and said:
        log.unlink()
        raise FootfallError(said[-1])
    if job.returncode:
        raise FootfallError(f"the Spark job failed with exit code {job.returncode}; what it said is in {log}.")
    log.unlink()
    return printed.splitlines()[-1]
