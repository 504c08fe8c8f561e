"""The lake's lease in DynamoDB: an emulated table, a clock that the tests set."""

import os
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest
from botocore.config import Config
from moto import mock_aws

from footfall.errors import FootfallError
from footfall.lake.lease_dynamodb import LEASE_SECONDS, DynamoDbLease

START = 1_760_011_200.0


class Clock:
    """A clock that moves where something waits."""

    def __init__(self) -> None:
        self.now = START
        self.then: Callable[[], None] = lambda: None

    def __call__(self) -> float:
        return self.now

    def pause(self, seconds: float) -> None:
        self.now += seconds
        self.then()


@pytest.fixture
def dynamodb(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "none")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "none")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-central-1")
        client.create_table(
            TableName="lease",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client


@pytest.fixture
def clock() -> Clock:
    return Clock()


def lease(client: Any, clock: Clock, holder: str, wait: float = 0, told: list[str] | None = None) -> DynamoDbLease:
    waiting = (lambda other: None) if told is None else told.append
    return DynamoDbLease(client, "lease", holder, wait_seconds=wait, waiting=waiting, clock=clock, pause=clock.pause)


def items(client: Any) -> list[str]:
    return [item["holder"]["S"] for item in client.scan(TableName="lease")["Items"]]


def test_a_run_that_ends_gives_the_lease_back_however_it_ends(dynamodb: Any, clock: Clock) -> None:
    with lease(dynamodb, clock, "one"):
        assert items(dynamodb) == ["one"]
    assert items(dynamodb) == []
    with pytest.raises(RuntimeError, match="broken"), lease(dynamodb, clock, "two"):
        raise RuntimeError("broken")
    assert items(dynamodb) == []


def test_a_second_run_waits_for_the_first_and_says_for_which(dynamodb: Any, clock: Clock) -> None:
    told: list[str] = []
    first = lease(dynamodb, clock, "first")
    first.__enter__()
    clock.then = lambda: first.__exit__(None, None, None) if clock.now >= START + 30 else None
    with lease(dynamodb, clock, "second", wait=60, told=told) as second:
        second.check()
        assert items(dynamodb) == ["second"]
    assert told == ["first"]
    assert clock.now == START + 30


def test_a_run_that_may_wait_no_longer_says_who_holds_the_lake(dynamodb: Any, clock: Clock) -> None:
    with (
        lease(dynamodb, clock, "first"),
        pytest.raises(FootfallError, match=r"held by the run first, and this one has waited 60 s"),
        lease(dynamodb, clock, "second", wait=60),
    ):
        pass
    assert items(dynamodb) == []


def test_what_a_killed_run_left_runs_out(dynamodb: Any, clock: Clock) -> None:
    killed = lease(dynamodb, clock, "killed")
    killed._take()
    with lease(dynamodb, clock, "next", wait=2 * LEASE_SECONDS):
        assert items(dynamodb) == ["next"]
    assert LEASE_SECONDS < clock.now - START <= LEASE_SECONDS + 10


def test_a_lease_that_is_renewed_does_not_run_out(dynamodb: Any, clock: Clock) -> None:
    with lease(dynamodb, clock, "first") as first:
        for _ in range(5):
            clock.now += LEASE_SECONDS - 1
            first.renew()
        first.check()
        with pytest.raises(FootfallError, match="held by the run first"), lease(dynamodb, clock, "second"):
            pass


def test_a_run_that_stood_still_too_long_is_stopped_and_leaves_the_next_ones_lease_alone(
    dynamodb: Any, clock: Clock
) -> None:
    with lease(dynamodb, clock, "slow") as slow:
        clock.now += LEASE_SECONDS + 1
        with pytest.raises(FootfallError, match="lost the lake's lease: it stood still"):
            slow.check()
        with lease(dynamodb, clock, "next") as other:
            slow.renew()
            with pytest.raises(FootfallError, match="lost the lake's lease to the run next"):
                slow.check()
            slow.__exit__(None, None, None)
            assert items(dynamodb) == ["next"]
            other.check()


def test_an_answer_that_was_lost_does_not_make_a_run_wait_for_itself(dynamodb: Any, clock: Clock) -> None:
    asked_before = lease(dynamodb, clock, "one")
    asked_before._take()
    with lease(dynamodb, clock, "one") as again:
        again.check()


def test_without_an_answer_no_run_begins_and_one_that_has_begun_goes_on_until_its_lease_runs_out(
    dynamodb: Any, clock: Clock
) -> None:
    away = boto3.client(
        "dynamodb",
        region_name="eu-central-1",
        endpoint_url="http://127.0.0.1:9",
        config=Config(retries={"total_max_attempts": 1}, connect_timeout=1),
    )
    with pytest.raises(FootfallError, match=r"the table lease does not answer \(EndpointConnectionError\)"):
        lease(away, clock, "one").__enter__()
    with lease(dynamodb, clock, "one") as held:
        held._client = away
        held.renew()
        held.check()
        clock.now += LEASE_SECONDS
        with pytest.raises(FootfallError, match="lost"):
            held.check()
        held._client = dynamodb
