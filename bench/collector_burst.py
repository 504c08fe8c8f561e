"""A burst on the local server, over real sockets from another process; then a tenant that sends too much.

The burst: 250 clients send 20 events each within two seconds. Lost is what was acknowledged and is not in raw after
the server's stop. The noise: a tenant sends ten times its quota while another sends as usual; the other's 99th
percentile is measured with and without it, in turn.
"""

import asyncio
import gzip
import json
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from random import Random

from bench._clients import Answered, Shot, shoot
from bench._figures import Figure, run, say
from bench._traffic import full_batches
from footfall.events import raw_line
from footfall.events.tenant_file import TenantFile
from footfall.events.tenants import Tenant
from footfall.lake.layout import LocalLake, open_lake
from footfall.lake.raw_store import FileRawStore
from footfall.local.simulator.delivery import SimulatedRequest

REPOSITORY = Path(__file__).resolve().parents[1]
CLIENTS = 250
BURST_SECONDS = 2.0
LIMIT = 1.5
QUOTA = 200
"""Events a second of the noisy tenant, who sends ten times as many: a hundred requests a second."""
RATE = 200
"""Requests a second of the other tenant, 20 events each."""
_VISITOR = re.compile(rb'"visitor":"[^"]*"')


@dataclass
class _Running:
    lake: LocalLake
    port: int
    keys: dict[str, str]


def measure(quick: bool) -> Iterator[Figure]:
    """The figures."""
    requests = full_batches()
    yield from _burst(requests, 1 if quick else 9)
    if {"events_per_second", "burst_events"} <= set(Tenant.__struct_fields__):
        yield _noise(requests, rounds=3 if quick else 9, count=400 if quick else 2_000)
    else:
        say("collector_burst: tenants have no quota yet, so nothing is said of a noisy one")


def _burst(requests: Sequence[SimulatedRequest], rounds: int) -> Iterator[Figure]:
    lost = refused = 0
    slowest: list[float] = []
    for number in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            with _serving(Path(folder), quota=0) as running:
                shots = _shots(requests, running.keys["shop"], CLIENTS, BURST_SECONDS, Random(number))
                answers = _shoot(running.port, shots)
            acknowledged = Counter(
                {
                    f"client-{number}": int(json.loads(answer.body)["accepted"])
                    for number, answer in enumerate(answers)
                    if answer.status == 200
                }
            )
            stored = _stored(running.lake)
            lost += sum(max(0, events - stored[client]) for client, events in acknowledged.items())
            refused += sum(answer.status != 200 for answer in answers)
            slowest.append(_p99(answers))
        say(
            f"collector_burst: round {number + 1} of {rounds}: {acknowledged.total()} events acknowledged, "
            f"p99 {slowest[-1] * 1_000:.0f} ms"
        )
    yield Figure("events of a burst that were acknowledged and lost", lost, 0, "events", 0, "0")
    yield Figure("requests of a burst that were refused", refused, 0, "requests", 0, "0")


def _noise(requests: Sequence[SimulatedRequest], rounds: int, count: int) -> Figure:
    seconds: dict[bool, list[float]] = {True: [], False: []}
    refused = passed = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        ProcessPoolExecutor(1, get_context("spawn")) as other,
        _serving(Path(folder), quota=QUOTA) as running,
    ):
        for number in range(2 * rounds + 2):
            noisy = number % 4 in {1, 2}  # in turn, and each as often before the other as after it
            random = Random(number)
            length = count / RATE
            usual = _shots(requests, running.keys["shop"], count, length, random)
            noise = _shots(requests, running.keys["noisy"], int(length * QUOTA * 10 / 20), length, random)
            # From a process of its own, so that what is measured is the server's burden and not the client's.
            loud_ones = other.submit(_shoot, running.port, noise if noisy else [])
            answers = _shoot(running.port, usual)
            loud = loud_ones.result()
            assert all(answer.status == 200 for answer in answers), "a request within its quota was refused"
            refused += sum(answer.status == 429 for answer in loud)
            passed += sum(answer.status == 200 for answer in loud)
            if number >= 2:  # the first two warm the server up
                seconds[noisy].append(_p99(answers))
                say(f"collector_burst: {'with' if noisy else 'without'} noise, p99 {_p99(answers) * 1_000:.1f} ms")
    say(f"collector_burst: of the noisy tenant's requests {passed} were taken and {refused} refused")
    assert refused > passed, "the quota did not hold"
    with_noise, without = statistics.median(seconds[True]), statistics.median(seconds[False])
    return Figure(
        "p99 of a tenant beside one at ten times its quota, by p99 without",
        with_noise * 1_000,
        without * 1_000,
        "ms",
        LIMIT,
        f"at most {LIMIT:g}x",
    )


def _shoot(port: int, shots: Sequence[Shot]) -> list[Answered]:
    return asyncio.run(shoot(port, shots))


def _shots(
    requests: Sequence[SimulatedRequest], write_key: str, count: int, seconds: float, random: Random
) -> list[Shot]:
    """So many requests at random moments within so many seconds, each of another visitor: `client-0` and on."""
    now = time.time_ns() // 1_000_000
    moments = sorted(random.uniform(0, seconds) for _ in range(count))
    chosen = [requests[number % len(requests)] for number in range(count)]
    bodies = [
        _VISITOR.sub(b'"visitor":"client-%d"' % number, request.body(write_key, now), count=1)
        for number, request in enumerate(chosen)
    ]
    agents = [request.user_agent for request in chosen]
    return [Shot(*parts) for parts in zip(moments, bodies, agents, strict=True)]


@contextmanager
def _serving(folder: Path, quota: int) -> Iterator[_Running]:
    """A server of two tenants in a process of its own. Its end leaves everything sealed."""
    lake = open_lake(folder / "lake", create=True)
    tenants = TenantFile(lake.tenants)
    keys = {name: tenants.add(name, time.time_ns() // 1_000_000)[1] for name in ("shop", "noisy")}
    if quota:
        text = lake.tenants.read_text("utf-8")
        before, mark, after = text.partition('name = "noisy"\n')
        rest = "\n".join(line for line in after.splitlines() if not line.startswith("events_per_second"))
        lake.tenants.write_text(f"{before}{mark}events_per_second = {quota}\n{rest}\n", "utf-8")
    command = [sys.executable, "-m", "bench._serve", str(lake.root)]
    with subprocess.Popen(command, cwd=REPOSITORY, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield _Running(lake, int(server.stdout.readline()), keys)
        finally:
            server.stdin.close()
            server.wait(60)


def _stored(lake: LocalLake) -> Counter[str]:
    """How many accepted events of each visitor are in raw, an event that stands there twice counted once."""
    store = FileRawStore(lake.raw)
    found: dict[str, set[str]] = {}
    for key in list(store.keys()):
        for text in gzip.decompress(store.read(key)).splitlines():
            line = raw_line.decode(text)
            found.setdefault(line.visitor, set()).update(event.id for event in line.events)
    return Counter({visitor: len(ids) for visitor, ids in found.items()})


def _p99(answers: Sequence[Answered]) -> float:
    """The 99th percentile of the answers' seconds."""
    ordered = sorted(answer.seconds for answer in answers)
    return ordered[min(len(ordered) - 1, round(len(ordered) * 0.99))]


if __name__ == "__main__":
    sys.exit(run("collector_burst", measure))
