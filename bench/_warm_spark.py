"""A warm session of local Spark, with a catalog of its own for each lake that a bench fills."""

import os
import shlex
import sys
from pathlib import Path

from pyspark.sql import SparkSession

from footfall.lake.layout import LocalLake, open_lake
from footfall.local.java import find_java
from footfall.local.spark_jars import spark_jars
from footfall.local.spark_job import spark_settings


def warm_session(folder: Path, memory: str = "6g", events: Path | None = None) -> SparkSession:
    """A session as `footfall etl --engine spark` has it, with memory for the bench's events.

    Args:
        folder: where its first lake lies, which nobody else uses.
        memory: the driver's, which is the executor too.
        events: a folder for Spark's event log, if one is to be written.
    """
    jars = ",".join(str(jar) for jar in spark_jars())
    settings = spark_settings(open_lake(folder, create=True)) | {
        "spark.jars": jars,
        "spark.driver.memory": memory,
        "spark.ui.showConsoleProgress": "false",
        "spark.log.level": "ERROR",
        "spark.sql.shuffle.partitions": "8",
    }
    if events is not None:
        settings |= {"spark.eventLog.enabled": "true", "spark.eventLog.dir": events.as_uri()}
    options = " ".join(f"--conf {shlex.quote(f'{key}={value}')}" for key, value in settings.items())
    os.environ["JAVA_HOME"] = str(find_java().parent.parent)
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ["PYSPARK_SUBMIT_ARGS"] = f"{options} pyspark-shell"
    os.environ["SPARK_LOCAL_IP"] = "127.0.0.1"
    return SparkSession.builder.getOrCreate()


def new_lake(spark: SparkSession, folder: Path, catalog: str) -> LocalLake:
    """An empty lake, which the session knows as a catalog of that name."""
    lake = open_lake(folder, create=True)
    for key, value in spark_settings(lake, catalog).items():
        if key.startswith("spark.sql.catalog."):
            spark.conf.set(key, value)
    return lake


def process_of(spark: SparkSession) -> int:
    """The process id of the session's JVM."""
    return int(spark._jvm.java.lang.ProcessHandle.current().pid())  # type: ignore[union-attr]
