"""CPU until a fresh process can take its first request: interpreter, imports, clients.

Ours is what Lambda runs, `lambdas/collector`, with its parts wired; beside it the same in pydantic and boto3.
"""

import os
import resource
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench._figures import Figure, at_most, run, say

LIMIT = 0.35
REPOSITORY = Path(__file__).resolve().parents[1]
SIDES = {
    "ours": "from lambdas.collector.handler import collector; collector()",
    "theirs": "import bench.alternatives.pydantic_lambda",
    "python": "",
}
# Nothing is asked of AWS; the credentials only keep boto3 from looking for others.
SETTINGS = {
    "AWS_ACCESS_KEY_ID": "none",
    "AWS_SECRET_ACCESS_KEY": "none",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_REGION": "eu-central-1",
    "STREAM_NAME": "footfall-raw",
    "TENANTS_TABLE": "footfall-tenants",
    "SPILL_BUCKET": "footfall-raw",
    "SPILL_PREFIX": "raw/",
}


def measure(quick: bool) -> Iterator[Figure]:
    """The figures."""
    rounds = 3 if quick else 15
    spent: dict[str, list[float]] = {name: [] for name in SIDES}
    for number in range(rounds + 1):
        say(f"collector_import: round {number} of {rounds}")
        for name, program in SIDES.items():
            seconds = _cpu_seconds(program)
            if number:  # the first compiles the modules
                spent[name].append(seconds)
    milliseconds = {name: statistics.median(seconds) * 1_000 for name, seconds in spent.items()}
    say(f"collector_import: of each, Python itself takes {milliseconds['python']:.0f} ms")
    yield Figure(
        "import and be ready, beside pydantic and boto3",
        milliseconds["ours"],
        milliseconds["theirs"],
        "CPU ms",
        LIMIT,
        at_most(LIMIT),
    )


def _cpu_seconds(program: str) -> float:
    before = _children()
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(REPOSITORY), **SETTINGS}
    subprocess.run([sys.executable, "-c", program], check=True, env=environment, cwd=REPOSITORY)
    return _children() - before


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    sys.exit(run("collector_import", measure))
