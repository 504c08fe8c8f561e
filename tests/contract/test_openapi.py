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
from footfall.collector.handler import HEALTH_PATH, SPOKEN
from footfall.events.tenant_file import TenantFile
from footfall.lake.layout import open_lake
from footfall.local.server import LocalServer
from footfall.protocols import native
from footfall.protocols.predictionio import PredictionIO
from footfall.protocols.snowplow import Snowplow

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


@schema.include(path=[native.PATH, HEALTH_PATH]).parametrize()
@settings(max_examples=60, suppress_health_check=list(HealthCheck))
def test_the_collector_answers_as_the_document_says(case: schemathesis.Case[Any], served: tuple[str, str]) -> None:
    _answers_as_documented(case, served)


# One path of each kind: Segment's others are read by the same code.
OTHERS = ["/v1/track", "/v1/batch", *PredictionIO.routes, *Snowplow.routes]


@schema.include(path=OTHERS).parametrize()
@settings(max_examples=25, suppress_health_check=list(HealthCheck))
def test_it_answers_other_protocols_as_the_document_says(case: schemathesis.Case[Any], served: tuple[str, str]) -> None:
    _answers_as_documented(case, served)


def test_every_path_of_every_protocol_is_in_the_document() -> None:
    taken = {path for protocol in SPOKEN for path, methods in protocol.routes.items() if methods}
    assert set(openapi.document()["paths"]) == {*taken, HEALTH_PATH}


def _answers_as_documented(case: schemathesis.Case[Any], served: tuple[str, str]) -> None:
    url, write_key = served
    # Most keys that are made up are of nobody, and the answer would always be 401.
    _put_key(case, write_key)
    case.body = _as_clients_write(case.body)
    case.call_and_validate(
        base_url=url,
        # An event that is against the schema is set aside, and the batch is taken: 200, with the event's reason.
        excluded_checks=[checks.negative_data_rejection, *_NOT_ASKED.get(case.path, ())],
    )


# An event alone that is rejected is answered 400, for reasons that no schema tells (reserved names, times).
# And a tracker of Snowplow's would send again for ever what is refused with 405.
_NOT_ASKED = {
    "/events.json": (checks.positive_data_acceptance,),
    **dict.fromkeys(Snowplow.routes, (checks.positive_data_acceptance, checks.unsupported_method)),
}


def _put_key(case: schemathesis.Case[Any], write_key: str) -> None:
    body = case.body
    if isinstance(body, dict) and len(body) % 3:
        if case.path.startswith("/v1/"):
            body["write_key" if case.path == "/v1/events" else "writeKey"] = write_key
        events = body.get("data")
        first = events[0] if isinstance(events, list) and events else None
        if isinstance(first, dict):
            first["aid"] = write_key
    if isinstance(case.query, dict):
        case.query |= {name: write_key for name in ("aid", "accessKey") if len(case.query) % 3}


def _as_clients_write(value: Any) -> Any:
    """The value with what JSON Schema cannot tell apart, or forbid, written as the document's text says."""
    if isinstance(value, dict):
        return {_as_clients_write(name): _as_clients_write(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_as_clients_write(item) for item in value]
    if isinstance(value, str):
        return value.replace("\0", "0")
    return int(value) if isinstance(value, float) and value.is_integer() and abs(value) < 1e15 else value
