"""CPU that a tracker costs a page's main thread: 10,000 moves of the pointer and 500 clicks, played to a real Chromium.

Of each side's CPU that of the same page without any tracker is taken away: what the browser itself spends on events.
"""

import json
import math
import statistics
import sys
from collections.abc import Iterator

from bench._figures import Figure, at_most, run, say
from bench._page_server import PageServer
from bench._played import Played, html, play
from bench._pointer import Sample, movement
from bench._scripts import ALTERNATIVES, DIST, build_ours, bundle
from tests.browser.chromium import Chromium

MOVES, CLICKS = 10_000, 500
LIMIT = 0.25
SETTINGS = '{"key": "key", "url": "", "options": {"pointer": {"budget": 10000000}}}'
"""All that we record, with the budget of a page's movements lifted: rrweb has none."""
_NOTHING = "nothing"
_LISTENERS = "listeners"
"""What any tracker costs: listeners that do nothing. Between that and ours, the least that records the same."""
_LEAST = "least"
_SELDOM = {"posthog": 8}
"""Who costs so much that a round in so many tells enough. The others' rounds differ by half of what they cost."""


def measure(quick: bool) -> Iterator[Figure]:
    """The figures."""
    build_ours()
    # Fewer moves would end before ours tells of the path: each minute of it.
    rounds = 8 if quick else 64
    moves = movement(1, MOVES)
    say("tracker_cpu: bundling rrweb and posthog-js")
    scripts = {
        "ours": (DIST / "footfall.js").read_bytes(),
        "rrweb": bundle(ALTERNATIVES / "rrweb.js"),
        "posthog": bundle(ALTERNATIVES / "posthog.js"),
        _LEAST: bundle(ALTERNATIVES / "least.js"),
        _LISTENERS: bundle(ALTERNATIVES / "listeners.js"),
        _NOTHING: b"",
    }
    say(f"tracker_cpu: {rounds} rounds of {len(moves):,} moves and {CLICKS} clicks a side")
    spent = _spent(scripts, moves, rounds)
    idle = statistics.median(spent.pop(_NOTHING))
    say(f"tracker_cpu: the page without a tracker {idle:.1f} ms; " + _told(spent, idle))
    added = {name: statistics.median(values) - idle for name, values in spent.items()}
    goal = at_most(LIMIT)
    yield Figure("moves and clicks, beside rrweb", added["ours"], added["rrweb"], "CPU ms", LIMIT, goal)
    yield Figure("moves and clicks, beside posthog-js", added["ours"], added["posthog"], "CPU ms", 1.0, at_most(1.0))
    for name, told in ((_LEAST, "the least that records the same"), (_LISTENERS, "listeners that do nothing")):
        yield Figure(f"{told}, beside rrweb", added[name], added["rrweb"], "CPU ms", math.inf, "to compare")


def _spent(scripts: dict[str, bytes], moves: list[Sample], rounds: int) -> dict[str, list[float]]:
    spent: dict[str, list[float]] = {name: [] for name in scripts}
    order = list(scripts)
    with PageServer() as server, Chromium() as browser:
        for name, script in scripts.items():
            server.files[f"/{name}.js"] = ("text/javascript", script)
            start = (
                f"<script>ff=function(){{ff.q.push([Date.now(),...arguments])}};ff.q=[];ff('init',{SETTINGS})</script>"
            )
            head = start if name == "ours" else ""
            server.files[f"/{name}"] = ("text/html", html(f'{head}<script src="/{name}.js"></script>'))
        for number in range(rounds + 1):
            for name in order:
                if number % _SELDOM.get(name, 1):
                    continue
                played = _round(browser, server, name, moves)
                if number:
                    spent[name].append(played.cpu_ms)
            order = order[1:] + order[:1]
    return spent


def _round(browser: Chromium, server: PageServer, name: str, moves: list[Sample]) -> Played:
    server.posted.clear()
    page, played = play(browser, f"{server.url}/{name}", moves, MOVES // CLICKS)
    assert played.clicks == len(moves) * CLICKS // MOVES
    assert name in (_NOTHING, _LISTENERS) or server.posted, f"{name} sent nothing"
    if name in ("ours", _LEAST):
        server.wait_until(lambda posted: _is_whole(posted, played.clicks))
    page.remote("context").call("close")
    return played


def _is_whole(posted: list[bytes], clicks: int) -> bool:
    """Whether what was measured did its work: every click was recorded, and the path."""
    names = list({event["id"]: event["name"] for body in posted for event in json.loads(body)["events"]}.values())
    return names.count("click") == clicks and "pointer" in names


def _told(spent: dict[str, list[float]], idle: float) -> str:
    return ", ".join(
        f"{name} +{statistics.median(values) - idle:.1f} ms ({min(values) - idle:.1f} to {max(values) - idle:.1f})"
        for name, values in spent.items()
    )


if __name__ == "__main__":
    sys.exit(run("tracker_cpu", measure))
