"""Bytes on the wire a second of pointer movement: whole request bodies, of ours and of plain JSON samples.

The tracker itself records and sends, in a real Chromium. Theirs is the same movement sampled each 50 ms as {t, x, y}
objects, in the same batches: our events with such a path in the place of ours.
"""

import json
import math
import sys
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from bench._figures import Figure, at_most, run, say
from bench._page_server import PageServer
from bench._played import html, play
from bench._pointer import STEP_MS, Sample, movement
from bench._scripts import DIST, build_ours
from footfall.events.pointer_path import UNIT_MS, decode
from tests.browser.chromium import Chromium

SAMPLES = 40_000
EACH_MS = 50
LIMIT = 0.15
FARTHEST_PIXELS = 1.5
"""How far a place in the path may be from the way that the pointer went: a pixel on each axis, rounded."""
LATEST_MS = 96
"""How far its time may be off: two samples, as a page's clock and that of its events differ."""
SETTINGS = {
    "key": "ffk_0123456789012345678901234567890123456789",
    "url": "",
    "without": ["engagement"],
    "options": {"pointer": {"budget": 10_000_000}},
}


def measure(quick: bool) -> Iterator[Figure]:
    """The figures."""
    build_ours()
    moves = movement(2, SAMPLES // (10 if quick else 1))
    moving = sum(min(after[0] - before[0], EACH_MS) for before, after in pairwise(moves)) / 1_000
    say(f"pointer_bytes: {len(moves):,} moves, {moving:.0f} s of movement in {moves[-1][0] / 1_000:.0f} s")
    sent, began = _sent(moves)
    ours = [body for body in map(_only_pointer, sent) if body["events"]]
    _check_path(ours, moves, began)
    theirs = _as_samples(ours, moves, began)
    say(f"pointer_bytes: {sum(len(body['events']) for body in ours)} events in {len(ours)} batches")
    mine, plain = (sum(len(_written(body)) for body in side) / moving for side in (ours, theirs))
    yield Figure("a second of movement, whole bodies", mine, plain, "bytes", LIMIT, at_most(LIMIT))


def _sent(moves: Sequence[Sample]) -> tuple[list[dict[str, Any]], int]:
    """The batches that the tracker sends for a movement, each once, and the page's clock at the first move."""
    queue = "ff=function(){ff.q.push([Date.now(),...arguments])};ff.q=[]"
    with PageServer() as server, Chromium() as browser:
        start = f"<script>{queue};ff('init',{json.dumps(SETTINGS)})"
        server.files["/footfall.js"] = ("text/javascript", (DIST / "footfall.js").read_bytes())
        server.files["/"] = ("text/html", html(f'{start}</script><script src="/footfall.js"></script>'))
        page, played = play(browser, f"{server.url}/", moves, 0)
        page.call("close")
        # The last path is told as the page goes.
        end = played.began + moves[-1][0] - 1_000
        server.wait_until(lambda posted: any(_until(json.loads(body)) >= end for body in posted))
        return [json.loads(body) for body in dict.fromkeys(server.posted)], played.began


def _until(body: dict[str, Any]) -> int:
    """The time of the last place that a batch tells of; 0 where it tells of none."""
    ends = [event["time"] + decode(event["properties"]["path"])[-1][0] for event in _only_pointer(body)["events"]]
    return max(ends, default=0)


def _only_pointer(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "events": [event for event in body["events"] if event["name"] == "pointer"]}


def _events(bodies: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events by their times, copies left out."""
    found = {event["id"]: event for body in bodies for event in body["events"]}
    return sorted(found.values(), key=lambda event: event["time"])


def _check_path(bodies: Sequence[dict[str, Any]], moves: Sequence[Sample], began: int) -> None:
    """That our paths are the movement: from its beginning to its end, and never off the way."""
    at = {time: (x, y) for time, x, y in moves}
    points = [
        (event["time"] - began + offset, x, y)
        for event in _events(bodies)
        for offset, x, y in decode(event["properties"]["path"])
    ]
    assert math.dist(points[-1][1:], moves[-1][1:]) <= FARTHEST_PIXELS, (points[-1], moves[-1])
    # The browser itself tells of a pointer at (0, 0) as the page opens.
    for time, x, y in [point for point in points if point[0] >= -UNIT_MS]:
        around = [
            at[near] for near in range((time - LATEST_MS) // STEP_MS * STEP_MS, time + LATEST_MS, STEP_MS) if near in at
        ]
        assert around, f"{time} ms: the pointer did not move then"
        assert min(math.dist((x, y), place) for place in around) <= FARTHEST_PIXELS, (time, x, y, around)


def _as_samples(bodies: Sequence[dict[str, Any]], moves: Sequence[Sample], began: int) -> list[dict[str, Any]]:
    """The same batches with plain samples."""
    starts = [event["time"] - began for event in _events(bodies)]
    ids = [event["id"] for event in _events(bodies)]
    paths: dict[str, list[dict[str, int]]] = {name: [] for name in ids}
    last = -EACH_MS
    place = 0
    for time, x, y in moves:
        if time - last < EACH_MS:
            continue
        last = time
        while place + 1 < len(starts) and starts[place + 1] <= time:
            place += 1
        paths[ids[place]].append({"t": began + time, "x": x, "y": y})
    return [
        {
            **body,
            "events": [
                {**event, "properties": {**event["properties"], "path": paths[event["id"]]}} for event in body["events"]
            ],
        }
        for body in bodies
    ]


def _written(body: dict[str, Any]) -> bytes:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False).encode()


if __name__ == "__main__":
    sys.exit(run("pointer_bytes", measure))
