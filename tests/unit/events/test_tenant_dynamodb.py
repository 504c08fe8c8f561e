"""The registry of tenants in DynamoDB."""

from typing import Any

import msgspec
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from footfall.events.tenant_dynamodb import OUTAGE_SECONDS, RETRY_SECONDS, STALENESS_SECONDS, DynamoDbTenants
from footfall.events.tenants import EventSchema, RegistryUnavailable, Tenant, WriteKey, hash_write_key

NOW = 1_767_225_600_000
AWAY = EndpointConnectionError(endpoint_url="here")
SHOP = Tenant(
    "shop",
    "salt",
    (WriteKey(hash_write_key("new"), NOW), WriteKey(hash_write_key("old"), NOW, expires_at=NOW + 1_000)),
    goal="order",
    origins=("https://shop.example",),
    events_per_second=5,
    on_consent_denied="drop",
    schemas=(EventSchema("order", "warn", "{}"),),
)


class FakeTable:
    """The few calls of a DynamoDB client that are used, over a dictionary."""

    def __init__(self) -> None:
        self.items: dict[str, Any] = {}
        self.reads = 0
        self.error: Exception | None = None

    def get_item(self, *, TableName: str, Key: dict[str, dict[str, str]]) -> dict[str, Any]:  # noqa: N803
        assert TableName == "tenants"
        self.reads += 1
        if self.error is not None:
            raise self.error
        item = self.items.get(Key["pk"]["S"])
        return {} if item is None else {"Item": item}

    def put_item(self, *, TableName: str, Item: dict[str, dict[str, str]]) -> None:  # noqa: N803
        assert TableName == "tenants"
        self.items[Item["pk"]["S"]] = Item


class Seconds:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def table() -> FakeTable:
    return FakeTable()


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def registry(table: FakeTable, seconds: Seconds) -> DynamoDbTenants:
    registry = DynamoDbTenants(table, "tenants", seconds)  # type: ignore[arg-type]
    registry.save(SHOP)
    return registry


def test_a_saved_tenant_is_known_by_each_of_its_keys(registry: DynamoDbTenants) -> None:
    assert registry.by_write_key("new", NOW) == SHOP
    assert registry.by_write_key("old", NOW) == SHOP
    assert registry.by_write_key("none", NOW) is None


def test_a_key_that_has_ended_is_unknown_at_once(registry: DynamoDbTenants) -> None:
    assert registry.by_write_key("old", NOW + 999) == SHOP
    assert registry.by_write_key("old", NOW + 1_000) is None


@pytest.mark.parametrize("key", ["new", "none"])
def test_what_is_known_of_a_key_is_read_again_after_a_minute(
    registry: DynamoDbTenants, table: FakeTable, seconds: Seconds, key: str
) -> None:
    registry.by_write_key(key, NOW)
    reads = table.reads
    seconds.now = STALENESS_SECONDS - 1
    registry.by_write_key(key, NOW)
    assert table.reads == reads
    seconds.now = STALENESS_SECONDS
    registry.by_write_key(key, NOW)
    assert table.reads > reads


@pytest.mark.parametrize(
    "error",
    [
        EndpointConnectionError(endpoint_url="here"),
        ClientError({"Error": {"Code": "ThrottlingException", "Message": ""}}, "GetItem"),
        RegistryUnavailable("told by a client of our own"),
    ],
)
def test_a_table_that_is_away_is_not_taken_for_an_unknown_key(
    registry: DynamoDbTenants, table: FakeTable, error: Exception
) -> None:
    table.error = error
    with pytest.raises(RegistryUnavailable):
        registry.by_write_key("new", NOW)


@pytest.fixture
def away(registry: DynamoDbTenants, table: FakeTable) -> DynamoDbTenants:
    """A registry that knew both keys, and that there is none of the third, when its table went away at second 0."""
    for key in ("new", "old", "none"):
        registry.by_write_key(key, NOW)
    table.error = AWAY
    return registry


@pytest.mark.parametrize("second", [STALENESS_SECONDS - 1, STALENESS_SECONDS, OUTAGE_SECONDS - 1])
def test_a_key_that_was_good_stays_so_while_the_table_is_away(
    away: DynamoDbTenants, seconds: Seconds, second: float
) -> None:
    seconds.now = second
    assert away.by_write_key("new", NOW) == SHOP


@pytest.mark.parametrize(
    ("key", "second"),
    [("new", OUTAGE_SECONDS), ("none", STALENESS_SECONDS), ("never asked for", 0.0)],
    ids=["good, but too long ago", "was unknown", "was never asked for"],
)
def test_of_other_keys_nobody_can_say_while_the_table_is_away(
    away: DynamoDbTenants, seconds: Seconds, key: str, second: float
) -> None:
    seconds.now = second
    with pytest.raises(RegistryUnavailable):
        away.by_write_key(key, NOW)


def test_a_key_that_ends_during_an_outage_ends(away: DynamoDbTenants, seconds: Seconds) -> None:
    seconds.now = STALENESS_SECONDS
    assert away.by_write_key("old", NOW + 1_000) is None


def test_during_an_outage_known_keys_ask_now_and_then_and_see_its_end(
    away: DynamoDbTenants, table: FakeTable, seconds: Seconds
) -> None:
    seconds.now = STALENESS_SECONDS
    away.by_write_key("new", NOW)
    reads = table.reads
    for _ in range(10):
        away.by_write_key("new", NOW)
    assert table.reads == reads
    table.error = None
    away.save(msgspec.structs.replace(SHOP, goal="another"))
    seconds.now += RETRY_SECONDS
    found = away.by_write_key("new", NOW)
    assert found is not None
    assert found.goal == "another"


def test_how_long_an_outage_is_bridged_is_a_setting(table: FakeTable, seconds: Seconds) -> None:
    registry = DynamoDbTenants(table, "tenants", seconds, outage_seconds=100)  # type: ignore[arg-type]
    registry.save(SHOP)
    registry.by_write_key("new", NOW)
    table.error, seconds.now = AWAY, 100
    with pytest.raises(RegistryUnavailable):
        registry.by_write_key("new", NOW)


def test_a_key_may_have_names_of_its_own(registry: DynamoDbTenants) -> None:
    limited = WriteKey(hash_write_key("limited"), NOW, event_names=("order",))
    registry.save(msgspec.structs.replace(SHOP, keys=(*SHOP.keys, limited)))
    seen = registry.by_write_key("limited", NOW)
    assert seen is not None
    assert seen.event_names == ("order",)


def test_guessed_keys_do_not_fill_the_memory(registry: DynamoDbTenants) -> None:
    for number in range(10_100):
        registry.by_write_key(f"guess-{number}", NOW)
    assert len(registry._known) == 10_000
