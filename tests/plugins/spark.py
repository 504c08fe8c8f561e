"""Spark as short jobs want it: its code is compiled quickly, once, since none lives long enough for better code.

That halves the CPU of a job over a small lake. What Spark plans, generates and runs stays as it is outside of tests.
"""

import os

import pytest

QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


def pytest_configure(config: pytest.Config) -> None:
    """Tell the JVM of every job that a test starts, unless it was told something by whoever runs the tests."""
    os.environ.setdefault("SPARK_SUBMIT_OPTS", QUICK)
