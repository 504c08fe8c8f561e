"""The upkeep job that Glue runs, over files, manifests and snapshots. `footfall upkeep --engine spark` runs it too.

Where it runs tells Spark which catalog `lake` is.
"""

import argparse
import sys
import time

import msgspec
from pyspark.sql import SparkSession

from footfall.errors import FootfallError
from footfall.etl.upkeep import GRACE_MS, keep_up
from footfall.lake.engines.spark import SparkEngine
from footfall.lake.engines.spark_maintenance import SparkMaintenance


def main(arguments: list[str]) -> None:
    """Run the job and print what it did, as one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--grace-ms", type=int, default=GRACE_MS, help="how old a file is before it can be an orphan")
    # Glue adds arguments of its own, such as --JOB_NAME.
    known, _ = parser.parse_known_args(arguments)
    spark = SparkSession.builder.getOrCreate()
    engine = SparkEngine(spark)
    try:
        report = keep_up(
            engine, SparkMaintenance(spark), int(time.time() * 1000), grace_ms=known.grace_ms, progress=_say
        )
    finally:
        engine.close()
    print(msgspec.json.encode(report).decode())


def _say(step: str) -> None:
    print(f"step {step}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except FootfallError as error:
        print(f"footfall: {error}", file=sys.stderr)
        sys.exit(2)
