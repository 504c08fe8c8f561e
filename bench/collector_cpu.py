"""CPU an event of the whole handler, from API Gateway's event to its answer, on batches that the tracker has sent.

Beside it: the same in pydantic, both with a list in memory as their sink; and msgspec's bare decoding of the batch.
Once more with quotation marks in the title of each batch's page, which JSON writes as escapes.
"""

import json
import sys
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import msgspec

from bench._figures import Figure, at_most, run, say
from bench._rounds import cpu_seconds
from bench._traffic import NOW, WRITE_KEY, OneTenant, gateway_event, tracker_batches
from bench.alternatives.pydantic_collector import PydanticCollector
from footfall.collector.api_gateway import respond
from footfall.collector.handler import Collector
from footfall.events.model import Batch
from footfall.events.raw_line import EncodedLine
from footfall.events.tenants import hash_write_key

EVENTS = 20
LIMIT = 0.35
LIMIT_TO_DECODE = 6.0


class _ListSink:
    """Keeps each line as the bytes that would be sent."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    def write(self, line: EncodedLine) -> None:
        self.lines.append(line.text + b"\n")

    def close(self) -> None:
        pass


def measure(quick: bool) -> Iterator[Figure]:
    """The figures."""
    events = [gateway_event(request) for request in tracker_batches()]
    rounds, times = (5, 5) if quick else (21, 20)
    sink, theirs = _ListSink(), list[bytes]()
    ours = Collector(OneTenant(), sink, lambda: NOW, "instance")
    known = {hash_write_key(WRITE_KEY): "shop"}
    alternative = PydanticCollector(known.get, theirs.append, lambda: NOW, "instance")
    escaped = [_with_an_escape(event) for event in events]
    _check_equal(events + escaped, ours, sink, alternative, theirs)
    decode = msgspec.json.Decoder(Batch).decode
    bodies = [body for event in events if _is_whole(body := event["body"].encode(), decode)]

    def run_ours(sent: list[dict[str, Any]]) -> None:
        for event in sent * times:
            respond(ours, event)
        sink.lines.clear()

    def run_theirs(sent: list[dict[str, Any]]) -> None:
        for event in sent * times:
            alternative.handle(event)
        theirs.clear()

    def run_decode() -> None:
        for body in bodies * times:
            decode(body)

    say(f"collector_cpu: {rounds} rounds of {len(events) * times} requests a side")
    sides: dict[str, Callable[[], object]] = {
        "ours": partial(run_ours, events),
        "theirs": partial(run_theirs, events),
        "decode": run_decode,
        "ours, escaped": partial(run_ours, escaped),
        "theirs, escaped": partial(run_theirs, escaped),
    }
    spent = cpu_seconds(sides, rounds)
    each = partial(_microseconds, times=times)
    handler = each(spent["ours"], len(events))
    yield Figure(
        "the whole handler, beside pydantic",
        handler,
        each(spent["theirs"], len(events)),
        "CPU us an event",
        LIMIT,
        at_most(LIMIT),
    )
    yield Figure(
        "the whole handler, beside msgspec's bare decoding",
        handler,
        each(spent["decode"], len(bodies)),
        "CPU us an event",
        LIMIT_TO_DECODE,
        at_most(LIMIT_TO_DECODE),
    )
    yield Figure(
        "the same with an escape in each batch, beside pydantic",
        each(spent["ours, escaped"], len(events)),
        each(spent["theirs, escaped"], len(events)),
        "CPU us an event",
        LIMIT,
        at_most(LIMIT),
    )


def _microseconds(seconds: float, requests: int, times: int) -> float:
    return seconds / (requests * times * EVENTS) * 1e6


def _with_an_escape(event: dict[str, Any]) -> dict[str, Any]:
    """The same request, with a word in quotation marks in the title of its batch's page."""
    body = json.loads(event["body"])
    body["page"]["title"] += ' "new"'
    return event | {"body": json.dumps(body, ensure_ascii=False, separators=(",", ":"))}


def _is_whole(body: bytes, decode: Any) -> bool:
    """Whether no event is broken: bare decoding stops at the first that is."""
    try:
        decode(body)
    except msgspec.ValidationError:
        return False
    return True


def _check_equal(
    events: list[dict[str, Any]], ours: Collector, sink: _ListSink, alternative: PydanticCollector, theirs: list[bytes]
) -> None:
    """Both store the same: all fields of the lines, and of rejected events their places (reasons have other words)."""
    for event in events:
        answers = [respond(ours, event), alternative.handle(event)]
        assert [answer["statusCode"] for answer in answers] == [200, 200]
        assert _comparable(sink.lines.pop()) == _comparable(theirs.pop())


def _comparable(line: bytes) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(line)
    document["rejected"] = [rejected["index"] for rejected in document.get("rejected", [])]
    return document


if __name__ == "__main__":
    sys.exit(run("collector_cpu", measure))
