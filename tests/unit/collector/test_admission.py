"""Who may send, and how much."""

import json
from typing import Any

import pytest

from footfall.collector.admission import Admission
from footfall.collector.handler import Collector
from footfall.collector.messages import Request, Response
from footfall.events.tenants import Tenant

NOW = 1_767_225_600_000
SHOP = Tenant("shop", "s", origins=("https://shop.example", "https://*.shop.example"))


class Seconds:
    """A clock that is set by hand."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Tenants:
    """Two tenants with quotas; `key-shop-2` is a second key of the shop."""

    def by_write_key(self, write_key: str, now: int) -> Tenant | None:
        return next((tenant for tenant in self.all() if write_key.startswith(f"key-{tenant.name}")), None)

    def all(self) -> tuple[Tenant, ...]:
        return (
            Tenant("blog", "b", events_per_second=1, burst_events=2),
            Tenant("shop", "s", events_per_second=2, burst_events=4),
            Tenant("free", "f"),
        )


def _batch(key: str, events: int = 1) -> bytes:
    event = {"id": "e", "name": "a", "level": "low", "time": NOW}
    return json.dumps(
        {"write_key": key, "sent_at": NOW, "visitor": "v", "events": [event | {"id": str(n)} for n in range(events)]}
    ).encode()


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def limited(sink: Any, seconds: Seconds) -> Collector:
    return Collector(Tenants(), sink, lambda: NOW, "i-1", admission=Admission(seconds))


def _send(collector: Collector, key: str, events: int = 1) -> Response:
    return collector.handle(Request("POST", "/v1/events", {}, _batch(key, events)))


def test_above_the_quota_the_answer_names_the_seconds_to_wait_and_nothing_is_kept(
    limited: Collector, sink: Any, seconds: Seconds
) -> None:
    assert _send(limited, "key-shop", 4).status == 200
    refused = _send(limited, "key-shop", 3)
    assert (refused.status, json.loads(refused.body)["error"]) == (429, "quota_exceeded")
    assert refused.headers["retry-after"] == "2"
    assert len(sink.lines) == 1
    seconds.now += 2
    assert _send(limited, "key-shop", 3).status == 200


def test_a_key_that_floods_takes_nothing_from_other_keys_and_tenants(limited: Collector) -> None:
    assert 429 in {_send(limited, "key-shop").status for _ in range(50)}
    assert _send(limited, "key-shop-2").status == 200
    assert _send(limited, "key-blog").status == 200


def test_without_a_quota_any_amount_is_taken_in(limited: Collector) -> None:
    assert {_send(limited, "key-free", 500).status for _ in range(20)} == {200}


def test_a_batch_larger_than_the_burst_is_taken_in_once_and_paid_off(limited: Collector, seconds: Seconds) -> None:
    assert _send(limited, "key-blog", 50).status == 200
    assert _send(limited, "key-blog").headers["retry-after"] == "49"
    seconds.now += 49
    assert _send(limited, "key-blog").status == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": "https://shop.example"}, 200),
        ({"origin": "https://www.shop.example"}, 200),
        ({"origin": "https://other.example"}, 403),
        ({"origin": "null"}, 403),
        ({"referer": "https://shop.example/page?x=1"}, 200),
        ({"referer": "https://other.example/https://shop.example"}, 403),
        ({"referer": "http://[bad"}, 403),
        ({"origin": "https://other.example", "referer": "https://shop.example/"}, 403),
        ({}, 200),
    ],
)
def test_a_page_may_send_where_its_origin_is_allowed(sink: Any, headers: dict[str, str], status: int) -> None:
    class OneTenant:
        def by_write_key(self, write_key: str, now: int) -> Tenant | None:
            return SHOP

        def all(self) -> tuple[Tenant, ...]:
            return (SHOP,)

    collector = Collector(OneTenant(), sink, lambda: NOW, "i-1")
    answer = collector.handle(Request("POST", "/v1/events", headers, _batch("any")))
    assert answer.status == status
    assert len(sink.lines) == (status == 200)
    if status == 403:
        assert json.loads(answer.body)["error"] == "origin_not_allowed"
