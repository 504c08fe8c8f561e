"""The traffic that the collector's benches send: batches as the tracker or the simulator makes them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

from footfall.events.tenants import Tenant, hash_write_key
from footfall.local.simulator.delivery import MOST_EVENTS, SimulatedRequest
from footfall.local.simulator.simulation import Simulation

WRITE_KEY = "ffk_0123456789abcdef0123456789abcdef01234567"
NOW = 1_767_571_200_000
"""2026-01-05, when the simulated days end; epoch milliseconds."""
ADDRESS = "203.0.113.77"
RECORDED = Path(__file__).parent / "recorded" / "tracker_batches.jsonl"


def full_batches(events: int = 40_000) -> list[SimulatedRequest]:
    """The requests with 20 events among the simulated ones, 166 of 40,000 events; what is broken in them stays."""
    simulation = Simulation(seed=7, end_day=date(2026, 1, 5), events=events)
    return [request for request in simulation.requests if request.events == MOST_EVENTS]


def tracker_batches() -> list[SimulatedRequest]:
    """What the tracker sent on visits to the demo shop, 20 events each (see bench/_record_tracker.py); sent at NOW."""
    return [
        SimulatedRequest((0, "", place), line["user_agent"], _moved(line["batch"]), len(line["batch"]["events"]))
        for place, line in enumerate(map(json.loads, RECORDED.read_text("utf-8").splitlines()))
    ]


def _moved(batch: dict[str, Any]) -> bytes:
    """The batch's text without the moment that it was sent at, its events as long before NOW as they were before it."""
    later = NOW - batch["sent_at"]
    events = [event | {"time": event["time"] + later} for event in batch["events"]]
    bare = {name: value for name, value in batch.items() if name != "sent_at"} | {"events": events}
    return json.dumps(bare, separators=(",", ":"), ensure_ascii=False).encode()


def gateway_event(request: SimulatedRequest, write_key: str = WRITE_KEY) -> dict[str, Any]:
    """The event that API Gateway hands to Lambda for a request."""
    headers = {
        "accept": "*/*",
        "accept-encoding": "gzip, deflate, br, zstd",
        "accept-language": "en-GB,en;q=0.9",
        "content-type": "text/plain;charset=UTF-8",
        "host": "collect.shop.example",
        "origin": "https://shop.example",
        "referer": "https://shop.example/",
        "user-agent": request.user_agent,
        "x-forwarded-for": ADDRESS,
    }
    http = {"method": "POST", "path": "/v1/events", "protocol": "HTTP/1.1", "sourceIp": ADDRESS}
    return {
        "version": "2.0",
        "routeKey": "POST /v1/events",
        "rawPath": "/v1/events",
        "rawQueryString": "",
        "headers": headers,
        "requestContext": {"requestId": "JKJaXmPLvHcESHA=", "http": http},
        "body": request.body(write_key, NOW).decode(),
        "isBase64Encoded": False,
    }


class OneTenant:
    """A registry of one tenant, found by its key's hash, as every registry finds it."""

    def __init__(self, tenant: Tenant | None = None) -> None:
        self._tenant = tenant or Tenant("shop", "salt")
        self._known = {hash_write_key(WRITE_KEY): self._tenant}

    def by_write_key(self, write_key: str, now: int) -> Tenant | None:
        """The tenant, or None for another key."""
        return self._known.get(hash_write_key(write_key))

    def all(self) -> tuple[Tenant, ...]:
        """The tenant."""
        return (self._tenant,)
