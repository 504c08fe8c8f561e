"""A tenant's policy on what is stored of a request."""

import json
import logging
from collections.abc import Callable
from typing import Any

import pytest

from footfall.collector.handler import Collector
from footfall.collector.messages import Request, Response
from footfall.events import raw_line
from footfall.events.raw_object import compress
from footfall.events.reasons import Reason
from footfall.events.tenants import EventSchema, Tenant
from footfall.lake.raw_rows import decode_object

NOW = 1_767_225_600_000
GOOD = {"id": "e-1", "name": "page_view", "level": "mid", "time": NOW}
Make = Callable[..., Collector]


class OneTenant:
    """Every key is this tenant's."""

    def __init__(self, tenant: Tenant) -> None:
        self.tenant = tenant

    def by_write_key(self, write_key: str, now: int) -> Tenant | None:
        return self.tenant

    def all(self) -> tuple[Tenant, ...]:
        return (self.tenant,)


@pytest.fixture
def make(sink: Any) -> Make:
    """Makes a collector of one tenant with these settings."""
    return lambda **settings: Collector(OneTenant(Tenant("shop", "s", **settings)), sink, lambda: NOW, "i-1")


def _post(collector: Collector, *events: Any, headers: dict[str, str] | None = None, **changes: Any) -> Response:
    head = {"write_key": "k", "sent_at": NOW, "visitor": "v-1", "user": "u-1", "events": events or (GOOD,)}
    body = json.dumps(head | changes).encode()
    return collector.handle(Request("POST", "/v1/events", headers or {}, body, "203.0.113.77"))


def test_events_of_other_names_than_the_tenants_are_rejected_one_by_one(make: Make, sink: Any) -> None:
    answer = json.loads(_post(make(event_names=("page_view",)), GOOD, GOOD | {"name": "x"}, 7, GOOD).body)
    assert (answer["accepted"], answer["rejected"]) == (2, 2)
    assert [(error["index"], error["reason"]) for error in answer["errors"]] == [
        (1, "name_not_allowed"),
        (2, "event_invalid"),
    ]
    assert json.loads(sink.lines[0].rejected[0].text)["name"] == "x"


def test_addresses_are_cleaned_wherever_they_stand(make: Make, sink: Any) -> None:
    url = "https://a.example/?utm_source=n&email=SECRET"
    event = GOOD | {"page": {"url": url, "referrer": url}, "properties": {"href": url}}
    _post(make(), event, event | {"level": "none"}, GOOD, page={"url": url, "referrer": url})
    (line,) = sink.lines
    cleaned = "https://a.example/?utm_source=n"
    assert {line.page.url, line.page.referrer, line.events[0].page.url, line.events[0].page.referrer} == {cleaned}
    assert line.events[0].properties == {"href": cleaned}
    assert line.rejected[0].reason == "event_invalid"
    assert b"SECRET" not in raw_line.encode(line)
    assert raw_line.decode(raw_line.encode(line)) == line


@pytest.mark.parametrize(
    "address",
    [
        "https://a.example/?q=SECRET",
        "https://a.example/\\u003fq=SECRET",
        "https:\\/\\/a.example\\/#id=SECRET",
        "https://a.example/;s=SECRET",
        "https://SECRET@a.example/",
        "https://a.example/SECRET%40mail.example",
    ],
)
@pytest.mark.parametrize("place", ['"properties":{"a":["%s"]}', '"page":{"url":"%s"}', '"page":{"referrer":"%s"}'])
def test_an_address_is_cleaned_however_it_is_spelled_and_among_plain_ones(
    make: Make, sink: Any, address: str, place: str
) -> None:
    plain = b'{"id":"e","name":"n","level":"mid","time":%d,"page":{"url":"https://a.example/"}}' % NOW
    told = b'{"id":"e","name":"n","level":"mid","time":%d,%s}' % (NOW, place.replace("%s", address).encode())
    body = b'{"write_key":"k","sent_at":%d,"visitor":"v","events":[%s]}' % (NOW, b",".join([plain, told, plain]))
    assert make().handle(Request("POST", "/v1/events", {}, body)).status == 200
    assert len(sink.lines[0].events) == 3
    assert b"SECRET" not in raw_line.encode(sink.lines[0])


@pytest.mark.parametrize(
    ("headers", "consent", "settings", "kept"),
    [
        ({}, "granted", {}, "store"),
        ({}, "unknown", {}, "store"),
        ({}, "denied", {}, "anonymous"),
        ({"sec-gpc": "1"}, "granted", {}, "anonymous"),
        ({"dnt": "1"}, "granted", {}, "anonymous"),
        ({"sec-gpc": "0", "dnt": "0"}, "granted", {}, "store"),
        ({"sec-gpc": "1"}, "granted", {"on_global_privacy_control": "store"}, "store"),
        ({"dnt": "1"}, "granted", {"on_do_not_track": "store"}, "store"),
        ({}, "denied", {"on_consent_denied": "store"}, "store"),
        ({}, "denied", {"on_consent_denied": "drop"}, "drop"),
        ({}, "unknown", {"on_consent_unknown": "drop"}, "drop"),
        ({}, "unknown", {"on_consent_unknown": "anonymous"}, "anonymous"),
        ({"sec-gpc": "1"}, "unknown", {"on_global_privacy_control": "drop"}, "drop"),
        ({"sec-gpc": "1", "dnt": "1"}, "denied", {"on_do_not_track": "drop"}, "drop"),
    ],
)
def test_the_strictest_action_of_all_signals_holds(
    make: Make, sink: Any, headers: dict[str, str], consent: str, settings: dict[str, Any], kept: str
) -> None:
    assert _post(make(**settings), headers=headers, consent=consent).status == 200
    (line,) = sink.lines
    found = "drop" if not line.events else "store" if line.visitor == "v-1" else "anonymous"
    assert found == kept


def test_of_an_anonymous_visitor_nothing_that_names_it_is_stored(make: Make, sink: Any) -> None:
    marked = GOOD | {"properties": {"email": "SECRET", "sku": "s-1", "note": "SECRET@mail.example"}}
    identify = GOOD | {"name": "identify", "properties": {"plan": "SECRET"}}
    answer = _post(
        make(), marked, identify, {"id": "SECRET"}, visitor="v-SECRET", user="SECRET", headers={"sec-gpc": "1"}
    )
    (line,) = sink.lines
    text = raw_line.encode(line)
    assert b"SECRET" not in text
    assert b"203.0.113" not in text
    assert line.events[0].properties == {"sku": "s-1", "note": "(mail)"}
    assert [error["reason"] for error in json.loads(answer.body)["errors"]] == ["not_consented", "event_invalid"]


def test_anonymous_requests_cannot_be_told_to_be_of_one_visitor(make: Make, sink: Any) -> None:
    collector = make()
    for _ in range(3):
        _post(collector, headers={"sec-gpc": "1"})
    assert len({line.visitor for line in sink.lines}) == 3


def test_what_is_dropped_is_counted_and_nothing_else(make: Make, sink: Any) -> None:
    page = {"url": "https://a.example/SECRET"}
    collector = make(on_consent_denied="drop")
    answer = json.loads(
        _post(collector, GOOD, "SECRET", GOOD, visitor="SECRET", user="SECRET", page=page, consent="denied").body
    )
    assert (answer["accepted"], answer["rejected"]) == (0, 3)
    (line,) = sink.lines
    assert [(item.index, item.reason, item.text) for item in line.rejected] == [
        (n, "not_consented", "") for n in range(3)
    ]
    assert b"SECRET" not in raw_line.encode(line)
    assert b"203.0.113" not in raw_line.encode(line)


VALUE = '{"properties": {"value": {"type": "number"}}}'
SCHEMAS = (EventSchema("cart", "warn", VALUE), EventSchema("purchase", "enforce", VALUE))


def test_what_does_not_match_a_schema_is_rejected_or_kept_with_a_warning(make: Make, sink: Any) -> None:
    events = [
        GOOD | {"name": name, "properties": {"value": value}}
        for name in ("cart", "purchase", "x")
        for value in (1, "a@b.cd")
    ]
    answer = json.loads(_post(make(schemas=SCHEMAS), *events).body)
    (line,) = sink.lines
    assert [(event.index, event.warnings) for event in line.events] == [
        (0, []),
        (1, ['schema_mismatch: the value is not of type "number" - at `$.properties.value`']),
        (2, []),
        (4, []),
        (5, []),
    ]
    assert answer["errors"] == [
        {
            "index": 3,
            "reason": "schema_mismatch",
            "detail": 'the value is not of type "number" - at `$.properties.value`',
        }
    ]
    assert json.loads(line.rejected[0].text)["properties"] == {"value": "(mail)"}
    assert raw_line.decode(raw_line.encode(line)) == line


def test_a_warning_does_not_keep_an_event_out_of_the_tables(make: Make, sink: Any) -> None:
    _post(make(schemas=SCHEMAS), GOOD | {"name": "cart", "properties": {"value": "x"}})
    rows = decode_object("2026/01/01/00/a.json.gz", compress(raw_line.encode(sink.lines[0]) + b"\n"))
    assert (rows.events.num_rows, rows.rejected.num_rows) == (1, 0)


def test_a_schema_that_was_broken_by_hand_loses_nothing(make: Make, sink: Any) -> None:
    broken = (EventSchema("page_view", "enforce", "nonsense"),)
    assert _post(make(schemas=broken)).status == 503
    assert sink.lines == []


COOKIE = {"visitor_cookie": "fv", "origins": ("https://shop.example",), "visitor_cookie_days": 30}
ORIGIN = {"origin": "https://shop.example"}


def test_a_new_visitor_gets_a_cookie_that_scripts_and_other_sites_do_not_see(make: Make, sink: Any) -> None:
    answer = _post(make(**COOKIE), headers=ORIGIN)
    assert answer.headers["set-cookie"] == "fv=v-1; Max-Age=2592000; Path=/; HttpOnly; Secure; SameSite=Lax"
    assert answer.headers["access-control-allow-origin"] == "https://shop.example"
    assert answer.headers["access-control-allow-credentials"] == "true"
    assert answer.headers["vary"] == "origin"
    assert sink.lines[0].visitor == "v-1"


def test_the_cookie_names_the_visitor_and_is_not_prolonged(make: Make, sink: Any) -> None:
    answer = _post(make(**COOKIE), headers=ORIGIN | {"cookie": "a=b; fv=v-old; c"})
    assert sink.lines[0].visitor == "v-old"
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("cookie", ["fv=", "fv=a b", "fv=" + "x" * 129, "fv=a\u0000", "other=1", ""])
def test_a_cookie_that_the_server_has_not_made_is_not_read(make: Make, sink: Any, cookie: str) -> None:
    answer = _post(make(**COOKIE), headers=ORIGIN | {"cookie": cookie})
    assert sink.lines[0].visitor == "v-1"
    assert answer.headers["set-cookie"].startswith("fv=v-1; ")


def test_a_name_that_a_cookie_cannot_hold_is_replaced(make: Make, sink: Any) -> None:
    answer = _post(make(**COOKIE), headers=ORIGIN, visitor="a; Domain=evil.example")
    assert answer.headers["set-cookie"].startswith(f"fv={sink.lines[0].visitor}; ")
    assert "evil" not in answer.headers["set-cookie"]


def test_who_does_not_want_to_be_known_gets_no_cookie_and_loses_the_one_it_had(make: Make) -> None:
    signals = ORIGIN | {"sec-gpc": "1"}
    assert "set-cookie" not in _post(make(**COOKIE), headers=signals).headers
    ended = _post(make(**COOKIE), headers=signals | {"cookie": "fv=v-old"}).headers["set-cookie"]
    assert ended.startswith("fv=; Max-Age=0; ")


def test_a_request_that_names_a_visitor_for_each_event_leaves_the_cookie_alone(make: Make) -> None:
    events = [{"type": "track", "event": "x", "anonymousId": who, "messageId": who} for who in ("v-1", "v-2")]
    body = json.dumps({"writeKey": "k", "batch": events}).encode()
    for cookie in ({}, {"cookie": "fv=v-old"}):
        answer = make(**COOKIE).handle(Request("POST", "/v1/batch", ORIGIN | cookie, body, "203.0.113.77"))
        assert answer.status == 200
        assert "set-cookie" not in answer.headers


def test_without_the_setting_there_is_no_cookie(make: Make) -> None:
    answer = _post(make(), headers=ORIGIN)
    assert "set-cookie" not in answer.headers
    assert answer.headers["access-control-allow-origin"] == "*"


def test_no_log_record_holds_anything_of_a_visitor(make: Make, sink: Any, caplog: pytest.LogCaptureFixture) -> None:
    marked = "SECRET@mail.example"
    headers = {"user-agent": marked, "origin": f"https://{marked}", "cookie": f"fv={marked}", "referer": marked}
    event = GOOD | {"id": marked, "properties": {marked: marked}, "page": {"url": f"https://a.example/?x={marked}"}}
    odd: list[Any] = [event, marked, {marked: marked}, event | {"level": marked}, event | {"time": marked}, [marked]]
    with caplog.at_level(logging.DEBUG):
        for settings in ({}, COOKIE, {"event_names": ("a",)}, {"on_consent_unknown": "drop"}, {"events_per_second": 1}):
            collector = make(**settings)
            for events in ([event], odd, [marked] * 501):
                for extra in ({}, {"sec-gpc": "1"}, {"content-encoding": "gzip"}, {"content-encoding": marked}):
                    _post(collector, *events, headers=headers | extra, visitor=marked, user=marked)
            for path in ("/v1/events", f"/{marked}"):
                for body in (marked.encode(), b"{" + marked.encode(), b"\xff" + marked.encode()):
                    collector.handle(Request("POST", path, headers, body, "203.0.113.77"))
        for error in (ValueError(marked), KeyError(marked)):
            sink.error = error
            _post(make(), event, headers=headers)
        sink.fail()
        _post(make(), event, headers=headers)
    assert caplog.records
    for record in caplog.records:
        for said in (record.getMessage(), repr(record.__dict__)):
            assert "SECRET" not in said
            assert "203.0.113" not in said


DEEP: Any = {}
for _ in range(20):
    DEEP = {"a": DEEP}
DAY = 86_400_000


@pytest.mark.parametrize(
    ("event", "reason"),
    [
        ({"properties": DEEP}, Reason.PROPERTIES_TOO_DEEP),
        ({"properties": {"a": "x" * 65_537}}, Reason.EVENT_INVALID),
        ({"properties": {"x" * 65_537: 1}}, Reason.EVENT_INVALID),
        ({"id": "x" * 65}, Reason.EVENT_INVALID),
        ({"name": "x" * 129}, Reason.EVENT_INVALID),
        ({"page": {"url": "x" * 8_193}}, Reason.EVENT_INVALID),
        ({"time": NOW + DAY + 1}, Reason.TIME_IN_FUTURE),
        ({"time": NOW - 400 * DAY - 1}, Reason.TIME_TOO_OLD),
        ({"properties": {"a": 10**309}}, Reason.EVENT_NOT_JSON),
    ],
)
def test_an_event_beyond_a_limit_is_rejected_and_one_at_it_is_not(
    make: Make, sink: Any, event: dict[str, Any], reason: Reason
) -> None:
    at_the_limits = GOOD | {
        "id": "x" * 64,
        "name": "x" * 128,
        "time": NOW + DAY,
        "page": {"url": "x" * 8_192},
        "properties": {"a": "x" * 65_536, "b": DEEP["a"]["a"]},
    }
    answer = json.loads(_post(make(), at_the_limits, GOOD | event, GOOD | {"time": NOW - 400 * DAY}).body)
    assert (answer["accepted"], answer["rejected"]) == (2, 1)
    assert [(error["index"], error["reason"]) for error in answer["errors"]] == [(1, reason.value)]
