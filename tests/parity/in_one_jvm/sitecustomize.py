"""Gives a Python process that was told of a running JVM its Spark settings there, as a JVM of its own would have them.

Python imports it as it starts, where this folder is on its path: the jobs themselves know nothing of it. PySpark takes
the JVM that the environment names, and then leaves out the settings with which it would have started one.
"""

import os
import shlex
from itertools import pairwise


def _settle_in() -> None:
    from pyspark.java_gateway import launch_gateway

    gateway = launch_gateway()  # type: ignore[no-untyped-call]
    # What the process before this one has left: a JVM has one context at a time.
    session = gateway.jvm.org.apache.spark.sql.SparkSession.getDefaultSession()
    if session.isDefined():
        session.get().stop()
    told = shlex.split(os.environ.get("PYSPARK_SUBMIT_ARGS", ""))
    for option, setting in pairwise(told):
        if option == "--conf":
            gateway.jvm.java.lang.System.setProperty(*setting.split("=", 1))
    gateway.shutdown_callback_server()
    gateway.close()


if "PYSPARK_GATEWAY_PORT" in os.environ:
    _settle_in()
