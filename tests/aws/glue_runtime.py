"""Glue 5.1 as far as this machine has it: Spark 3.5, Iceberg's Glue catalog and S3, the packed code and nothing else.

One process with one Spark session runs scripts one after the other, each as Glue does: by its path, as `__main__`, with
the job's arguments. Its Python sees the zip and the wheels that are deployed and the packages of Glue's image, and no
checkout: a module that was not packed is missing here too.
"""

import json
import os
import select
import shlex
import signal
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import IO, Any, Final, NamedTuple

from footfall.local.java import find_java
from footfall.local.spark_jars import spark_jars
from infra.packaging.etl import CODE, WHEELS

SITE_PACKAGES = Path(sysconfig.get_path("purelib"))
ON_AWS = ("boto3", "botocore", "s3transfer", "jmespath", "urllib3", "dateutil", "six.py")
"""What is in the images of Lambda and Glue."""
IN_GLUE = (*ON_AWS, "pyspark", "py4j", "pyarrow", "numpy", "numpy.libs", "pandas", "pytz")
REGION: Final = "eu-central-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
_MACHINE = {
    "spark.master": "local[2]",
    "spark.driver.memory": "1g",
    "spark.driver.host": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.ui.showConsoleProgress": "false",
    # So few rows are read before their code would be compiled.
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.shuffle.partitions": "1",
    # A run has some 600 pieces of generated code, and Spark keeps 100: each run would compile those of the last again.
    "spark.sql.codegen.cache.maxEntries": "2000",
    "spark.driver.extraJavaOptions": "-Duser.timezone=UTC -XX:+UseSerialGC",
}
_DRIVER = """
import contextlib, io, json, runpy, sys
for line in sys.stdin:
    sys.argv = json.loads(line)
    printed, code = io.StringIO(), 0
    with contextlib.redirect_stdout(printed):
        try:
            runpy.run_path(sys.argv[0], run_name="__main__")
        except SystemExit as stop:
            code = stop.code
    print(json.dumps([code, printed.getvalue()]), flush=True)
"""


def only(folder: Path, names: Sequence[str]) -> Path:
    """A folder with links to these packages of this environment, and no others."""
    folder.mkdir()
    for name in names:
        if (SITE_PACKAGES / name).exists():
            (folder / name).symlink_to(SITE_PACKAGES / name)
    return folder


def unpacked(wheels: Path, target: Path) -> Path:
    """The wheels' content in a folder, as pip installs it."""
    for wheel in wheels.iterdir():
        zipfile.ZipFile(wheel).extractall(target)
    return target


class Ended(NamedTuple):
    """How a script ended: its exit code (None: as a script that ran through), and what it printed."""

    code: int | None
    printed: str


class GlueRuntime:
    """The process. Use it in a `with`.

    Args:
        folder: an empty folder for what it needs.
        packed: the packed job: its scripts, `footfall.zip`, `wheels/`.
        settings: Spark's, as the job is given them.
        endpoint: the address of the emulated AWS.
    """

    def __init__(self, folder: Path, packed: Path, settings: Mapping[str, str], endpoint: str) -> None:
        self._packed = packed
        self.log = folder / "spark.log"
        # No site-packages, neither in the driver nor in the workers that Spark starts.
        python = folder / "python"
        python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -S "$@"\n')
        python.chmod(0o755)
        catalog = "spark.sql.catalog.lake"
        told = {
            **settings,
            f"{catalog}.glue.endpoint": endpoint,
            f"{catalog}.s3.endpoint": endpoint,
            f"{catalog}.s3.path-style-access": "true",
            "spark.jars": ",".join(str(jar) for jar in spark_jars()),
            **_MACHINE,
        }
        options = " ".join(f"--conf {shlex.quote(f'{name}={value}')}" for name, value in told.items())
        path = (packed / CODE, unpacked(packed / WHEELS, folder / "wheels"), only(folder / "image", IN_GLUE))
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("AWS_")},
            **CREDENTIALS,
            "AWS_ENDPOINT_URL": endpoint,
            "JAVA_HOME": str(find_java().parent.parent),
            "PYSPARK_PYTHON": str(python),
            "PYSPARK_SUBMIT_ARGS": f"{options} pyspark-shell",
            "SPARK_LOCAL_IP": "127.0.0.1",
            "PYTHONPATH": os.pathsep.join(map(str, path)),
        }
        with self.log.open("w") as log:
            self._process = subprocess.Popen(
                [str(python), "-c", _DRIVER],
                cwd=folder,
                env=environment,
                text=True,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )

    def __enter__(self) -> "GlueRuntime":
        return self

    def __exit__(self, *_: Any) -> None:
        if self._process.poll() is None:
            self._process.communicate()

    def run(self, script: str, arguments: Mapping[str, str]) -> Ended:
        """Run a script of the packed folder to its end.

        Raises:
            AssertionError: the process has ended; what it said is told.
        """
        answer = self._begin(script, arguments).readline()
        assert answer, self.log.read_text()[-5_000:]
        return Ended(*json.loads(answer))

    def run_and_kill(self, script: str, arguments: Mapping[str, str], when: Callable[[], bool]) -> None:
        """Run a script, and kill the process, its JVM too, as soon as something holds.

        Raises:
            AssertionError: the script has ended before.
        """
        answers = self._begin(script, arguments)
        while not when():
            ended, _, _ = select.select([answers], [], [], 0.02)
            assert not ended, f"it has ended: {answers.readline()}{self.log.read_text()[-5_000:]}"
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()

    def _begin(self, script: str, arguments: Mapping[str, str]) -> IO[str]:
        """Start a script; gives where its end is told."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        command = [str(self._packed / script), *(part for pair in arguments.items() for part in pair)]
        self._process.stdin.write(json.dumps(command) + "\n")
        self._process.stdin.flush()
        return self._process.stdout
