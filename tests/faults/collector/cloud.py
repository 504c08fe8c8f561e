"""An emulated AWS in threads of this process, and the proxy before it."""

import gzip
import time
import urllib.request

import boto3
from moto.server import ThreadedMotoServer

from footfall.events.tenant_dynamodb import DynamoDbTenants
from footfall.events.tenants import Tenant, WriteKey, hash_write_key
from tests.faults.collector.books import TENANTS
from tests.faults.collector.proxy import FaultyProxy

KNOWN = tuple(Tenant(name, "salt", (WriteKey(hash_write_key(f"key-{name}"), 0),)) for name in TENANTS)


class Cloud:
    """The emulated AWS, and the proxy before it."""

    def __init__(self) -> None:
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
        self._server.start()
        self.address = self._server.get_host_and_port()
        self.url = "http://{}:{}".format(*self.address)
        self.proxy = FaultyProxy(self.address)
        known = {"endpoint_url": self.url, "region_name": "eu-central-1"}
        keys = {"aws_access_key_id": "none", "aws_secret_access_key": "none"}
        self.s3, self.firehose, self.dynamodb = (
            boto3.client(name, **known, **keys)  # type: ignore[call-overload]
            for name in ("s3", "firehose", "dynamodb")
        )

    def reset(self) -> None:
        """Begin anew: an empty bucket, and the tenants' table."""
        host, port = self.address
        urllib.request.urlopen(f"http://{host}:{port}/moto-api/reset", data=b"").close()
        self.s3.create_bucket(Bucket="raw", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
        target = {"RoleARN": "arn:aws:iam::123456789012:role/x", "BucketARN": "arn:aws:s3:::raw", "Prefix": "raw/"}
        self.firehose.create_delivery_stream(DeliveryStreamName="stream", ExtendedS3DestinationConfiguration=target)
        self.dynamodb.create_table(
            TableName="tenants",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        registry = DynamoDbTenants(self.dynamodb, "tenants", time.monotonic)
        for tenant in KNOWN:
            registry.save(tenant)

    def objects(self) -> dict[str, bytes]:
        """All raw objects, inflated, by their keys; the emulator's Firehose writes them plain."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket="raw", Prefix="raw/")
        keys = [found["Key"] for page in pages for found in page.get("Contents", ())]
        bodies = {key: self.s3.get_object(Bucket="raw", Key=key)["Body"].read() for key in keys}
        return {key: gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body for key, body in bodies.items()}

    def stop(self) -> None:
        """Stop both; nothing of it stays."""
        self.proxy.stop()
        self._server.stop()
