"""The same over real sockets: the Lambda's handler in a process that is killed for real, against an emulated AWS.

FAULT_SCHEDULES says how many; `make soak` runs 1,000. A failing seed is printed, and FAULT_SEED runs it alone; what
the operating system adds (which call meets which moment) may differ.
"""

import gzip
import http.client
import logging
import multiprocessing
import os
import random
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import boto3
import pytest
from moto.server import ThreadedMotoServer

from footfall.events.tenant_dynamodb import DynamoDbTenants
from footfall.events.tenants import Tenant, WriteKey, hash_write_key
from tests.faults.collector.batches import Batch, make_batch
from tests.faults.collector.books import TENANTS, Books, Findings, audit
from tests.faults.collector.proxy import FAULTS, FaultyProxy
from tests.faults.collector.served import serve

SCHEDULES = int(os.environ.get("FAULT_SCHEDULES", "30"))
SEEDS = [int(os.environ["FAULT_SEED"])] if "FAULT_SEED" in os.environ else list(range(SCHEDULES))
TRIES = 5
ENVIRONMENT = {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}


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
        for name in TENANTS:
            registry.save(Tenant(name, "salt", (WriteKey(hash_write_key(f"key-{name}"), 0),)))

    def raw(self) -> list[bytes]:
        """All raw lines; the emulator's Firehose writes them plain."""
        pages = self.s3.get_paginator("list_objects_v2").paginate(Bucket="raw", Prefix="raw/")
        keys = [found["Key"] for page in pages for found in page.get("Contents", ())]
        bodies = [self.s3.get_object(Bucket="raw", Key=key)["Body"].read() for key in keys]
        texts = [gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body for body in bodies]
        return b"".join(texts).splitlines()

    def stop(self) -> None:
        self.proxy.stop()
        self._server.stop()


class Child:
    """A collector that is started again each time it was killed."""

    def __init__(self, endpoint: str, naive: bool) -> None:
        self._settings = {"STREAM_NAME": "stream", "RAW_BUCKET": "raw", "TENANTS_TABLE": "tenants"}
        self._settings |= {"AWS_ENDPOINT_URL": endpoint, **ENVIRONMENT}
        self._naive = naive
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(["tests.faults.collector.served", "lambdas.collector.handler"])
        self._process: Any = None
        self._port = 0

    def send(self, body: bytes) -> int:
        """The answer's status; 0 where the collector died before it was out."""
        while self._process is None or self._port == 0 or not self._process.is_alive():
            self._start()
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            connection.request("POST", "/v1/events", body)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            self.stop()
            return 0
        finally:
            connection.close()

    def kill(self) -> None:
        process = self._process
        if process is not None:
            with suppress(ProcessLookupError, ValueError):  # it is gone already
                process.kill()

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._process = None

    def _start(self) -> None:
        self.stop()
        ready, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=serve, args=(self._settings, self._naive, theirs))
        process.start()
        self._process = process
        theirs.close()
        with ready:
            assert ready.poll(60), "the collector did not start"
            try:
                self._port = ready.recv()
            except EOFError:  # a call of its predecessor has killed it
                self._port = 0


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "werkzeug")


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    cloud = Cloud()
    yield cloud
    cloud.stop()


def _run(cloud: Cloud, seed: int, *, naive: bool = False) -> tuple[Findings, Books, Counter[int], bool]:
    cloud.reset()
    chance, proxy, books = random.Random(seed), cloud.proxy, Books()
    child = Child(proxy.url, naive)
    proxy.chance, proxy.kill, proxy.happened = random.Random(seed), child.kill, {}
    statuses: Counter[int] = Counter()

    def send(batch: Batch) -> None:
        for _ in range(TRIES):
            status = child.send(batch.body(time.time_ns() // 1_000_000))
            statuses[status] += 1
            if status == 200:
                books.acknowledged.update(batch.keys)
                if chance.random() < 0.9:
                    return
        # Given up: it may be in raw, or not.

    try:
        for _ in range(3):
            proxy.firehose, proxy.s3 = chance.choice(list(FAULTS)), chance.choice(["fair", "fair", "mixed", "down"])
            proxy.kill_chance = chance.choice([0.05, 0.2])
            for _ in range(chance.randint(2, 4)):
                send(make_batch(chance, books, time.time_ns() // 1_000_000))
                if chance.random() < 0.1:
                    child.kill()
        proxy.firehose, proxy.s3, proxy.kill_chance = "fair", "fair", 0.0
        send(make_batch(chance, books, time.time_ns() // 1_000_000))
        well = statuses[200] > 0
    finally:
        child.stop()
    return audit(books, cloud.raw()), books, statuses, well


@pytest.mark.timeout(7_200)
def test_a_collector_that_is_killed_for_real_keeps_what_it_acknowledged(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    failing = []
    happened: Counter[str] = Counter()
    statuses: Counter[int] = Counter()
    acknowledged = 0
    for seed in SEEDS:
        findings, books, answers, well = _run(cloud, seed)
        if not (findings.good and well):
            failing.append((seed, findings))
        happened.update(cloud.proxy.happened)
        statuses.update(answers)
        acknowledged += len(books.acknowledged)
    with capsys.disabled():
        print(
            f"\n{len(SEEDS)} schedules over sockets: {acknowledged} events acknowledged, {len(failing)} seeds lose or "
            f"invent some; answers {dict(sorted(statuses.items()))}; faults {dict(sorted(happened.items()))}"
        )
    assert failing == []
    if len(SEEDS) >= 30:
        assert {"throttle", "error", "refused", "late", "late_landed", "closed_landed"} <= set(happened)
        assert {"kill before", "kill after"} <= set(happened)
        assert set(statuses) == {0, 200, 503}


def test_a_collector_that_answers_first_loses_events_over_sockets_too(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = acknowledged = 0
    for seed in range(10):
        findings, books, _, _ = _run(cloud, seed, naive=True)
        lost += len(findings.lost)
        acknowledged += len(books.acknowledged)
        assert findings.invented == ()
    with capsys.disabled():
        print(f"\nthe control lost {lost} of {acknowledged} events over sockets, in 10 schedules")
    assert lost > 0
