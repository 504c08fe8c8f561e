"""One JVM for the Spark jobs of several Python processes, one after the other, each with a context of its own.

What takes a small job its time is code that was not compiled yet: each JVM begins with that again. What Spark plans,
generates and runs is what it does elsewhere; its code is compiled quickly, since none lives long enough for better.
"""

import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from footfall.local.java import find_java
from footfall.local.spark_jars import spark_jars

REPOSITORY = Path(__file__).resolve().parents[2]
# Ends as its input does, and the JVM with it.
_STARTER = """
import sys
from pyspark.java_gateway import launch_gateway
gateway = launch_gateway()
print(gateway.gateway_parameters.port, gateway.gateway_parameters.auth_token, flush=True)
sys.stdin.read()
"""
_QUICK = "-XX:TieredStopAtLevel=1 -XX:ReservedCodeCacheSize=256m -XX:+UseSerialGC"
_SETTINGS = {
    "spark.driver.memory": "2g",
    "spark.driver.extraJavaOptions": f"-Duser.timezone=UTC {_QUICK}",
    # A job has some 600 pieces of generated code, and Spark keeps 100: each job would compile those of the last again.
    "spark.sql.codegen.cache.maxEntries": "2000",
}


@contextmanager
def one_jvm(log: Path) -> Iterator[dict[str, str]]:
    """A JVM, and the environment with which a Python process uses it instead of its own.

    Args:
        log: the file for what the JVM says.
    """
    settings = {**_SETTINGS, "spark.jars": ",".join(map(str, spark_jars()))}
    options = " ".join(f"--conf {shlex.quote(f'{name}={value}')}" for name, value in settings.items())
    environment = {
        **os.environ,
        "JAVA_HOME": str(find_java().parent.parent),
        "PYSPARK_SUBMIT_ARGS": f"{options} pyspark-shell",
        # Of the Python processes that Spark starts.
        "PYTHONPATH": str(REPOSITORY),
        "SPARK_LOCAL_IP": "127.0.0.1",
    }
    with (
        log.open("w") as said,
        subprocess.Popen(
            [sys.executable, "-c", _STARTER],
            env=environment,
            text=True,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=said,
        ) as starter,
    ):
        assert starter.stdout is not None
        answer = starter.stdout.readline().split()
        assert answer, log.read_text()[-5_000:]
        port, secret = answer
        yield {
            "PYSPARK_GATEWAY_PORT": port,
            "PYSPARK_GATEWAY_SECRET": secret,
            "PYTHONPATH": str(Path(__file__).with_name("in_one_jvm")),
        }
