"""The examples of the contract, and a collector that knows their write key."""

import pytest

from footfall.collector.handler import Collector
from footfall.events import raw_line
from footfall.events.raw_line import EncodedLine, RawLine
from footfall.events.tenants import Tenant

WRITE_KEY = "ffk_0123456789abcdef0123456789abcdef01234567"


class OneTenant:
    """A registry of the one tenant of the examples."""

    tenant = Tenant("examples", "salt")

    def by_write_key(self, write_key: str, now: int) -> Tenant | None:
        return self.tenant if write_key == WRITE_KEY else None

    def all(self) -> tuple[Tenant, ...]:
        return (self.tenant,)


class KeptLines:
    """A sink that keeps its lines."""

    def __init__(self) -> None:
        self.lines: list[RawLine] = []

    def write(self, line: EncodedLine) -> None:
        self.lines.append(raw_line.decode(line.text))

    def close(self) -> None:
        pass


@pytest.fixture
def sink() -> KeptLines:
    return KeptLines()


@pytest.fixture
def collector(sink: KeptLines) -> Collector:
    return Collector(OneTenant(), sink, lambda: 1_767_225_602_000, "contract")
