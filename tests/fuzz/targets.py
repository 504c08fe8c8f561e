"""What is fuzzed: a row a way into the collector. A new protocol joins by a line, and a folder of seeds in `corpus`."""

import base64
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from footfall.collector.api_gateway import respond
from footfall.collector.handler import Collector
from footfall.events import raw_line
from footfall.events.raw_line import EncodedLine, RawLine
from footfall.events.tenants import Tenant

CORPUS = Path(__file__).parent / "corpus"
NOW = 1_767_225_600_000


@dataclass(frozen=True)
class Target:
    """A request whose body, or whose query where `in_query`, is whatever the fuzzer makes."""

    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    query: str = ""
    in_query: bool = False

    def event(self, data: bytes) -> dict[str, Any]:
        """API Gateway's event."""
        http = {"method": self.method, "path": self.path, "sourceIp": "203.0.113.77"}
        return {
            "rawPath": self.path,
            "rawQueryString": data.decode("latin-1") if self.in_query else self.query,
            "headers": {"user-agent": "fuzz", **self.headers},
            "requestContext": {"http": http, "requestId": "fuzz"},
            "body": "" if self.in_query else base64.b64encode(data).decode(),
            "isBase64Encoded": not self.in_query,
        }


TARGETS = {
    "native": Target("POST", "/v1/events"),
    "native-gzip": Target("POST", "/v1/events", {"content-encoding": "gzip"}),
    "segment-batch": Target("POST", "/v1/batch"),
    "segment-track": Target("POST", "/v1/track"),
    "snowplow-post": Target("POST", "/com.snowplowanalytics.snowplow/tp2"),
    "snowplow-pixel": Target("GET", "/i", in_query=True),
    "predictionio-event": Target("POST", "/events.json", query="accessKey=k"),
    "predictionio-batch": Target("POST", "/batch/events.json", query="accessKey=k"),
}


class AnyKey:
    """A registry that takes every write key, so that what lies behind it is reached."""

    def by_write_key(self, write_key: str, now: int) -> Tenant | None:
        """The tenant."""
        return self.all()[0]

    def all(self) -> tuple[Tenant, ...]:
        """The tenant."""
        return (Tenant("fuzz", "salt"),)


class Kept:
    """A sink that keeps its lines."""

    def __init__(self) -> None:
        self.lines: list[RawLine] = []

    def write(self, line: EncodedLine) -> None:
        """Keep a line."""
        self.lines.append(raw_line.decode(line.text))

    def close(self) -> None:
        """Nothing is open."""


_kept = Kept()
_collector = Collector(AnyKey(), _kept, lambda: NOW, "fuzz")


def check(target: Target, data: bytes, collector: Collector = _collector, kept: Kept = _kept) -> int:
    """Send the bytes in. Whatever they are, the answer is no 5xx, and what is acknowledged is stored and can be read.

    Returns how many events were accepted.

    Raises:
        AssertionError: it is not so.
    """
    kept.lines.clear()
    answer = respond(collector, target.event(data))
    status = int(answer["statusCode"])
    assert 200 <= status < 500, f"{status} {answer['body']}"
    if answer["headers"].get("content-type") == "application/json":
        json.loads(answer["body"])
    if status >= 400:
        # A protocol of one event a request refuses it, and keeps it in quarantine.
        assert all(not line.events for line in kept.lines), "an event was accepted of a request that was refused"
    for line in kept.lines:
        assert line.events or line.rejected, "an empty line was stored"
        assert raw_line.decode(raw_line.encode(line)) == line
        places = [*[event.index for event in line.events], *[event.index for event in line.rejected]]
        assert sorted(places) == list(range(len(places))), "an event was lost or doubled"
    return sum(len(line.events) for line in kept.lines)
