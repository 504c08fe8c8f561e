"""The spans of days by which books are proved one after the other, so that memory bounds no lake's history."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from footfall.lake.engines.port import Bounds, Engine
from footfall.lake.raw_rows import DAY_MS, may_hold

_END_OF_DAYS = 2**62 // DAY_MS
# 9999-12-31, the last day that both engines know; what a table has after it, only a span of all days reads.
_LAST_KNOWN_DAY = 2_932_896
_DAY_NUMBER = "cast(unix_millis(cast(day as timestamp)) div 86400000 as int)"
_OBJECTS = f"select raw_object, min({_DAY_NUMBER}), max({_DAY_NUMBER}) from ledger_now group by raw_object"
_DAYS = f"select {_DAY_NUMBER}, sum(events + rejected) from ledger_now group by day"


@dataclass(frozen=True)
class Span:
    """UTC days of received_at, half open, as days since 1970; `is_all` where there are no others."""

    first: int
    end: int
    is_all: bool = False

    @property
    def first_ms(self) -> int:
        """When it begins (epoch ms)."""
        return self.first * DAY_MS

    @property
    def end_ms(self) -> int:
        """When it ends (epoch ms)."""
        return self.end * DAY_MS

    def bounds(self, tenants: tuple[str, ...]) -> Bounds | None:
        """Where the stored rows of these tenants lie; None: anywhere."""
        if self.is_all:
            return None
        return Bounds(tenants, "received_at", ((self.first_ms, min(self.end, _LAST_KNOWN_DAY) * DAY_MS),))


class TakenIn:
    """The raw objects that the ledger (the relation `ledger_now`) holds, and of which days each has lines."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._days = {str(key): (int(str(least)), int(str(most))) for key, least, most in engine.rows(_OBJECTS)}

    def __contains__(self, key: str) -> bool:
        return key in self._days

    def may_hold(self, key: str, span: Span) -> bool:
        """Whether an object may hold a line of a span: known of those taken in; of others their names tell."""
        known = self._days.get(key)
        if known is None:
            return may_hold(key, span.first_ms, span.end_ms)
        return known[0] < span.end and known[1] >= span.first

    def spans(self, first: int | None, most: int) -> list[Span]:
        """Spans of so many events at most, or of a day that has more, from a day on (None: all there are)."""
        counts = {int(str(day)): int(str(count)) for day, count in self._engine.rows(_DAYS)}
        begins = list(_begins(counts, 0 if first is None else first, most))
        ends = [*begins[1:], _END_OF_DAYS]
        is_all = first is None and len(begins) == 1
        return [Span(begin, end, is_all) for begin, end in zip(begins, ends, strict=True)]


def _begins(counts: Mapping[int, int], first: int, most: int) -> Iterator[int]:
    yield first
    held = 0
    for day, events in sorted(counts.items()):
        if day < first:
            continue
        if held and held + events > most:
            yield day
            held = 0
        held += events
