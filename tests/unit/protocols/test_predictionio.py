"""Events of PredictionIO's event server as events."""

import base64
import json
from typing import Any

import pytest

from footfall.events.raw_line import RawEvent, RawRejected
from footfall.events.reasons import Reason
from footfall.events.refusal import Refusal
from footfall.protocols.messages import Request
from footfall.protocols.port import Submission
from footfall.protocols.predictionio import PredictionIO

NOW = 1_767_225_600_000
BUY = {"event": "buy", "entityType": "user", "entityId": "u-1", "eventTime": "2026-01-01T00:00:00.123+0000"}


def _read(body: Any, path: str = "/events.json", query: str = "accessKey=k", **headers: str) -> Submission:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return PredictionIO().read(Request("POST", path, headers, data, query=query), data)


def _accept(*events: Any) -> tuple[list[RawEvent], list[RawRejected]]:
    return PredictionIO().accept(_read(events, "/batch/events.json"), NOW)


@pytest.mark.parametrize(
    ("query", "key"),
    [("accessKey=query", "query"), ("accessKey=a%2Bb&channel=c", "a+b"), ("", "basic"), ("accessKey=", "basic")],
)
def test_the_access_key_is_in_the_query_else_the_basic_user(query: str, key: str) -> None:
    authorization = "Basic " + base64.b64encode(b"basic:").decode()
    assert _read(BUY, query=query, authorization=authorization).write_key == key


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"event": ""}, "$.event"),
        ({"event": "$view"}, "reserved"),
        ({"event": "pio_view"}, "reserved"),
        ({"entityType": "pio_user"}, "reserved"),
        ({"entityType": ""}, "$.entityType"),
        ({"entityId": ""}, "$.entityId"),
        ({"entityId": None}, "$.entityId"),
        ({"targetEntityType": "item"}, "both"),
        ({"targetEntityType": "item", "targetEntityId": ""}, "not empty"),
        ({"targetEntityType": "pio_x", "targetEntityId": "i"}, "reserved"),
        ({"event": "$set", "targetEntityType": "item", "targetEntityId": "i"}, "no target"),
        ({"event": "$unset"}, "names properties"),
        ({"event": "$unset", "properties": {}}, "names properties"),
        ({"eventTime": "now"}, "$.eventTime"),
        ({"properties": []}, "$.properties"),
    ],
)
def test_an_event_that_predictionio_would_not_take_is_rejected_alone(changes: dict[str, Any], said: str) -> None:
    events, rejected = _accept(BUY, BUY | changes, BUY)
    assert [event.index for event in events] == [0, 2]
    assert [(one.index, one.reason) for one in rejected] == [(1, "event_invalid")]
    assert said in rejected[0].detail


def test_numbers_are_taken_for_ids() -> None:
    (event,), _ = _accept(BUY | {"entityId": 7, "targetEntityType": "item", "targetEntityId": 8})
    assert (event.user, event.properties["entityId"], event.properties["targetEntityId"]) == ("7", "7", "8")


def test_a_property_named_as_a_field_keeps_its_name() -> None:
    (event,), _ = _accept(BUY | {"properties": {"entityId": "mine", "entityType": "user"}})
    assert event.properties == {"entityId": "mine", "$entityId": "u-1", "entityType": "user"}


def test_an_event_without_a_time_is_of_now_and_never_taken_for_another() -> None:
    event = {name: value for name, value in BUY.items() if name != "eventTime"}
    (first,), _ = _accept(event)
    (second,), _ = _accept(event)
    assert first.time == second.time == NOW
    assert first.id != second.id


def test_equal_events_of_one_batch_are_as_many_events() -> None:
    events, _ = _accept(BUY, BUY, BUY)
    assert len({event.id for event in events}) == 3


@pytest.mark.parametrize(
    ("body", "path", "reason"),
    [
        ([BUY] * 51, "/batch/events.json", Reason.TOO_MANY_EVENTS),
        ([], "/batch/events.json", Reason.BODY_NOT_A_BATCH),
        (BUY, "/batch/events.json", Reason.BODY_NOT_A_BATCH),
        (b"", "/batch/events.json", Reason.BODY_NOT_A_BATCH),
        (b"[", "/batch/events.json", Reason.BODY_NOT_JSON),
        ([BUY], "/events.json", Reason.BODY_NOT_A_BATCH),
        (b"", "/events.json", Reason.BODY_NOT_JSON),
    ],
)
def test_a_body_that_is_none_of_its_path_is_refused(body: Any, path: str, reason: Reason) -> None:
    with pytest.raises(Refusal) as raised:
        _read(body, path)
    assert raised.value.reason == reason
