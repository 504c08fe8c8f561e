"""The Lambda's parts against an emulated AWS: Firehose into S3, tenants in DynamoDB."""

import importlib.util
import json
import re
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from footfall.events import raw_line
from footfall.events.tenant_dynamodb import DynamoDbTenants
from footfall.events.tenants import Tenant, WriteKey, hash_write_key
from footfall.lake.raw_rows import decode_object
from footfall.lake.raw_store_s3 import S3RawStore

REPOSITORY = Path(__file__).resolve().parents[2]


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    # Its servers share their state within a process.
    urllib.request.urlopen(f"http://{host}:{port}/moto-api/reset", data=b"").close()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "none")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    yield
    server.stop()


def _resources() -> None:
    boto3.client("s3").create_bucket(Bucket="raw", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    boto3.client("firehose").create_delivery_stream(
        DeliveryStreamName="stream",
        ExtendedS3DestinationConfiguration={
            "RoleARN": "arn:aws:iam::123456789012:role/x",
            "BucketARN": "arn:aws:s3:::raw",
        },
    )
    boto3.client("dynamodb").create_table(
        TableName="tenants",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )


def _handler() -> Any:
    spec = importlib.util.spec_from_file_location("collector_lambda", REPOSITORY / "lambdas/collector/handler.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.handler


def _event(write_key: str) -> dict[str, Any]:
    now = time.time_ns() // 1_000_000
    event = {"id": "e-1", "name": "page_view", "level": "mid", "time": now}
    body = {"write_key": write_key, "sent_at": now, "visitor": "v-1", "events": [event, 7]}
    return {
        "rawPath": "/v1/events",
        "headers": {},
        "requestContext": {"http": {"method": "POST", "sourceIp": "203.0.113.77"}, "requestId": "r-1"},
        "body": json.dumps(body),
        "isBase64Encoded": False,
    }


def test_a_batch_goes_through_the_lambda_into_s3(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    _resources()
    _settings(monkeypatch)
    registry = DynamoDbTenants(boto3.client("dynamodb"), "tenants", time.monotonic)
    shop = Tenant("shop", "salt", (WriteKey(hash_write_key("key"), 0),))
    registry.save(shop)
    registry.save(Tenant("blog", "salt"))
    handler = _handler()

    answer = handler(_event("key"), None)

    assert (answer["statusCode"], json.loads(answer["body"])["accepted"]) == (200, 1)
    assert handler(_event("another key"), None)["statusCode"] == 401
    assert [tenant.name for tenant in registry.all()] == ["blog", "shop"]
    s3 = boto3.client("s3")
    (found,) = s3.list_objects_v2(Bucket="raw")["Contents"]
    (text,) = s3.get_object(Bucket="raw", Key=found["Key"])["Body"].read().splitlines()
    line = raw_line.decode(text)
    assert (line.tenant, line.ip, [event.id for event in line.events]) == ("shop", "203.0.113.0", ["e-1"])
    assert [rejected.reason for rejected in line.rejected] == ["event_invalid"]


@pytest.mark.parametrize(
    "changed", [{"STREAM_NAME": "another-stream"}, {"AWS_ENDPOINT_URL_FIREHOSE": "http://127.0.0.1:9"}]
)
def test_without_firehose_a_batch_is_a_spill_object_that_the_etl_reads(
    aws: None, monkeypatch: pytest.MonkeyPatch, changed: dict[str, str]
) -> None:
    _resources()
    _settings(monkeypatch, **changed)
    _save_shop()
    handler = _handler()
    for _ in range(5):
        assert handler(_event("key"), None)["statusCode"] == 200

    store = S3RawStore("raw", "raw/")
    keys = list(store.keys())
    assert len(keys) == 5
    pattern = r"spill(/[0-9]{2,4}){4}/[0-9a-f]{16}-000000000[0-4]\.json\.gz"
    assert [key for key in keys if not re.fullmatch(pattern, key)] == []
    for key in keys:
        read = decode_object(key, store.read(key))
        assert (read.events.num_rows, read.rejected.num_rows) == (1, 1)


def test_a_line_above_a_firehose_record_is_a_spill_object(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    _resources()
    _settings(monkeypatch)
    _save_shop()
    event = _event("key")
    large = json.loads(event["body"])
    large["events"][0]["properties"] = {str(number): [1e15] * 100 for number in range(600)}
    event["body"] = json.dumps(large).replace("1000000000000000.0", "1e15")
    assert _handler()(event, None)["statusCode"] == 200
    (key,) = S3RawStore("raw", "raw/").keys()
    assert key.startswith("spill/")


def test_without_firehose_and_bucket_nothing_is_acknowledged(aws: None, monkeypatch: pytest.MonkeyPatch) -> None:
    _resources()
    _settings(monkeypatch, STREAM_NAME="another-stream", RAW_BUCKET="another-bucket")
    _save_shop()
    answer = _handler()(_event("key"), None)
    assert answer["statusCode"] == 503
    assert int(answer["headers"]["retry-after"]) > 0


def _save_shop() -> None:
    DynamoDbTenants(boto3.client("dynamodb"), "tenants", time.monotonic).save(
        Tenant("shop", "salt", (WriteKey(hash_write_key("key"), 0),))
    )


def _settings(monkeypatch: pytest.MonkeyPatch, **changed: str) -> None:
    known = {"STREAM_NAME": "stream", "RAW_BUCKET": "raw", "TENANTS_TABLE": "tenants", **changed}
    for name, value in known.items():
        monkeypatch.setenv(name, value)
