"""The library predictionio against the collector: what it sends is stored, what it is told it raises.

It knows no batches; these are sent by plain HTTP.
"""

import http.client
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from footfall.events.raw_line import RawLine
from footfall.events.reasons import Reason
from footfall.local.server import LocalServer
from footfall.protocols.messages import Request
from footfall.protocols.predictionio import PredictionIO

# The library's own: its threads are started in a way that Python has replaced.
pytestmark = pytest.mark.filterwarnings("ignore:setDaemon\\(\\) is deprecated:DeprecationWarning")

Stored = Callable[[], list[RawLine]]
Start = Callable[..., Any]


@pytest.fixture
def start(door: Any, write_key: str) -> Iterator[Start]:
    import predictionio

    clients: list[Any] = []

    def connect(key: str = write_key, **settings: Any) -> Any:
        clients.append(predictionio.EventClient(key, url=door.url, **settings))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()


def test_every_event_is_created(start: Start, door: Any, stored: Stored) -> None:
    client = start(channel="mobile")
    when = datetime.now(UTC).replace(microsecond=123_000)
    bought = client.record_user_action_on_item("buy", "u-1", "i-1", {"price": 9.5}, when)
    client.set_user("u-1", {"age": 30})
    client.set_item("i-1", {"categories": ["a", "b"]})
    client.unset_item("i-1", {"categories": None})
    client.delete_user("u-1")
    client.create_event("view", "user", "u-2", "item", "i-2")

    lines = stored()
    assert door.statuses == [201] * 6
    assert [line.rejected for line in lines if line.rejected] == []
    events = [event for line in lines for event in line.events]
    assert [event.name for event in events] == ["buy", "$set", "$set", "$unset", "$delete", "view"]
    buy = events[0]
    assert buy.id == bought.json_body["eventId"]
    assert (buy.user, buy.visitor, buy.time) == ("u-1", "user:u-1", int(when.timestamp() * 1000))
    assert buy.properties == {
        "price": 9.5,
        "entityType": "user",
        "entityId": "u-1",
        "targetEntityType": "item",
        "targetEntityId": "i-1",
        "channel": "mobile",
    }
    item = events[2]
    assert (item.user, item.visitor, item.properties["categories"]) == ("", "", ["a", "b"])
    assert {(line.tenant, line.protocol) for line in lines} == {("shop", "predictionio")}


def test_an_event_that_is_sent_again_is_the_same_event(start: Start) -> None:
    client = start()
    when = datetime.now(UTC).replace(microsecond=123_000)
    first, again = (client.create_event("view", "user", "u-1", event_time=when).json_body for _ in range(2))
    assert first == again


@pytest.mark.parametrize(("status", "reason"), [(503, Reason.UNAVAILABLE), (429, Reason.UNAVAILABLE)])
def test_what_was_not_taken_is_raised_and_may_be_sent_again(
    start: Start, door: Any, stored: Stored, status: int, reason: Reason
) -> None:
    from predictionio import NotCreatedError

    request = Request("POST", "/events.json", {}, b"")
    door.turned_away.append(PredictionIO().refuse(request, status, reason, "later", {"retry-after": "1"}))
    client = start()
    with pytest.raises(NotCreatedError, match=str(status)):
        client.create_event("view", "user", "u-1")
    assert client.create_event("view", "user", "u-1").status == 201
    assert len(stored()) == 1


def test_what_is_refused_is_raised(start: Start, stored: Stored) -> None:
    from predictionio import NotCreatedError

    with pytest.raises(NotCreatedError, match="status: 401"):
        start("a-key-of-nobody").create_event("view", "user", "u-1")
    with pytest.raises(NotCreatedError, match="status: 400"):
        start().create_event("$view", "user", "u-1")
    (line,) = stored()
    assert [(one.reason, line.events) for one in line.rejected] == [("event_invalid", [])]


def test_reading_back_and_deleting_are_refused_with_the_way_there_is(start: Start) -> None:
    from predictionio import NotFoundError

    client = start()
    for ask in (client.get_events, lambda: client.get_event("e-1"), lambda: client.delete_event("e-1")):
        with pytest.raises(NotFoundError, match=r"status: 405 .*footfall query"):
            ask()


def test_a_batch_has_a_status_an_event(server: LocalServer, write_key: str, stored: Stored) -> None:
    good = {"event": "rate", "entityType": "user", "entityId": "u-1", "eventId": "e-1"}
    body = json.dumps([good, {"event": "rate"}, good | {"eventId": "e-2", "properties": {"a": float("nan")}}])
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    connection.request("POST", f"/batch/events.json?accessKey={write_key}", body)
    response = connection.getresponse()
    statuses = json.loads(response.read())
    connection.close()
    assert response.status == 200
    assert [one["status"] for one in statuses] == [201, 400, 400]
    assert statuses[0]["eventId"] == "e-1"
    assert "entityType" in statuses[1]["message"]
    assert [len(line.rejected) for line in stored()] == [2]
