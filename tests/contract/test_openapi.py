"""The OpenAPI document is that of the structs, and the collector does over HTTP what it says."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.specs.openapi import checks

from footfall.collector import openapi
from footfall.events.tenant_file import TenantFile
from footfall.lake.layout import open_lake
from footfall.local.server import LocalServer

NOW = 1_767_225_600_000

schema = schemathesis.openapi.from_dict(openapi.document())


@schemathesis.serializer("text/plain")
def json_as_text(context: schemathesis.SerializationContext, value: Any) -> bytes:
    """A batch is JSON, whatever its Content-Type says."""
    return value if isinstance(value, bytes) else json.dumps(value).encode()


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """The address of a local server, and a write key."""
    lake = open_lake(tmp_path_factory.mktemp("openapi") / "lake", create=True)
    write_key = TenantFile(lake.tenants).add("shop", NOW)[1]
    with LocalServer(lake) as server:
        yield server.url, write_key


def test_the_document_in_the_repository_is_fresh() -> None:
    written = Path(__file__).resolve().parents[2] / "contract" / "collector.openapi.json"
    assert written.read_text("utf-8") == openapi.text(), "run: python -m footfall.collector.openapi"


def test_the_document_is_openapi() -> None:
    schema.validate()


@schema.parametrize()
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_the_collector_answers_as_the_document_says(case: schemathesis.Case[Any], served: tuple[str, str]) -> None:
    url, write_key = served
    # Most keys that are made up are of nobody, and the answer would always be 401.
    if isinstance(case.body, dict) and "write_key" in case.body and len(case.body) % 3:
        case.body["write_key"] = write_key
    case.body = _as_clients_write(case.body)
    case.call_and_validate(
        base_url=url,
        # An event that is against the schema is set aside, and the batch is taken: 200, with the event's reason.
        excluded_checks=[checks.negative_data_rejection],
    )


def _as_clients_write(value: Any) -> Any:
    """The value with what JSON Schema cannot tell apart, or forbid, written as the document's text says."""
    if isinstance(value, dict):
        return {_as_clients_write(name): _as_clients_write(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_as_clients_write(item) for item in value]
    if isinstance(value, str):
        return value.replace("\0", "0")
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value
