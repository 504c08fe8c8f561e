"""A schedule: a client, a collector that is killed and started again, and two services that fail, all from a seed."""

import random
from dataclasses import dataclass

from footfall.collector.handler import Collector
from footfall.collector.messages import Request
from footfall.collector.sinks.durable import DurableSink
from footfall.collector.sinks.firehose import FirehoseSink
from footfall.collector.sinks.spill import SpillSink
from footfall.collector.sinks.spill_mode import LONGEST_PAUSE_SECONDS, SpillMode
from footfall.events.tenants import Tenant
from tests.faults.collector.batches import Batch, make_batch
from tests.faults.collector.books import TENANTS, Books, Findings, audit
from tests.faults.collector.naive import AnswersFirst
from tests.faults.collector.world import WEATHER, FaultyBucket, FaultyStream, Killed, World

TRIES = 6


class Registry:
    """Knows the keys `key-shop` and `key-blog`."""

    def by_write_key(self, write_key: str, now: int) -> Tenant | None:
        return next((tenant for tenant in self.all() if write_key == f"key-{tenant.name}"), None)

    def all(self) -> tuple[Tenant, ...]:
        return tuple(Tenant(name, "salt") for name in TENANTS)


@dataclass(frozen=True)
class Outcome:
    """How a schedule ended."""

    findings: Findings
    statuses: dict[int, int]
    happened: dict[str, int]
    acknowledged: int
    recovered: bool
    """Firehose being well again, the collector left spill mode within a minute, and took the last batches there."""
    world: World


class _Process:
    """A collector's process: what it remembers dies with it."""

    def __init__(self, world: World, instance: str, naive: bool) -> None:
        self.mode = SpillMode(world.monotonic)
        firehose = FirehoseSink(FaultyStream(world), world.monotonic, world.pause)
        durable = DurableSink(firehose, SpillSink(FaultyBucket(world)), self.mode)
        self.naive = AnswersFirst(durable) if naive else None
        self.collector = Collector(Registry(), self.naive or durable, world.now, instance)


class _Client:
    """Sends a batch until it is acknowledged, or gives up; starts the collector again when it is killed."""

    def __init__(self, world: World, naive: bool) -> None:
        self.books = Books()
        self.statuses: dict[int, int] = {}
        self._world = world
        self._naive = naive
        self._started = 0
        self.process = self._start()

    def send(self, batch: Batch) -> None:
        for _ in range(TRIES):
            status = self._try(batch)
            self.statuses[status] = self.statuses.get(status, 0) + 1
            if status == 200:
                self.books.acknowledged.update(batch.keys)
                if self._world.chance.random() < 0.9:
                    return
                self._world.count("answer lost")  # the client never hears of it, and sends again
            self._world.seconds += self._world.chance.uniform(0.1, 8)

    def _try(self, batch: Batch) -> int:
        """The answer's status; 0 where the process was killed before the answer was out."""
        world = self._world
        try:
            world.step("before the handler")
            request = Request("POST", "/v1/events", {}, batch.body(world.now()), "203.0.113.77")
            status = self.process.collector.handle(request).status
            world.step("before the answer")
        except Killed:
            self.process = self._start()
            return 0
        try:
            world.step("after the answer")
            if self.process.naive is not None:
                self.process.naive.after_answer()
        except Killed:
            self.process = self._start()
        return status

    def _start(self) -> _Process:
        self._started += 1
        return _Process(self._world, f"i-{self._started}", self._naive)


def run(seed: int, *, naive: bool = False) -> Outcome:
    """Run the schedule of a seed; the same seed gives the same outcome."""
    chance = random.Random(seed)
    world = World(chance, chance.choice([0.0, 0.01, 0.03, 0.1]))
    client = _Client(world, naive)
    for _ in range(chance.randint(2, 5)):
        world.firehose, world.s3 = chance.choice(list(WEATHER)), chance.choice(["fair", "fair", *WEATHER])
        for _ in range(chance.randint(2, 8)):
            huge = chance.random() < 0.0006
            if huge:
                world.count("huge batch")
            client.send(make_batch(chance, client.books, world.now(), huge=huge))
            world.seconds += chance.expovariate(0.5)
    recovered = _recovers(client, world)
    findings = audit(client.books, world.raw())
    return Outcome(findings, client.statuses, world.happened, len(client.books.acknowledged), recovered, world)


def _recovers(client: _Client, world: World) -> bool:
    world.firehose, world.s3, world.kill_chance = "fair", "fair", 0.0
    world.seconds += LONGEST_PAUSE_SECONDS
    objects = len(world.objects)
    for _ in range(2):
        client.send(make_batch(world.chance, client.books, world.now()))
    return len(world.objects) == objects and not client.process.mode.on
