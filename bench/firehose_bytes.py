"""What Firehose bills for 20 events: one record a request, as the handler writes it, beside one record an event.

Firehose rounds each record up to 5 KB. Each event is of exactly so many bytes as the client sends it.
"""

import json
import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any

from bench._figures import Figure, at_most, run
from bench._traffic import NOW, WRITE_KEY, OneTenant, full_batches, gateway_event
from bench.alternatives.record_per_event import records
from footfall.collector.api_gateway import respond
from footfall.collector.handler import Collector
from footfall.collector.sinks.durable import DurableSink
from footfall.collector.sinks.firehose import FirehoseSink
from footfall.collector.sinks.spill import SpillSink
from footfall.collector.sinks.spill_mode import SpillMode

ROUNDED_TO = 5 * 1_024
GOALS = {200: 0.05, 400: 0.10}


class _CountingStream:
    """Firehose, as far as the sink asks it: keeps what it is billed for."""

    def __init__(self) -> None:
        self.records: list[bytes] = []

    def put(self, records: Sequence[bytes], seconds: float) -> list[str]:
        self.records += records
        return [""] * len(records)


class _NoBucket:
    """Stands for S3, which these requests must not need."""

    def put(self, key: str, body: bytes, seconds: float) -> None:
        raise AssertionError(f"{key}: Firehose takes these records")


def measure(quick: bool) -> Iterator[Figure]:
    """The figures."""
    requests = full_batches()[:: 10 if quick else 1]
    for size, limit in GOALS.items():
        client = _CountingStream()
        firehose = FirehoseSink(client, time.monotonic, lambda seconds: None)
        sink = DurableSink(firehose, SpillSink(_NoBucket()), SpillMode(time.monotonic))
        collector = Collector(OneTenant(), sink, lambda: NOW, "0123456789abcdef")
        apart: list[bytes] = []
        for request in requests:
            event = gateway_event(request)
            event["body"] = _text(_with_events_of(size, event["body"])).decode()
            assert respond(collector, event)["statusCode"] == 200
            apart += records(event, {WRITE_KEY: "shop"}, NOW)
        assert _events(client.records, "events") == _events(apart, "event")
        yield Figure(
            f"billed bytes an event, {size} B each, 20 a request",
            _billed(client.records) / len(requests) / 20,
            _billed(apart) / len(requests) / 20,
            "B",
            limit,
            at_most(limit),
        )


def _with_events_of(size: int, body: str) -> dict[str, Any]:
    """The batch with its events' own fields kept, and properties that fill each up to `size` bytes."""
    batch: dict[str, Any] = json.loads(body)
    events = []
    for event in batch["events"]:
        head = {
            "id": str(event.get("id", "")).ljust(36, "0")[:36],
            "name": str(event.get("name", "")) or "page_view",
            "level": event["level"] if event.get("level") in ("low", "mid", "high") else "mid",
            "time": NOW,
        }
        room = size - len(_text(head | {"properties": {"text": ""}}))
        assert room > 0, "the event has no room for its own fields"
        events.append(head | {"properties": {"text": "x" * room}})
    return batch | {"events": events}


def _text(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def _billed(written: list[bytes]) -> int:
    return sum(-(-len(record) // ROUNDED_TO) * ROUNDED_TO for record in written)


def _events(written: list[bytes], field: str) -> list[tuple[str, str, int]]:
    """The events of the records, so that both are seen to hold the same."""
    found: list[tuple[str, str, int]] = []
    for record in written:
        document = json.loads(record)
        events = document[field] if field == "events" else [document[field]]
        found += [(event["id"], event["name"], event["time"]) for event in events]
    return found


if __name__ == "__main__":
    sys.exit(run("firehose_bytes", measure))
