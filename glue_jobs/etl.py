"""The ETL job that Glue runs: take in what is new in raw. `footfall etl --engine spark` runs this same script.

Where it runs tells Spark which catalog `lake` is; the arguments tell where raw and the tenants are.
"""

import argparse
import dataclasses
import json
import sys
import time
from pathlib import Path

from pyspark.sql import SparkSession

from footfall.errors import FootfallError
from footfall.etl.pipeline import run
from footfall.etl.unlinks import UNLINK
from footfall.events.tenant_dynamodb import DynamoDbTenants
from footfall.events.tenant_file import TenantFile
from footfall.events.tenants import TenantRegistry
from footfall.lake.actions import ActionLog, ActionStore, FileActionStore
from footfall.lake.actions_s3 import S3ActionStore
from footfall.lake.engines.spark import SparkEngine
from footfall.lake.raw_store import FileRawStore, RawStore
from footfall.lake.raw_store_s3 import S3RawStore
from footfall.lake.retention import read_retention
from footfall.lake.suppression import read_suppressions


def main(arguments: list[str]) -> None:
    """Run the job and print what it did, as one JSON line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--raw", required=True, help="s3://bucket/prefix, or a folder")
    parser.add_argument("--tenants", required=True, help="dynamodb:TABLE, or a tenants.toml")
    parser.add_argument("--catalog", default="lake", help="the catalog, as Spark is configured")
    # Glue adds arguments of its own, such as --JOB_NAME.
    known, _ = parser.parse_known_args(arguments)
    spark = SparkSession.builder.getOrCreate()
    engine = SparkEngine(spark, known.catalog)
    try:
        tenants = _tenants(known.tenants).all()
        log = ActionLog(_actions(known.raw))
        report = run(
            engine,
            _raw(known.raw),
            tenants,
            _say,
            suppressions=read_suppressions(log, tenants),
            unlinks=tuple(log.of(UNLINK)),
            retention=read_retention(log),
        )
    finally:
        engine.close()
    print(json.dumps(dataclasses.asdict(report)))


def _raw(location: str) -> RawStore:
    return S3RawStore(*_bucket(location)) if location.startswith("s3://") else FileRawStore(Path(location))


def _actions(location: str) -> ActionStore:
    return S3ActionStore(*_bucket(location)) if location.startswith("s3://") else FileActionStore(Path(location))


def _bucket(location: str) -> tuple[str, str]:
    bucket, _, prefix = location.removeprefix("s3://").partition("/")
    return bucket, f"{prefix.rstrip('/')}/" if prefix else ""


def _tenants(location: str) -> TenantRegistry:
    if location.startswith("dynamodb:"):
        import boto3

        return DynamoDbTenants(boto3.client("dynamodb"), location.removeprefix("dynamodb:"), time.monotonic)
    return TenantFile(Path(location))


def _say(step: str) -> None:
    print(f"step {step}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except FootfallError as error:
        print(f"footfall: {error}", file=sys.stderr)
        sys.exit(2)
