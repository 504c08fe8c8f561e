"""The library snowplow-tracker against the collector: what it sends is stored, what it is told it does."""

import queue
from collections.abc import Callable
from typing import Any, Literal

import pytest
from snowplow_tracker.emitters import Emitter
from snowplow_tracker.events.page_ping import PagePing
from snowplow_tracker.events.page_view import PageView
from snowplow_tracker.events.self_describing import SelfDescribing
from snowplow_tracker.events.structured_event import StructuredEvent
from snowplow_tracker.self_describing_json import SelfDescribingJson
from snowplow_tracker.subject import Subject
from snowplow_tracker.tracker import Tracker

from footfall.events.raw_line import RawLine
from footfall.events.reasons import Reason
from footfall.protocols.messages import Request, Response
from footfall.protocols.snowplow import POST_PATH, Snowplow

Stored = Callable[[], list[RawLine]]
CONTEXT = "iglu:com.acme/cart/jsonschema/1-0-0"
WISHED = "iglu:com.acme/wished/jsonschema/1-0-1"


class Outcomes:
    """What an emitter says became of each request: how many events were sent, and how many were not."""

    def __init__(self) -> None:
        self.told: queue.Queue[tuple[int, int]] = queue.Queue()

    def sent(self, events: Any) -> None:
        self.told.put((len(events), 0))

    def failed(self, sent: int, failed: Any) -> None:
        self.told.put((sent, len(failed)))

    def next(self) -> tuple[int, int]:
        return self.told.get(timeout=20)


@pytest.fixture
def outcomes() -> Outcomes:
    return Outcomes()


@pytest.fixture
def start(door: Any, write_key: str, outcomes: Outcomes) -> Callable[..., Tracker]:
    def connect(
        method: Literal["get", "post"] = "post", key: str = write_key, base64: bool = True, size: int = 1
    ) -> Tracker:
        emitter = Emitter(
            door.url, method=method, batch_size=size, on_success=outcomes.sent, on_failure=outcomes.failed
        )
        subject = Subject()
        subject.set_domain_user_id("d-1").set_user_id("u-1").set_screen_resolution(390, 844).set_lang("de")
        subject.set_ip_address("203.0.113.77").set_useragent("Browser/1")
        return Tracker("shop", emitter, subject=subject, app_id=key, encode_base64=base64)

    return connect


@pytest.mark.parametrize(("method", "base64"), [("post", True), ("post", False), ("get", True), ("get", False)])
def test_every_event_is_stored(
    start: Callable[..., Tracker], door: Any, stored: Stored, outcomes: Outcomes, method: str, base64: bool
) -> None:
    tracker = start(method, base64=base64, size=4)
    context = [SelfDescribingJson(CONTEXT, {"items": 2, "note": "ü>?"})]
    wished = SelfDescribingJson(WISHED, {"sku": "s-1", "note": "ü~"})
    ids = [
        tracker.track(PageView("https://shop.example/a", "A", "https://search.example/", context=context)),
        tracker.track(PagePing("https://shop.example/a", "A", min_x=0, max_x=10, min_y=0, max_y=700)),
        tracker.track(StructuredEvent("shop", "add-to-basket", "web", "pc", 19.5)),
        tracker.track(SelfDescribing(wished, true_timestamp=None)),
    ]
    assert outcomes.next() == (4, 0)

    lines = stored()
    assert set(door.statuses) == {200}
    assert [line.rejected for line in lines if line.rejected] == []
    events = [event for line in lines for event in line.events]
    assert [event.id for event in events] == ids
    assert [event.name for event in events] == ["page_view", "page_ping", "add-to-basket", "wished"]
    view, ping, added, wish = events
    assert {(event.visitor, event.user, event.ip, event.user_agent) for event in events} == {
        ("d-1", "u-1", "203.0.113.0", "Browser/1")
    }
    assert view.page is not None
    assert (view.page.url, view.page.title, view.page.referrer, view.level) == (
        "https://shop.example/a",
        "A",
        "https://search.example/",
        "mid",
    )
    assert view.properties["contexts"] == [{"schema": CONTEXT, "data": {"items": 2, "note": "ü>?"}}]
    assert view.properties["snowplow"] == {"p": "pc", "tna": "shop", "lang": "de"}
    assert (ping.properties["pp_max"], ping.properties["pp_may"]) == (10, 700)
    assert [added.properties[name] for name in ("category", "action", "label", "property", "value")] == [
        "shop",
        "add-to-basket",
        "web",
        "pc",
        19.5,
    ]
    assert (wish.properties["sku"], wish.properties["note"], wish.properties["schema"]) == ("s-1", "ü~", WISHED)
    assert all((line.screen.width, line.screen.height) == (390, 844) for line in lines)
    assert all(abs(line.received_at - line.sent_at) < 60_000 for line in lines)
    assert {(line.tenant, line.protocol, line.library.name) for line in lines} == {("shop", "snowplow", "py")}


def _refusal(status: int, reason: Reason) -> Response:
    return Snowplow().refuse(Request("POST", POST_PATH, {}, b""), status, reason, "later", {"retry-after": "1"})


@pytest.mark.parametrize(
    "away",
    [_refusal(503, Reason.UNAVAILABLE), _refusal(429, Reason.UNAVAILABLE), _refusal(500, Reason.INTERNAL_ERROR)],
    ids=lambda response: str(response.status),
)
def test_it_sends_again_what_it_is_told_to_keep(
    start: Callable[..., Tracker], door: Any, stored: Stored, outcomes: Outcomes, away: Response
) -> None:
    door.turned_away.append(away)
    event = start().track(PageView("https://shop.example/"))
    assert [outcomes.next(), outcomes.next()] == [(0, 1), (1, 0)]
    assert door.statuses == [away.status, 200]
    assert [event.id for line in stored() for event in line.events] == [event]


@pytest.mark.parametrize(
    ("key", "title", "status"),
    [("ffk_nobody", "A", 401), (None, "x" * 1_100_000, 422)],
    ids=["unknown key", "too large"],
)
def test_it_drops_what_is_refused_for_good(
    start: Callable[..., Tracker],
    write_key: str,
    door: Any,
    stored: Stored,
    outcomes: Outcomes,
    key: str | None,
    title: str,
    status: int,
) -> None:
    tracker = start(key=key or write_key)
    tracker.track(PageView("https://shop.example/", title))
    assert outcomes.next() == (0, 1)
    (emitter,) = tracker.emitters
    assert isinstance(emitter, Emitter)
    assert not emitter.retry_timer.is_active()
    assert emitter.event_store.size() == 0
    assert door.statuses == [status]
    assert stored() == []
