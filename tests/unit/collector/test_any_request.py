"""Whatever a request holds, it is answered, and never as a fault of the server."""

import json
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.collector.handler import SPOKEN, Collector
from footfall.collector.messages import Request
from footfall.events import raw_line

PATHS = [path for protocol in SPOKEN for path in protocol.routes]
NAMES = ["batch", "writeKey", "event", "type", "userId", "anonymousId", "timestamp", "properties", "context", "page"]
NAMES += ["data", "schema", "e", "aid", "eid", "dtm", "ue_px", "cx", "co", "res", "url", "events", "ip", "screen"]
NAMES += ["entityType", "entityId", "targetEntityType", "eventTime", "tags", "library", "traits", "sentAt", "messageId"]
WORDS = ["key-shop", "track", "page", "buy", "$set", "$unset", "user", "2026-01-01T00:00:00.5Z", "pv", "se", "ue", "pp"]
WORDS += [
    "eyJkYXRhIjp7fX0",
    '{"data": {"schema": "iglu:a/b/jsonschema/1-0-0", "data": {}}}',
    "1767225600000",
    "\0",
    "9e999",
]

leaves = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=5), st.sampled_from(WORDS), st.just(10**400)
)
values = st.recursive(
    leaves,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5),
    max_leaves=12,
)
documents = st.dictionaries(st.sampled_from(NAMES), values, max_size=6) | st.lists(values, max_size=3) | values
bodies = st.one_of(
    st.binary(max_size=200),
    documents.map(lambda document: json.dumps(document).encode("utf-8", "replace")),
    documents.map(lambda document: json.dumps({"batch": [document], "data": [document], "aid": "key-shop"}).encode()),
)
queries = st.one_of(
    st.text(max_size=40),
    st.dictionaries(st.sampled_from([*NAMES, "accessKey", "channel"]), st.sampled_from(WORDS), max_size=6).map(
        lambda pairs: "&".join(f"{name}={word}" for name, word in pairs.items())
    ),
)
requests = st.builds(
    Request,
    method=st.sampled_from(["POST", "POST", "POST", "GET", "DELETE", "OPTIONS", "HEAD", "PATCH", ""]),
    path=st.sampled_from(PATHS) | st.text(max_size=20).map(lambda text: f"/{text}"),
    headers=st.dictionaries(
        st.sampled_from(["authorization", "content-encoding", "user-agent", "origin", "cookie"]),
        st.text(max_size=20) | st.sampled_from(["Basic a2V5LXNob3A6", "gzip", "https://a.example"]),
    ),
    body=bodies,
    ip=st.text(max_size=10),
    query=queries,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(request=requests)
def test_any_request_is_answered_and_what_is_kept_can_be_read_back(
    collector: Collector, sink: Any, request: Request
) -> None:
    sink.lines.clear()
    response = collector.handle(request)
    assert 200 <= response.status < 500
    assert all(value.isprintable() for value in response.headers.values())
    for line in sink.lines:
        assert raw_line.decode(raw_line.encode(line)) == line
