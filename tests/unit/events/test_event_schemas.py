"""JSON Schemas for events' properties."""

import json
import time
from typing import Any

import pytest

from footfall.errors import FootfallError
from footfall.events import event_schemas
from footfall.events.tenants import EventSchema, Tenant

SHOP = Tenant("shop", "salt")
PURCHASE = {
    "type": "object",
    "required": ["value"],
    "properties": {"value": {"type": "number", "minimum": 0}, "items": {"items": {"type": "object"}}},
}


def _schema(document: Any) -> EventSchema:
    return event_schemas.add(SHOP, "purchase", "warn", json.dumps(document)).schemas[0]


@pytest.mark.parametrize(
    ("properties", "says"),
    [
        ({"value": 1}, ""),
        ({"value": 1.5, "more": None}, ""),
        ({}, '"value" is a required property - at `$.properties`'),
        ({"value": "SECRET"}, 'the value is not of type "number" - at `$.properties.value`'),
        ({"value": -1}, "the value is less than the minimum of 0 - at `$.properties.value`"),
        ({"value": 1, "items": [{}, "SECRET"]}, 'the value is not of type "object" - at `$.properties.items[1]`'),
    ],
)
def test_what_does_not_match_is_said_with_its_place_and_without_its_value(properties: Any, says: str) -> None:
    assert event_schemas.mismatch(_schema(PURCHASE), properties) == says


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "5",
        "[]",
        '{"type": "nope"}',
        '{"pattern": "("}',
        '{"pattern": "(?=a)b"}',
        '{"$ref": "http://127.0.0.1:9/x.json"}',
        '{"$ref": "file:///etc/passwd"}',
        '{"$ref": "#/nowhere"}',
        '{"$schema": "urn:unknown"}',
        '{"title": "' + "x" * 70_000 + '"}',
    ],
)
def test_a_schema_that_cannot_be_used_is_refused_when_it_is_added(text: str) -> None:
    with pytest.raises(FootfallError) as refused:
        event_schemas.add(SHOP, "purchase", "warn", text)
    assert "\n" not in str(refused.value)
    assert "'purchase'" in str(refused.value)


def test_a_schema_takes_the_place_of_the_one_before() -> None:
    tenant = event_schemas.add(SHOP, "purchase", "warn", "{}")
    tenant = event_schemas.add(tenant, "add_to_cart", "warn", "{}")
    tenant = event_schemas.add(tenant, "purchase", "enforce", "true")
    assert [(schema.event, schema.mode, schema.schema) for schema in tenant.schemas] == [
        ("add_to_cart", "warn", "{}"),
        ("purchase", "enforce", "true"),
    ]
    assert [schema.event for schema in event_schemas.remove(tenant, "purchase").schemas] == ["add_to_cart"]


def test_a_tenant_has_a_bounded_number_of_schemas() -> None:
    tenant = Tenant("shop", "s", schemas=tuple(EventSchema(f"e{n}", "warn", "{}") for n in range(100)))
    assert len(event_schemas.add(tenant, "e5", "enforce", "{}").schemas) == 100
    with pytest.raises(FootfallError, match="100 schemas already"):
        event_schemas.add(tenant, "one more", "warn", "{}")


def test_a_pattern_takes_time_linear_in_the_text() -> None:
    schema = _schema({"properties": {"a": {"pattern": "^(a+)+$"}}})
    began = time.process_time()
    assert event_schemas.mismatch(schema, {"a": "a" * 60_000 + "b"})
    assert time.process_time() - began < 5
