"""Tenants and their keys are changed in the same way in a lake's file and in a table of DynamoDB."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import boto3
import msgspec
import pytest
from moto import mock_aws

from footfall.errors import FootfallError
from footfall.events.tenant_changes import EditableTenants
from footfall.events.tenant_dynamodb import DynamoDbTenants
from footfall.events.tenant_file import TenantFile
from footfall.events.tenant_table import TenantTable
from footfall.events.tenants import Tenant, TenantRegistry

NOW = 1_767_225_600_000
HOUR = 3_600_000


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "none")
    with mock_aws():
        client = boto3.client("dynamodb", region_name="eu-central-1")
        client.create_table(
            TableName="tenants",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield client


Places = tuple[EditableTenants, TenantRegistry]
"""Where an operator changes tenants, and what a collector that starts now reads of it."""


@pytest.fixture(params=["file", "table"])
def places(request: pytest.FixtureRequest, tmp_path: Path, client: Any) -> Places:
    if request.param == "table":
        return TenantTable(client, "tenants"), _fresh(client)
    (tmp_path / "tenants.toml").write_text("format = 1\n")
    return TenantFile(tmp_path / "tenants.toml"), TenantFile(tmp_path / "tenants.toml")


def _fresh(client: Any) -> DynamoDbTenants:
    """A registry that asks each time: its clock runs an hour a look."""
    ticks = iter(range(0, 1_000_000, 3_600))
    return DynamoDbTenants(client, "tenants", lambda: float(next(ticks)))


def names(registry: TenantRegistry, key: str, now: int = NOW) -> tuple[str, ...] | None:
    """The event names that a key may send, or None where it works no more."""
    tenant = registry.by_write_key(key, now)
    return None if tenant is None else tenant.event_names


def test_an_added_tenant_is_known_by_its_key(places: Places) -> None:
    operator, collector = places
    tenant, key = operator.add("shop", NOW)
    assert collector.by_write_key(key, NOW) == tenant
    assert operator.all() == (tenant,)


@pytest.mark.parametrize(
    ("of_tenant", "of_key", "seen"),
    [
        ((), (), ()),
        ((), ("view", "buy"), ("view", "buy")),
        (("buy", "search"), (), ("buy", "search")),
        (("buy", "search"), ("view", "buy"), ("buy",)),
        (("search",), ("buy",), ("",)),
    ],
    ids=["all", "the key's", "the tenant's", "what both allow", "none"],
)
def test_a_key_may_send_what_its_tenant_takes_in_and_its_own_list_holds(
    places: Places, of_tenant: tuple[str, ...], of_key: tuple[str, ...], seen: tuple[str, ...]
) -> None:
    operator, collector = places
    _, first = operator.add("shop", NOW)
    key = operator.add_key("shop", NOW, of_key)
    operator.update("shop", lambda tenant: msgspec.structs.replace(tenant, event_names=of_tenant))
    assert names(collector, key) == seen
    assert names(collector, first) == of_tenant


def test_a_rotated_key_keeps_its_names_and_the_old_one_ends_after_the_overlap(places: Places) -> None:
    operator, collector = places
    _, first = operator.add("shop", NOW)
    old = operator.add_key("shop", NOW, ("view",))
    (limited,) = [key.id for key in operator.all()[0].keys if key.event_names]
    new = operator.rotate("shop", NOW, 3_600, limited)
    assert [names(collector, key, NOW + HOUR - 1) for key in (first, old, new)] == [(), ("view",), ("view",)]
    assert [names(collector, key, NOW + HOUR) for key in (first, old, new)] == [(), None, ("view",)]


def test_keys_for_different_events_are_not_replaced_by_one(places: Places) -> None:
    operator, collector = places
    _, first = operator.add("shop", NOW)
    operator.add_key("shop", NOW, ("view",))
    with pytest.raises(FootfallError, match="which one to replace with --key"):
        operator.rotate("shop", NOW)
    assert names(collector, first, NOW + 48 * HOUR) == ()


def test_a_key_is_ended_alone(places: Places) -> None:
    operator, collector = places
    _, first = operator.add("shop", NOW)
    second = operator.add_key("shop", NOW)
    operator.end_key("shop", operator.all()[0].keys[0].id, NOW)
    assert (names(collector, second), names(collector, first)) == (None, ())


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda tenants: tenants.add("shop", NOW), "rotate-key shop"),
        (lambda tenants: tenants.add("Shop", NOW), "cannot name a tenant"),
        (lambda tenants: tenants.rotate("blog", NOW), "no tenant is named 'blog'; this lake has: shop"),
        (lambda tenants: tenants.rotate("shop", NOW, 0, "1234"), "no key '1234' that works"),
        (lambda tenants: tenants.end_key("shop", "1234", NOW), "no key '1234' that works"),
        (lambda tenants: tenants.add_key("shop", NOW, ("x" * 129,)), "1 to 128 characters"),
    ],
    ids=["taken", "malformed", "no such tenant", "no such key to rotate", "no such key to end", "no event's name"],
)
def test_what_cannot_be_changed_is_said_in_one_line(places: Places, change: Any, says: str) -> None:
    operator, _ = places
    operator.add("shop", NOW)
    before = operator.all()
    with pytest.raises(FootfallError, match=says) as refused:
        change(operator)
    assert "\n" not in str(refused.value)
    assert operator.all() == before


def test_of_two_changes_of_a_table_at_once_none_is_lost(client: Any) -> None:
    operator = TenantTable(client, "tenants")
    operator.add("shop", NOW)
    goals = iter(["another's", "never"])

    def change(tenant: Tenant) -> Tenant:
        if tenant.goal == "purchase":  # somebody else is quicker
            TenantTable(client, "tenants").update(
                "shop", lambda found: msgspec.structs.replace(found, goal=next(goals))
            )
        return msgspec.structs.replace(tenant, time_zone="Europe/Berlin")

    changed = operator.update("shop", change)
    assert (changed.goal, changed.time_zone) == ("another's", "Europe/Berlin")
    assert operator.all() == (changed,)


def test_a_key_that_went_leaves_nothing_in_the_table(client: Any) -> None:
    operator = TenantTable(client, "tenants")
    operator.add("shop", NOW)
    operator.rotate("shop", NOW, 0)
    operator.rotate("shop", NOW + 1, 0)
    items = {item["pk"]["S"] for item in client.scan(TableName="tenants")["Items"]}
    assert items == {"tenant#shop", *(f"key#{key.sha256}" for key in operator.all()[0].keys)}


def test_a_table_that_is_not_there_is_said_in_one_line(client: Any) -> None:
    nowhere = TenantTable(client, "nowhere")
    for change in (nowhere.all, partial(nowhere.add, "shop", NOW), partial(nowhere.rotate, "shop", NOW)):
        with pytest.raises(FootfallError, match=r"the table nowhere .*ResourceNotFoundException") as refused:
            change()
        assert "\n" not in str(refused.value)
