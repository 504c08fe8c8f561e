"""What it costs Spark that one tenant has most of the traffic: beside the same traffic spread over tenants evenly."""

import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

from bench._figures import Figure, at_most, run, say
from bench._lake_traffic import TrafficSource
from bench._process_tree import tree_cpu_seconds
from bench._warm_spark import new_lake, warm_session
from footfall.etl import pipeline
from footfall.events.tenants import Tenant
from footfall.lake.engines.spark import SparkEngine
from footfall.lake.raw_store import FileRawStore

EVENTS = 500_000
WARMING_EVENTS = 20_000
NAMES = tuple(f"shop-{number}" for number in range(10))
TENANTS = tuple(Tenant(name, salt="s") for name in NAMES)
# Nine tenants share a tenth of the traffic.
SHARES: Mapping[str, tuple[float, ...]] = {"even": (10,) * 10, "skewed": (90, *(10 / 9,) * 9)}


def measure(quick: bool) -> Iterator[Figure]:
    """CPU of the whole run, then of its longest task."""
    with tempfile.TemporaryDirectory(prefix="footfall-bench-") as name:
        folder = Path(name)
        events = EVENTS // (10 if quick else 1)
        for side, shares in SHARES.items():
            TrafficSource(events, 1, NAMES, shares).write(folder / side / "traffic")
        TrafficSource(WARMING_EVENTS, 1, NAMES, seed=2).write(folder / "warm" / "traffic")
        log = folder / "log"
        log.mkdir()
        spark = warm_session(folder / "first", events=log)
        seconds: dict[str, float] = {}
        try:
            for side in ("warm", *SHARES):
                new_lake(spark, folder / side / "lake", side)
                spark.sparkContext.setJobGroup(side, side)
                before = tree_cpu_seconds()
                engine = SparkEngine(spark, side)
                pipeline.run(engine, FileRawStore(folder / side / "traffic"), TENANTS, late=None)
                engine.close()
                seconds[side] = tree_cpu_seconds() - before
                say(f"{side}: {seconds[side]:.0f} CPU seconds")
        finally:
            spark.stop()
        longest = longest_tasks(next(log.iterdir()))
        yield Figure(
            f"CPU of Spark's run with 90 % in one of {len(NAMES)} tenants, by an even one",
            seconds["skewed"],
            seconds["even"],
            "s",
            1.15,
            at_most(1.15),
            {"events": events},
        )
        yield Figure(
            f"CPU of the longest task with 90 % in one of {len(NAMES)} tenants, by an even one",
            longest["skewed"],
            longest["even"],
            "s",
            2,
            at_most(2),
            {"events": events},
        )


def longest_tasks(log: Path) -> dict[str, float]:
    """The CPU seconds of the longest task of each job group, from Spark's event log."""
    groups: dict[int, str] = {}
    longest: dict[str, float] = defaultdict(float)
    with log.open(encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if event["Event"] == "SparkListenerStageSubmitted":
                group = (event.get("Properties") or {}).get("spark.jobGroup.id", "")
                groups[event["Stage Info"]["Stage ID"]] = group
            elif event["Event"] == "SparkListenerTaskEnd" and event.get("Task Metrics"):
                group = groups.get(event["Stage ID"], "")
                spent = event["Task Metrics"]["Executor CPU Time"] / 1e9
                longest[group] = max(longest[group], spent)
    return longest


if __name__ == "__main__":
    sys.exit(run("etl_skew", measure))
