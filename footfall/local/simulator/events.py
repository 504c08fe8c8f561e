"""An event as the simulator makes it, before it is packed into requests."""

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from uuid import UUID


@dataclass(frozen=True)
class SimulatedEvent:
    """One event; `time` is epoch milliseconds, `page` the contract's page object."""

    id: str
    name: str
    level: str
    time: int
    properties: Mapping[str, object]
    page: Mapping[str, str]


def new_id(random: Random) -> str:
    """A UUID (version 4) that follows from the seed."""
    return str(UUID(int=random.getrandbits(128), version=4))
