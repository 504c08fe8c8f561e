"""What the Glue jobs share: the arguments that say where things are, whose turn it is, the engine, and how they end."""

import argparse
import sys
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from pyspark.sql import SparkSession

from footfall.errors import FootfallError
from footfall.lake.engines.spark import SparkEngine
from footfall.lake.engines.spark_branch import settle
from footfall.lake.lease_dynamodb import DynamoDbLease
from footfall.lake.locations import dynamodb

Progress = Callable[[str], None]

LEASE_WAIT_SECONDS = 1_800


def job_parser(description: str | None, *, needs_raw: bool) -> argparse.ArgumentParser:
    """The arguments that every job takes."""
    # Glue adds arguments of its own, which must not be taken for abbreviations of ours.
    parser = argparse.ArgumentParser(description=description, allow_abbrev=False)
    parser.add_argument("--raw", required=needs_raw, help="s3://bucket/prefix, or a folder")
    parser.add_argument("--tenants", required=needs_raw, help="dynamodb:TABLE, or a tenants.toml")
    parser.add_argument("--catalog", default="lake", help="the catalog, as Spark is configured")
    parser.add_argument("--region", help="of DynamoDB; that of the environment unless it is given")
    parser.add_argument("--lease", help="the table of the lake's lease; without one, who starts the job holds it")
    parser.add_argument("--lease-wait-seconds", type=int, default=LEASE_WAIT_SECONDS, help="how long to wait for it")
    parser.add_argument("--JOB_NAME", default="a job", help=argparse.SUPPRESS)
    parser.add_argument("--JOB_RUN_ID", default=uuid.uuid4().hex, help=argparse.SUPPRESS)
    return parser


@contextmanager
def turn(known: argparse.Namespace) -> Iterator[Progress]:
    """Hold the lake's lease, if one is named, while the job runs; gives what is to be told of each step.

    Raises:
        FootfallError: another run holds the lease for too long; or, when a step is told of, it was lost meanwhile.
    """
    if known.lease is None:
        yield say
        return
    lease = DynamoDbLease(
        dynamodb(known.region),
        known.lease,
        f"{known.JOB_RUN_ID} of {known.JOB_NAME}",
        wait_seconds=known.lease_wait_seconds,
        waiting=lambda holder: say(f"waiting for the run {holder}"),
    )
    with lease:

        def progress(step: str) -> None:
            say(step)
            lease.check()

        yield progress


@contextmanager
def spark_engine(known: argparse.Namespace, *, writes: bool = True) -> Iterator[SparkEngine]:
    """The engine over the lake's tables; for who writes, with nothing left that a killed rebuild had yet to do."""
    engine = SparkEngine(SparkSession.builder.getOrCreate(), known.catalog)
    try:
        if writes:
            settle(engine)
        yield engine
    finally:
        engine.close()


def run_job(job: Callable[[Sequence[str]], None]) -> None:
    """Run a job with the process's arguments; what it cannot do is said in a line, and exits 2."""
    try:
        job(sys.argv[1:])
    except FootfallError as error:
        print(f"footfall: {error}", file=sys.stderr, flush=True)
        sys.exit(2)


def say(step: str) -> None:
    """Tell of a step in the job's log."""
    print(f"step {step}", file=sys.stderr, flush=True)
