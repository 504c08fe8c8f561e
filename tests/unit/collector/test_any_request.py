"""Whatever a request holds, it is answered, and never as a fault of the server."""

import json
from typing import Any
from urllib.parse import urlencode

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
fields = st.dictionaries(st.sampled_from(NAMES), values, max_size=6)
SOUND: list[dict[str, Any]] = [
    {"type": "track", "event": "buy", "userId": "u"},
    {"type": "page", "anonymousId": "a", "context": {"page": {"url": "u"}}},
    {"event": "buy", "entityType": "user", "entityId": "u"},
    {"e": "pv", "aid": "key-shop", "duid": "d"},
    {"e": "ue", "aid": "key-shop", "ue_pr": '{"data": {"schema": "iglu:a/b/jsonschema/1-0-0", "data": {}}}'},
    {"e": "se", "aid": "key-shop", "se_ac": "buy", "se_va": "1.5"},
]
messages = st.builds(lambda sound, changes: sound | changes, st.sampled_from(SOUND), fields)
lists = st.lists(messages | values, min_size=1, max_size=4)
documents = st.one_of(
    messages,
    lists,
    lists.map(lambda told: {"batch": told, "data": [{"aid": "key-shop", "e": "pv"}, *told]}),
    fields,
    values,
)
bodies = st.one_of(documents.map(lambda document: json.dumps(document).encode("utf-8", "replace")), st.binary())
queries = st.one_of(
    st.builds(
        lambda sound, changes: urlencode({**sound, "accessKey": "key-shop", **changes}),
        st.sampled_from(SOUND[3:]),
        st.dictionaries(st.sampled_from([*NAMES, "channel"]), st.sampled_from(WORDS), max_size=4),
    ),
    st.text(max_size=40),
)
HEADERS = ["content-encoding", "user-agent", "origin", "cookie", "authorization"]
headers = st.builds(
    lambda odd: {"authorization": "Basic a2V5LXNob3A6", **odd},
    st.dictionaries(st.sampled_from(HEADERS), st.text(max_size=20) | st.just("gzip"), max_size=2),
)
asked = st.sampled_from(SPOKEN).flatmap(
    lambda protocol: st.sampled_from([(way, path) for path, ways in protocol.routes.items() for way in ways])
)
known = st.builds(
    lambda way, headers, body, query: Request(way[0], way[1], headers, body, query=query),
    asked,
    headers,
    bodies,
    queries,
)
any_ = st.builds(
    Request,
    method=st.sampled_from(["DELETE", "OPTIONS", "HEAD", "PATCH", ""]) | st.text(max_size=5),
    path=st.text(max_size=20).map(lambda text: f"/{text}") | st.sampled_from(PATHS),
    headers=headers,
    body=st.binary(max_size=50),
    ip=st.text(max_size=10),
    query=st.text(max_size=20),
)
requests = st.one_of(known, known, known, any_)


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
