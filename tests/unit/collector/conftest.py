"""A collector of two tenants over a sink that can be made to fail."""

from collections.abc import Callable

import pytest

from footfall.collector.handler import Collector
from footfall.collector.sinks.port import SinkUnavailable
from footfall.events import raw_line
from footfall.events.raw_line import EncodedLine, RawEvent, RawLine
from footfall.events.tenants import RegistryUnavailable, Tenant

NOW = 1_767_225_600_000


class FakeRegistry:
    """Knows the keys `key-shop` and `key-blog`."""

    def __init__(self) -> None:
        self.fails = False

    def by_write_key(self, write_key: str, now: int) -> Tenant | None:
        if self.fails:
            raise RegistryUnavailable("the registry is away")
        return next((tenant for tenant in self.all() if write_key == f"key-{tenant.name}"), None)

    def all(self) -> tuple[Tenant, ...]:
        return (Tenant("blog", "b"), Tenant("shop", "s"))


class FakeSink:
    """Keeps lines, or fails with the error that it is given."""

    def __init__(self) -> None:
        self.lines: list[RawLine] = []
        self.error: Exception | None = None

    def write(self, line: EncodedLine) -> None:
        if self.error is not None:
            raise self.error
        self.lines.append(raw_line.decode(line.text))

    def fail(self) -> None:
        self.error = SinkUnavailable("the disk is full")

    def close(self) -> None:
        pass


@pytest.fixture
def registry() -> FakeRegistry:
    return FakeRegistry()


@pytest.fixture
def sink() -> FakeSink:
    return FakeSink()


@pytest.fixture
def collector(registry: FakeRegistry, sink: FakeSink) -> Collector:
    return Collector(registry, sink, lambda: NOW, "i-1")


@pytest.fixture
def line() -> Callable[[int], RawLine]:
    """Makes the n-th line of a process."""
    return lambda number: RawLine(
        version=1,
        request_id=f"r-{number}",
        tenant="shop",
        received_at=NOW + number,
        protocol="native",
        instance="i-1",
        sequence=number,
        events=[RawEvent(0, f"e-{number}", "page_view", "mid", NOW)],
    )
