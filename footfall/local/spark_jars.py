"""The jars that local Spark needs above PySpark: Iceberg, and SQLite for its catalog."""

from collections.abc import Callable
from pathlib import Path

from footfall.local.home import local_home
from footfall.local.maven import POMS, fetch_jars


def spark_jars(progress: Callable[[str], None] | None = None) -> list[Path]:
    """The jars, for `spark.jars`: fetched once (126 MB), then kept.

    Raises:
        FootfallError: Maven is missing, or it could not fetch them.
    """
    return fetch_jars(POMS / "spark.xml", local_home() / "spark" / "jars", progress)
