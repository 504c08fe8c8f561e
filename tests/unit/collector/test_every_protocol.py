"""What holds for each protocol that the collector speaks."""

import base64
import gzip
import json
from typing import Any

import pytest

from footfall.collector.handler import SPOKEN, Collector
from footfall.collector.messages import Request
from footfall.events import raw_line

NOW = 1_767_225_600_000
WHEN = "2026-01-01T00:00:00.000Z"
BASIC = {"authorization": "Basic " + base64.b64encode(b"KEY:").decode()}
NATIVE = {
    "write_key": "KEY",
    "sent_at": NOW,
    "visitor": "v",
    "events": [{"id": "e-1", "name": "buy", "level": "high", "time": NOW}],
}
TRACK = {"type": "track", "event": "buy", "userId": "u", "messageId": "e-1", "timestamp": WHEN}
BUY = {"event": "buy", "entityType": "user", "entityId": "u", "eventId": "e-1", "eventTime": WHEN}
STRUCTURED = {"e": "se", "se_ac": "buy", "aid": "KEY", "eid": "e-1", "dtm": str(NOW)}


def _post(path: str, document: Any, query: str = "", **headers: str) -> Request:
    return Request("POST", path, headers, json.dumps(document).encode(), "203.0.113.77", query=query)


REQUESTS = {
    "native": _post("/v1/events", NATIVE),
    "segment batch": _post("/v1/batch", {"batch": [TRACK], "writeKey": "KEY"}),
    "segment track": _post("/v1/track", TRACK, **BASIC),
    "predictionio": _post("/events.json", BUY, "accessKey=KEY"),
    "predictionio batch": _post("/batch/events.json", [BUY], **BASIC),
    "snowplow": _post("/com.snowplowanalytics.snowplow/tp2", {"schema": "iglu:a", "data": [STRUCTURED]}),
    "snowplow pixel": Request(
        "GET", "/i", {}, b"", "203.0.113.77", query="&".join(f"{name}={text}" for name, text in STRUCTURED.items())
    ),
}
every_request = pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS.keys())


def _with_key(request: Request, key: str) -> Request:
    headers = dict(request.headers)
    if "authorization" in headers:
        headers["authorization"] = "Basic " + base64.b64encode(f"{key}:".encode()).decode()
    body, query = request.body.replace(b"KEY", key.encode()), request.query.replace("KEY", key)
    return Request(request.method, request.path, headers, body, request.ip, query=query)


def test_each_protocol_is_asked_here() -> None:
    assert {name.split(" ")[0] for name in REQUESTS} == {protocol.name for protocol in SPOKEN}


@every_request
def test_an_event_is_stored_for_the_tenant_of_its_key(collector: Collector, sink: Any, request_: Request) -> None:
    assert collector.handle(_with_key(request_, "key-blog")).status in (200, 201)
    (line,) = sink.lines
    (event,) = line.events
    assert (line.tenant, line.ip, line.rejected) == ("blog", "203.0.113.0", [])
    assert (event.id, event.name, event.level, event.time) == ("e-1", "buy", "high", NOW)
    assert event.visitor or line.visitor
    assert raw_line.decode(raw_line.encode(line)) == line


@every_request
def test_a_key_of_nobody_is_refused_for_good(collector: Collector, sink: Any, request_: Request) -> None:
    assert collector.handle(_with_key(request_, "key-nobody")).status == 401
    assert sink.lines == []


@every_request
def test_a_sink_that_is_away_is_to_be_tried_later(collector: Collector, sink: Any, request_: Request) -> None:
    sink.fail()
    response = collector.handle(_with_key(request_, "key-shop"))
    assert (response.status, int(response.headers["retry-after"]) > 0) == (503, True)


@every_request
def test_what_goes_wrong_inside_is_told_to_nobody(collector: Collector, sink: Any, request_: Request) -> None:
    sink.error = KeyError("visitor v-1")
    response = collector.handle(_with_key(request_, "key-shop"))
    assert response.status == 500
    assert b"v-1" not in response.body


@every_request
def test_a_preflight_is_answered(collector: Collector, request_: Request) -> None:
    response = collector.handle(Request("OPTIONS", request_.path, {"origin": "https://a.example"}, b""))
    assert response.status == 204
    assert response.headers["access-control-allow-origin"] in ("*", "https://a.example")


@pytest.mark.parametrize("name", [name for name in REQUESTS if name != "snowplow pixel"])
def test_every_body_may_be_gzip(collector: Collector, sink: Any, name: str) -> None:
    request = _with_key(REQUESTS[name], "key-shop")
    headers = {**request.headers, "content-encoding": "gzip"}
    packed = Request("POST", request.path, headers, gzip.compress(request.body), query=request.query)
    assert collector.handle(packed).status in (200, 201)
    assert len(sink.lines[0].events) == 1
