"""Events of Snowplow trackers as events."""

import base64
import json
from typing import Any
from urllib.parse import urlencode

import pytest

from footfall.events.raw_line import RawEvent, RawRejected
from footfall.events.reasons import Reason
from footfall.events.refusal import Refusal
from footfall.protocols.messages import Request
from footfall.protocols.port import Submission
from footfall.protocols.snowplow import PIXEL, PIXEL_PATH, POST_PATH, Snowplow

NOW = 1_767_225_600_000
VIEW = {"e": "pv", "aid": "k", "eid": "e-1", "dtm": str(NOW + 7), "duid": "d-1", "url": "https://a.example/"}
DATA = {"schema": "iglu:com.acme/wished/jsonschema/1-0-0", "data": {"sku": "s"}}


def _read(body: Any) -> Submission:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return Snowplow().read(Request("POST", POST_PATH, {}, data), data)


def _pixel(**fields: str) -> Submission:
    return Snowplow().read(Request("GET", PIXEL_PATH, {}, b"", query=urlencode(fields)), b"")


def _accept(*events: Any) -> tuple[list[RawEvent], list[RawRejected]]:
    return Snowplow().accept(_read({"schema": "iglu:x", "data": events}), NOW)


def _one(**changes: Any) -> RawEvent:
    events, rejected = _accept(VIEW | changes)
    assert rejected == []
    return events[0]


def test_the_pixel_carries_an_event_in_its_query() -> None:
    submission = _pixel(**VIEW, page="Ä & B", stm=str(NOW + 9))
    (event,), _ = Snowplow().accept(submission, NOW)
    assert (submission.write_key, submission.sent_at) == ("k", NOW + 9)
    assert event.page is not None
    assert (event.name, event.id, event.time, event.visitor, event.page.title) == (
        "page_view",
        "e-1",
        NOW + 7,
        "d-1",
        "Ä & B",
    )


def test_the_pixel_is_answered_with_an_image() -> None:
    response = Snowplow().answer(Request("GET", PIXEL_PATH, {"origin": "https://a.example"}, b""), [], [])
    assert (response.headers["content-type"], response.body[:6], len(response.body)) == ("image/gif", b"GIF89a", 43)
    assert response.body == PIXEL
    assert response.headers["access-control-allow-origin"] == "https://a.example"
    assert response.headers["access-control-allow-credentials"] == "true"


@pytest.mark.parametrize("origin", ["", "é", "a\r\nb", "null"])
def test_an_odd_origin_breaks_no_header(origin: str) -> None:
    headers = Snowplow().preflight(Request("OPTIONS", POST_PATH, {"origin": origin}, b""))
    assert headers["access-control-allow-origin"] == ("null" if origin == "null" else "*")


@pytest.mark.parametrize(
    ("changes", "reason", "said"),
    [
        ({"aid": "another"}, "event_invalid", "$.aid"),
        ({"e": "tr"}, "event_invalid", "$.e"),
        ({"e": None}, "event_invalid", "$.e"),
        ({"dtm": "today"}, "event_invalid", "$.dtm"),
        ({"ttm": "1.5"}, "event_invalid", "$.ttm"),
        ({"dtm": "1"}, "time_too_old", "400 days"),
        ({"e": "se"}, "event_invalid", "$.name"),
        ({"e": "ue"}, "event_not_json", ""),
        ({"e": "ue", "ue_px": "%%%"}, "event_invalid", "$.ue_px"),
        ({"e": "ue", "ue_pr": "{"}, "event_not_json", ""),
        ({"e": "ue", "ue_pr": '{"data": {}}'}, "event_invalid", "schema"),
        ({"e": "ue", "ue_pr": '{"data": {"schema": "wished"}}'}, "event_invalid", "iglu:"),
        ({"cx": "e30"}, "event_invalid", "data"),
        ({"co": '{"data":' + "[" * 5_000}, "properties_too_deep", ""),
        ({"url": "x" * 9_000}, "event_invalid", "$.page.url"),
        ({"duid": "x" * 200}, "event_invalid", "$.visitor"),
        ({"lang": "\0"}, "event_invalid", "NUL"),
        ({"lang": {"a": 1}}, "event_invalid", "$"),
    ],
)
def test_a_bad_event_is_rejected_alone(changes: dict[str, Any], reason: str, said: str) -> None:
    events, rejected = _accept(VIEW, VIEW | changes, VIEW)
    assert [event.index for event in events] == [0, 2]
    assert [(one.index, one.reason) for one in rejected] == [(1, reason)]
    assert said in rejected[0].detail


def test_an_event_that_is_no_json_spoils_no_other() -> None:
    text = json.dumps({"data": [VIEW, "HERE", VIEW]}).replace('"HERE"', '{"e": NaN}').encode()
    events, rejected = Snowplow().accept(_read(text), NOW)
    assert ([event.index for event in events], [one.index for one in rejected]) == ([0, 2], [1])


@pytest.mark.parametrize(
    "field",
    [
        {"ue_pr": json.dumps({"data": DATA})},
        {"ue_px": base64.b64encode(json.dumps({"data": DATA}).encode()).decode()},
        {"ue_px": base64.urlsafe_b64encode(json.dumps({"data": DATA}).encode()).decode().rstrip("=")},
    ],
)
def test_a_self_describing_event_has_the_name_of_its_schema(field: dict[str, str]) -> None:
    event = _one(e="ue", **field)
    assert (event.name, event.level) == ("wished", "high")
    assert event.properties == {"sku": "s", "schema": DATA["schema"]}


@pytest.mark.parametrize(
    ("data", "properties"), [(None, {}), ([1], {"data": [1]}), ({"schema": "own"}, {"schema": "own"})]
)
def test_any_data_of_a_self_describing_event_is_kept(data: Any, properties: dict[str, Any]) -> None:
    event = _one(e="ue", ue_pr=json.dumps({"data": DATA | {"data": data}}))
    own = "$schema" if "schema" in properties else "schema"
    assert event.properties == properties | {own: DATA["schema"]}


@pytest.mark.parametrize(
    ("text", "value"),
    [("19.95", 19.95), ("20", 20), ("1e999", "1e999"), ("nan", "nan"), ("0007", 7), ("1_0", "1_0"), ("", None)],
)
def test_the_value_of_a_structured_event_is_a_number_where_it_can_be(text: str, value: Any) -> None:
    fields = {"se_va": text} if text else {}
    assert _one(e="se", se_ac="buy", **fields).properties.get("value") == value


@pytest.mark.parametrize(
    ("fields", "visitor"),
    [
        ({"duid": "d", "nuid": "n", "tnuid": "t", "uid": "u"}, "d"),
        ({"nuid": "n", "tnuid": "t", "uid": "u"}, "t"),
        ({"nuid": "n", "uid": "u"}, "n"),
        ({"uid": "u"}, "user:u"),
        ({}, "event:e-1"),
    ],
)
def test_the_visitor_is_the_browser_where_it_is_known(fields: dict[str, str], visitor: str) -> None:
    (event,), _ = _accept({name: text for name, text in VIEW.items() if name != "duid"} | fields)
    assert (event.visitor, event.user) == (visitor, fields.get("uid", ""))


def test_the_true_time_goes_before_the_devices() -> None:
    event = _one(ttm=str(NOW - 5))
    assert (event.time, event.properties["snowplow"]) == (NOW - 5, {"dtm": str(NOW + 7), "ttm": str(NOW - 5)})


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.BODY_NOT_JSON),
        (b"{}", Reason.BODY_NOT_A_BATCH),
        ({"data": []}, Reason.BODY_NOT_A_BATCH),
        ({"data": [1] * 2_501}, Reason.TOO_MANY_EVENTS),
    ],
)
def test_a_body_that_is_no_payload_is_refused(body: Any, reason: Reason) -> None:
    with pytest.raises(Refusal) as raised:
        _read(body)
    assert raised.value.reason == reason


def test_a_query_of_very_many_fields_is_refused() -> None:
    with pytest.raises(Refusal):
        _pixel(**{f"f{number}": "x" for number in range(201)})


@pytest.mark.parametrize(
    ("status", "told"), [(400, 400), (401, 401), (404, 422), (405, 422), (413, 422), (429, 429), (503, 503)]
)
def test_a_tracker_is_never_told_to_send_for_ever_what_is_not_taken(status: int, told: int) -> None:
    request = Request("POST", POST_PATH, {}, b"")
    assert Snowplow().refuse(request, status, Reason.BODY_TOO_LARGE, "").status == told
