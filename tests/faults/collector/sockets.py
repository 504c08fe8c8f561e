"""A schedule over real sockets: the Lambda's handler in a process that SIGKILL ends, before an emulated AWS.

A seed gives the same batches, weather and draws again; what the operating system adds (which call meets which moment)
may differ.
"""

import random
import time
from collections import Counter
from dataclasses import dataclass

from tests.faults.collector.batches import Batch, make_batch
from tests.faults.collector.books import Books, Findings, audit
from tests.faults.collector.child import Child
from tests.faults.collector.cloud import Cloud
from tests.faults.collector.proxy import FAULTS

TRIES = 5


@dataclass(frozen=True)
class Outcome:
    """How a schedule ended. `objects` are the raw objects, inflated; `happened` the faults."""

    findings: Findings
    books: Books
    statuses: Counter[int]
    happened: dict[str, int]
    objects: dict[str, bytes]
    well: bool
    """Something was acknowledged in the end, when all was fair again."""

    @property
    def good(self) -> bool:
        """Whether every promise was kept."""
        return self.findings.good and self.well


def run(cloud: Cloud, seed: int, *, naive: bool = False) -> Outcome:
    """Run the schedule of a seed."""
    cloud.reset()
    chance, proxy, books = random.Random(seed), cloud.proxy, Books()
    child = Child(proxy.url, naive)
    proxy.chance, proxy.kill, proxy.happened = random.Random(seed), child.kill, {}
    statuses: Counter[int] = Counter()

    def send(batch: Batch) -> None:
        for _ in range(TRIES):
            status = child.send(batch.body(_now()))
            statuses[status] += 1
            if status == 200:
                books.acknowledged.update(batch.keys)
                if chance.random() < 0.9:
                    return
        # Given up: it may be in raw, or not.

    try:
        for _ in range(3):
            proxy.firehose, proxy.s3 = chance.choice(list(FAULTS)), chance.choice(["fair", "fair", "mixed", "down"])
            proxy.kill_chance = chance.choice([0.05, 0.2])
            for _ in range(chance.randint(2, 4)):
                send(make_batch(chance, books, _now()))
                if chance.random() < 0.1:
                    child.kill()
        proxy.firehose, proxy.s3, proxy.kill_chance = "fair", "fair", 0.0
        send(make_batch(chance, books, _now()))
        well = statuses[200] > 0
    finally:
        child.stop()
    objects = cloud.objects()
    findings = audit(books, b"".join(objects.values()).splitlines())
    return Outcome(findings, books, statuses, dict(proxy.happened), objects, well)


def _now() -> int:
    return time.time_ns() // 1_000_000
