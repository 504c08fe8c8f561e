"""The collector as a Lambda function behind an HTTP API. STREAM_NAME and TENANTS_TABLE come from the environment."""

import functools
import os
import secrets
import time
from typing import Any

from footfall.collector.api_gateway import respond
from footfall.collector.handler import Collector


@functools.cache
def collector() -> Collector:
    """The composition root: the parts of this process, wired once, at the first call."""
    import boto3
    from botocore.config import Config

    from footfall.collector.sinks.firehose import FirehoseSink
    from footfall.events.tenant_dynamodb import DynamoDbTenants

    quick = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 2, "mode": "standard"})
    # Firehose is asked again by the sink itself, which repeats only the records that failed.
    once = Config(connect_timeout=1, read_timeout=3, retries={"total_max_attempts": 1})
    return Collector(
        registry=DynamoDbTenants(boto3.client("dynamodb", config=quick), os.environ["TENANTS_TABLE"], time.monotonic),
        sink=FirehoseSink(boto3.client("firehose", config=once), os.environ["STREAM_NAME"], time.sleep),
        clock=lambda: time.time_ns() // 1_000_000,
        instance=secrets.token_hex(8),
    )


def handler(event: dict[str, Any], context: object) -> dict[str, Any]:
    """Answer a request of the HTTP API."""
    return respond(collector(), event)
