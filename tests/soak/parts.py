"""The parts of a soak: what each tries, how often, and the block of tries that a worker does in one go."""

import importlib
import logging
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass
class Found:
    """What a block came to.

    `tried`, `lost` and the like are counted over our own code, `control_...` over the naive one that must fail here.
    `wrong` says in a line each what broke a promise, the seed first; it must be empty.
    """

    tried: int = 0
    held: int = 0
    """What had to be kept: events acknowledged, or stored."""
    lost: int = 0
    """Of these, what is gone, doubled or wrong."""
    control_tried: int = 0
    control_held: int = 0
    control_lost: int = 0
    happened: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)

    def add(self, other: "Found") -> None:
        """Count another block's findings in."""
        for name in ("tried", "held", "lost", "control_tried", "control_held", "control_lost"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        for what, count in other.happened.items():
            self.happened[what] = self.happened.get(what, 0) + count
        self.wrong += other.wrong


Block = Callable[[int, int, range], Found]
"""Does the tries of these numbers: of the base seed, and the block's place. A try's seed is the base and its number."""


@dataclass(frozen=True)
class Part:
    """A part of the soak."""

    name: str
    what: str
    """A try, in words, for the table."""
    held: str
    """What is counted as held and lost."""
    control: str
    """The naive one that the same is done to."""
    count: int
    block: int
    workers_a_core: int

    def blocks(self, count: int) -> list[range]:
        """The numbers of all tries, a block at a time: a small soak has short blocks, so that there are some."""
        size = max(1, min(self.block, -(-count // FEWEST_BLOCKS)))
        return [range(first, min(first + size, count)) for first in range(0, count, size)]


FEWEST_BLOCKS = 8
PARTS = {
    part.name: part
    for part in (
        Part(
            "collector",
            "fault schedules over sockets, the collector killed by SIGKILL, a third taken on into a lake",
            "acknowledged events",
            "answers before it writes",
            count=1_000,
            block=10,
            workers_a_core=2,  # it waits for time limits most of the time
        ),
        Part(
            "fuzz",
            "request bodies made up by a coverage-guided fuzzer, over all protocols",
            "bodies",
            "drops an event of each line, over the kept bodies",
            count=1_000_000,
            block=25_000,
            workers_a_core=1,
        ),
        Part(
            "etl",
            "histories of raw objects, runs and kills, against one clean run",
            "histories",
            "appends what is new, and dedupes within a run",
            count=1_000,
            block=20,
            workers_a_core=1,
        ),
    )
}


def quiet() -> None:
    """Keep a worker's log for what nobody expects: faults are made by the thousand."""
    for name in ("werkzeug", "footfall.collector"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def work(part: str, base: int, place: int, numbers: range) -> Found:
    """Do a block of a part. Its module is loaded here, where it runs: `tests.soak.<part>`, with `block`."""
    block: Block = importlib.import_module(f"tests.soak.{part}").block
    return block(base, place, numbers)
