"""How much the peak of resident memory grows when gzip bombs come in, beside what a body may be inflated to.

Bodies of 10 KB to 1 MB that would become a thousand times as much come as Lambda gets them, after ordinary requests.
"""

import base64
import gzip
import sys
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench._figures import Figure, at_most, run, say
from bench._traffic import NOW, OneTenant, full_batches, gateway_event
from footfall.collector.api_gateway import respond
from footfall.collector.body import MAX_BODY_BYTES
from footfall.collector.handler import Collector
from footfall.events.raw_line import EncodedLine

LIMIT = 2.0
PACKED_BYTES = (10_000, 100_000, 500_000, 1_000_000)


class _NoSink:
    def write(self, line: EncodedLine) -> None:
        pass

    def close(self) -> None:
        pass


def measure(quick: bool) -> Iterator[Figure]:
    """The figures."""
    ordinary = [_gzipped(event) if number % 2 else event for number, event in enumerate(_events())]
    bombs = [_packed(ordinary[0], _bomb(size)) for size in PACKED_BYTES]
    collector = Collector(OneTenant(), _NoSink(), lambda: NOW, "instance")
    for event in ordinary * 5:
        assert respond(collector, event)["statusCode"] == 200
    say("collector_bomb: warm")
    before = _forget_the_peak()
    for _ in range(2 if quick else 20):
        for bomb in bombs:
            assert 400 <= respond(collector, bomb)["statusCode"] < 500
    grown = _status("VmHWM") - before
    yield Figure(
        "growth of peak memory on 1,000:1 bodies, beside the inflated cap",
        grown / MAX_BODY_BYTES,
        1,
        "MiB",
        LIMIT,
        at_most(LIMIT),
    )


def _events() -> list[dict[str, Any]]:
    return [gateway_event(request) for request in full_batches()]


def _gzipped(event: dict[str, Any]) -> dict[str, Any]:
    return _packed(event, gzip.compress(event["body"].encode()))


def _packed(event: dict[str, Any], body: bytes) -> dict[str, Any]:
    headers = event["headers"] | {"content-encoding": "gzip"}
    return event | {"headers": headers, "body": base64.b64encode(body).decode(), "isBase64Encoded": True}


def _bomb(packed_bytes: int) -> bytes:
    """A gzip file of about so many bytes that holds a thousand times as many spaces, in a batch's JSON."""
    packing = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packing.compress(b'{"write_key":"')]
    spaces = b" " * 1_000_000
    parts += [packing.compress(spaces) for _ in range(packed_bytes // 1_000)]
    bomb = b"".join([*parts, packing.flush()])
    assert packed_bytes * 0.9 < len(bomb) <= MAX_BODY_BYTES, len(bomb)
    return bomb


def _forget_the_peak() -> int:
    """Have the kernel count the peak anew. Returns what is resident now, in bytes."""
    Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS")


def _status(field: str) -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(f"{field}:"):
            return int(line.split()[1]) * 1_024
    raise LookupError(field)


if __name__ == "__main__":
    sys.exit(run("collector_bomb", measure))
