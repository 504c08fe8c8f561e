"""The collector as a Lambda function behind an HTTP API.

STREAM_NAME, RAW_BUCKET and TENANTS_TABLE come from the environment, as do region and credentials, set by Lambda.
FIREHOSE_SECONDS, SPILL_SECONDS and TENANTS_OUTAGE_SECONDS may set other limits than those of the parts.
"""

import functools
import os
import secrets
import time
from typing import TYPE_CHECKING, Any, cast

from footfall.collector.api_gateway import respond
from footfall.collector.aws.connection import Address
from footfall.collector.aws.credentials import CredentialChain
from footfall.collector.aws.dynamodb import DynamoDbItems
from footfall.collector.aws.firehose import FirehoseStream
from footfall.collector.aws.s3 import S3Bucket
from footfall.collector.aws.service import Service, endpoint
from footfall.collector.handler import Collector
from footfall.collector.sinks.durable import DurableSink
from footfall.collector.sinks.firehose import BUDGET_SECONDS, FirehoseSink
from footfall.collector.sinks.port import Sink
from footfall.collector.sinks.spill import SECONDS as SPILL_SECONDS
from footfall.collector.sinks.spill import SpillSink
from footfall.collector.sinks.spill_mode import SpillMode
from footfall.events.tenant_dynamodb import OUTAGE_SECONDS, DynamoDbTenants

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


@functools.cache
def collector() -> Collector:
    """The composition root: the parts of this process, wired once, at the first call."""
    region = os.environ.get("AWS_REGION") or os.environ.get("AWS_DEFAULT_REGION", "")
    credentials = CredentialChain(os.environ)
    items = DynamoDbItems(_service("dynamodb", region, credentials))
    return Collector(
        registry=DynamoDbTenants(
            cast("DynamoDBClient", items),
            os.environ["TENANTS_TABLE"],
            time.monotonic,
            float(os.environ.get("TENANTS_OUTAGE_SECONDS", OUTAGE_SECONDS)),
        ),
        sink=sink(region, credentials),
        clock=lambda: time.time_ns() // 1_000_000,
        instance=secrets.token_hex(8),
    )


def sink(region: str, credentials: CredentialChain) -> Sink:
    """Firehose first, spill objects where it fails."""
    stream = FirehoseStream(_service("firehose", region, credentials), os.environ["STREAM_NAME"])
    bucket = S3Bucket(os.environ["RAW_BUCKET"], region, os.environ, credentials)
    firehose_seconds = float(os.environ.get("FIREHOSE_SECONDS", BUDGET_SECONDS))
    spill_seconds = float(os.environ.get("SPILL_SECONDS", SPILL_SECONDS))
    firehose = FirehoseSink(stream, time.monotonic, time.sleep, firehose_seconds)
    return DurableSink(firehose, SpillSink(bucket, spill_seconds), SpillMode(time.monotonic))


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a request of the HTTP API."""
    return respond(collector(), event)


def _service(name: str, region: str, credentials: CredentialChain) -> Service:
    return Service(name, region, Address(endpoint(name, region, os.environ)), credentials)
