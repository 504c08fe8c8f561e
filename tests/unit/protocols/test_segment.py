"""Calls of the Segment API as events."""

import base64
import json
from typing import Any

import pytest

from footfall.events.raw_line import RawEvent, RawRejected
from footfall.events.reasons import Reason
from footfall.events.refusal import Refusal
from footfall.protocols.foreign_event import MAX_MESSAGES
from footfall.protocols.messages import Request
from footfall.protocols.port import Submission
from footfall.protocols.segment import Segment

NOW = 1_767_225_600_000
WHEN = "2026-01-01T00:00:00.123Z"
TRACK = {"type": "track", "event": "buy", "userId": "u-1", "messageId": "m-1", "timestamp": WHEN}


def _read(body: Any, path: str = "/v1/batch", **headers: str) -> Submission:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Segment().read(Request("POST", path, headers, data), data)


def _accept(*messages: Any, **fields: Any) -> tuple[list[RawEvent], list[RawRejected]]:
    return Segment().accept(_read({"batch": messages, "writeKey": "k"} | fields), NOW)


def _one(**changes: Any) -> RawEvent:
    events, rejected = _accept(TRACK | changes)
    assert rejected == []
    return events[0]


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/v1/track", "buy"), ("/v1/page", "page_view"), ("/v1/p", "page_view"), ("/v1/alias", "alias"), ("/v1/t", "buy")],
)
def test_a_single_call_is_what_its_path_says(path: str, kind: str) -> None:
    call = {name: value for name, value in TRACK.items() if name != "type"} | {"previousId": "a", "writeKey": "k"}
    submission = _read(call | {"sentAt": WHEN}, path)
    events, _ = Segment().accept(submission, NOW)
    assert ([event.name for event in events], submission.write_key, submission.sent_at) == ([kind], "k", NOW + 123)


def test_a_batchs_context_is_the_default_of_its_calls() -> None:
    shared = {"page": {"url": "https://a.example/", "title": "A"}, "locale": "de", "library": {"name": "ruby"}}
    own = {"page": {"url": "https://b.example/"}, "locale": "fr"}
    submission = _read({"batch": [TRACK, TRACK | {"context": own}, TRACK], "context": shared, "writeKey": "k"})
    events, rejected = Segment().accept(submission, NOW)
    assert rejected == []
    assert [event.page.url for event in events if event.page] == [f"https://{name}.example/" for name in "aba"]
    assert [event.properties["context"] for event in events] == [{"locale": name} for name in ("de", "fr", "de")]
    assert submission.library.name == "ruby"


def test_a_batchs_context_that_is_no_object_is_ignored() -> None:
    events, _ = Segment().accept(_read({"batch": [TRACK], "context": "odd", "writeKey": "k"}), NOW)
    assert len(events) == 1


@pytest.mark.parametrize(
    ("said", "consent"),
    [
        ([{}], "unknown"),
        ([{"Advertising": False, "Analytics": False}], "denied"),
        ([{"Advertising": True, "Analytics": True}], "granted"),
        ([{"Advertising": True, "Analytics": False}], "unknown"),
        ([{"Analytics": "no"}], "unknown"),
        (["odd"], "unknown"),
        ([None], "unknown"),
        ([{"A": True}, {"A": True}], "granted"),
        ([{"A": True}, None], "unknown"),
        ([{"A": True}, {"A": False}, None], "denied"),
    ],
)
def test_the_consent_of_a_request_is_the_strictest_that_its_calls_say(said: list[Any], consent: str) -> None:
    calls = [
        TRACK if preferences is None else TRACK | {"context": {"consent": {"categoryPreferences": preferences}}}
        for preferences in said
    ]
    assert _read({"batch": calls, "writeKey": "k"}).consent == consent


def _saying(*answers: bool) -> dict[str, Any]:
    return {"context": {"consent": {"categoryPreferences": {f"c-{n}": answer for n, answer in enumerate(answers)}}}}


def test_consent_of_a_batchs_context_holds_for_calls_that_say_nothing() -> None:
    submission = _read({"batch": [TRACK, TRACK, TRACK | _saying(True)], "writeKey": "k"} | _saying(False))
    assert (submission.consent, list(submission.consents)) == ("denied", ["denied", "denied", "granted"])


@pytest.mark.parametrize(
    ("calls", "consents"),
    [
        ([TRACK, TRACK], []),
        ([TRACK | _saying(True), TRACK | _saying(True)], []),
        ([TRACK | _saying(True), TRACK, TRACK | _saying(False)], ["granted", "unknown", "denied"]),
        ([TRACK | _saying(True), TRACK | _saying(True, False)], ["granted", "unknown"]),
        ([TRACK | _saying(True), {"context": 7}, TRACK | _saying(False)], ["granted", "denied", "denied"]),
        ([TRACK | _saying(True), {"type": 7} | _saying(True), TRACK], ["granted", "granted", "unknown"]),
        ([TRACK | _saying(True), {"context": "categoryPreferences"}], ["granted", "unknown"]),
    ],
)
def test_what_each_call_says_of_consent_is_told_where_they_differ(calls: list[Any], consents: list[str]) -> None:
    assert list(_read({"batch": calls, "writeKey": "k"}).consents) == consents


@pytest.mark.parametrize(
    ("authorization", "key"),
    [
        ("Basic " + base64.b64encode(b"basic:").decode(), "basic"),
        ("basic " + base64.b64encode(b"basic").decode(), "basic"),
        ("Basic %%%", "body"),
        ("Basic " + base64.b64encode(b"\xff").decode(), "body"),
        ("Bearer token", "body"),
        ("", "body"),
    ],
)
def test_the_write_key_is_the_basic_user_else_the_one_in_the_body(authorization: str, key: str) -> None:
    assert _read({"batch": [TRACK], "writeKey": "body"}, authorization=authorization).write_key == key


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.BODY_NOT_JSON),
        (b"[]", Reason.BODY_NOT_A_BATCH),
        (b"{}", Reason.BODY_NOT_A_BATCH),
        ({"batch": []}, Reason.BODY_NOT_A_BATCH),
        ({"batch": [TRACK], "writeKey": 7}, Reason.BODY_NOT_A_BATCH),
        ({"batch": [{}] * (MAX_MESSAGES + 1)}, Reason.TOO_MANY_EVENTS),
        (b'{"batch":[' + b"[" * 5_000, Reason.BODY_NOT_A_BATCH),
    ],
)
def test_a_body_that_is_no_batch_is_refused(body: Any, reason: Reason) -> None:
    with pytest.raises(Refusal) as raised:
        _read(body)
    assert raised.value.reason == reason


@pytest.mark.parametrize(
    ("changes", "reason", "said"),
    [
        ({"type": "buy"}, "event_invalid", "$.type"),
        ({"type": None}, "event_invalid", "$.type"),
        ({"event": ""}, "event_invalid", "$.name"),
        ({"event": 7}, "event_invalid", "$.event"),
        ({"userId": None}, "event_invalid", "anonymousId"),
        ({"timestamp": "yesterday"}, "event_invalid", "$.timestamp"),
        ({"timestamp": 1767225600}, "event_invalid", "$.timestamp"),
        ({"timestamp": "0001-01-01T00:00:00+14:00"}, "event_invalid", "$.time"),
        ({"timestamp": "2020-01-01T00:00:00Z"}, "time_too_old", "400 days"),
        ({"properties": [1]}, "event_invalid", "$.properties"),
        ({"properties": {"a": "\0"}}, "event_invalid", "NUL"),
        ({"properties": {"a": float("nan")}}, "event_not_json", "malformed"),
        ({"context": {"page": {"url": "x" * 9_000}}}, "event_invalid", "$.page.url"),
        ({"anonymousId": "a" * 129}, "event_invalid", "$.visitor"),
    ],
)
def test_a_bad_call_is_rejected_alone(changes: dict[str, Any], reason: str, said: str) -> None:
    events, rejected = _accept(TRACK | {"messageId": "m-0"}, TRACK | changes, TRACK | {"messageId": "m-2"})
    assert [event.index for event in events] == [0, 2]
    assert [(one.index, one.reason) for one in rejected] == [(1, reason)]
    assert said in rejected[0].detail


def test_the_text_of_a_rejected_call_holds_no_whole_address() -> None:
    _, (rejected,) = _accept(TRACK | {"event": "", "context": {"ip": "203.0.113.77"}})
    assert "203.0.113.0" in rejected.text
    assert "203.0.113.77" not in rejected.text


def test_times_are_the_clients_own() -> None:
    assert _one().time == NOW + 123
    assert _one(originalTimestamp="2025-12-31T23:00:00+01:00").time == NOW - 2 * 3_600_000
    assert _one(timestamp="2026-01-01T00:00:00").time == NOW
    assert _one(timestamp=None).time == NOW
    assert _accept(TRACK | {"timestamp": None}, sentAt="2025-12-31T23:59:59Z")[0][0].time == NOW - 1_000


@pytest.mark.parametrize("sent_at", ["never", "0001-01-01T00:00:00Z", "", None])
def test_a_clock_that_tells_nothing_is_not_believed(sent_at: str | None) -> None:
    assert _read({"batch": [TRACK], "sentAt": sent_at}).sent_at == 0


def test_a_call_without_an_id_has_the_same_one_each_time_it_is_sent() -> None:
    calls = [TRACK | {"messageId": None}, TRACK | {"messageId": None, "event": "sell"}, TRACK | {"messageId": None}]
    first, again = ([event.id for event in _accept(*calls)[0]] for _ in range(2))
    assert first == again
    assert len(set(first)) == 3


@pytest.mark.parametrize("when", [None, "2026-01-01T00:00:00Z"])
def test_calls_whose_time_is_too_coarse_to_tell_them_apart_are_kept_apart(when: str | None) -> None:
    call = TRACK | {"messageId": None, "timestamp": when}
    assert _accept(call)[0][0].id != _accept(call)[0][0].id


def test_long_and_odd_ids_are_kept_or_stand_as_their_hash() -> None:
    assert len(_one(messageId="m" * 100).id) == 64
    assert _one(messageId="m" * 100).id != _one(messageId="m" * 101).id
    assert (_one(userId=7).user, _one(userId=7).visitor) == ("7", "user:7")
    assert len(_one(userId="u" * 256).visitor) <= 128


def test_what_the_properties_have_already_is_not_overwritten() -> None:
    properties = {"name": "shown", "context": 1, "$context": 2}
    event = _one(type="page", name="home", category="shop", properties=properties, context={"locale": "de"})
    assert event.properties == {
        "name": "shown",
        "$name": "home",
        "category": "shop",
        "context": 1,
        "$context": 2,
        "$$context": {"locale": "de"},
    }


def test_the_page_of_a_page_call_may_stand_in_its_properties() -> None:
    event = _one(type="page", properties={"url": "https://a.example/", "title": "A"}, context={"page": "odd"})
    assert event.page is not None
    assert (event.page.url, event.page.title) == ("https://a.example/", "A")
    assert event.properties["context"] == {"page": "odd"}


def test_the_library_and_the_screen_of_a_browser_are_the_requests() -> None:
    context = {
        "library": {"name": "analytics.js" * 9, "version": 2},
        "screen": {"width": 390, "height": 844, "density": 3},
    }
    submission = _read(TRACK | {"context": context}, "/v1/t")
    assert (submission.library.name, submission.library.version) == (("analytics.js" * 9)[:64], "")
    assert (submission.screen.width, submission.screen.height) == (390, 844)
    assert _read(TRACK | {"context": {"screen": {"width": -1}}}, "/v1/t").screen.width == 0
