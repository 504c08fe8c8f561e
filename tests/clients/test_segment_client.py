"""The library segment-analytics-python against the collector: what it sends is stored, what it is told it does."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from segment.analytics import request
from segment.analytics.client import Client

from footfall.events.raw_line import RawLine
from footfall.events.reasons import Reason
from footfall.protocols.messages import Request, Response
from footfall.protocols.segment import Segment

Stored = Callable[[], list[RawLine]]
Start = Callable[..., Client]


def _refusal(status: int, reason: Reason, **headers: str) -> Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Segment().refuse(Request("POST", "/v1/batch", {}, b""), status, reason, "later", names)


@pytest.fixture
def failures() -> list[tuple[Exception, list[Any]]]:
    return []


@pytest.fixture
def start(door: Any, write_key: str, failures: list[tuple[Exception, list[Any]]]) -> Iterator[Start]:
    clients: list[Client] = []

    def connect(**settings: Any) -> Client:
        defaults = {"write_key": write_key, "host": door.url, "upload_interval": 0.05, "max_retries": 3}
        defaults["on_error"] = lambda error, items: failures.append((error, items))
        clients.append(Client(**(defaults | settings)))
        return clients[-1]

    yield connect
    for client in clients:
        client.join()
    request._session.close()


@pytest.mark.parametrize("gzip", [False, True])
def test_every_call_becomes_an_event(start: Start, door: Any, stored: Stored, gzip: bool) -> None:
    client = start(gzip=gzip)
    context = {
        "page": {"url": "https://shop.example/a", "title": "A", "path": "/a"},
        "userAgent": "Browser/1",
        "ip": "203.0.113.77",
    }
    client.track(
        "u-1", "Order Completed", {"value": 19.5, "sku": "s"}, context=context, anonymous_id="a-1", message_id="m-1"
    )
    client.page("u-1", "shop", "home", {"url": "https://shop.example/"}, anonymous_id="a-1")
    client.screen("u-1", name="start")
    client.identify("u-1", {"email": "known"}, anonymous_id="a-1")
    client.group("u-1", "g-1", {"seats": 3})
    client.alias("a-1", "u-1")
    client.flush()

    lines = stored()
    assert set(door.statuses) == {200}
    assert [line.rejected for line in lines if line.rejected] == []
    events = {event.name: event for line in lines for event in line.events}
    assert set(events) == {"Order Completed", "page_view", "screen", "identify", "group", "alias"}
    order = events["Order Completed"]
    assert (order.id, order.visitor, order.user, order.ip, order.user_agent) == (
        "m-1",
        "a-1",
        "u-1",
        "203.0.113.0",
        "Browser/1",
    )
    assert order.page is not None
    assert (order.page.url, order.page.title) == ("https://shop.example/a", "A")
    assert order.properties == {"value": 19.5, "sku": "s", "context": {"page": {"path": "/a"}}}
    assert events["page_view"].properties == {"url": "https://shop.example/", "name": "home", "category": "shop"}
    assert events["page_view"].level == "mid"
    assert (events["screen"].visitor, events["identify"].properties) == ("user:u-1", {"email": "known"})
    assert events["group"].properties == {"seats": 3, "groupId": "g-1"}
    assert (events["alias"].visitor, events["alias"].user, events["alias"].properties) == (
        "a-1",
        "u-1",
        {"previousId": "a-1"},
    )
    assert {(line.tenant, line.protocol, line.library.name) for line in lines} == {
        ("shop", "segment", "analytics-python")
    }
    assert all(abs(line.received_at - line.sent_at) < 60_000 for line in lines)


@pytest.mark.parametrize(
    ("away", "passed"),
    [
        (_refusal(503, Reason.UNAVAILABLE, retry_after="1"), [503, 200]),
        (_refusal(429, Reason.UNAVAILABLE, retry_after="1"), [429, 200]),
        (_refusal(500, Reason.INTERNAL_ERROR), [500, 200]),
    ],
)
def test_it_sends_again_what_it_is_told_to_keep(
    start: Start, door: Any, stored: Stored, failures: list[Any], away: Response, passed: list[int]
) -> None:
    door.turned_away.append(away)
    client = start()
    client.track("u-1", "kept", message_id="m-1")
    client.flush()
    assert (door.statuses, failures) == (passed, [])
    assert [event.id for line in stored() for event in line.events] == ["m-1"]


@pytest.mark.parametrize(
    ("settings", "code", "status"),
    [({"write_key": "ffk_nobody"}, "unknown_key", 401), ({"timeout": 15}, "body_too_large", 413)],
)
def test_it_drops_what_is_refused_and_tells_why(
    start: Start, door: Any, stored: Stored, failures: list[Any], settings: dict[str, Any], code: str, status: int
) -> None:
    if status == 413:
        door.turned_away.append(_refusal(413, Reason.BODY_TOO_LARGE))
    client = start(**settings)
    client.track("u-1", "dropped")
    client.flush()
    assert door.statuses == [status]
    ((error, items),) = failures
    assert (error.status, error.code, len(items)) == (status, code, 1)
    assert stored() == []
