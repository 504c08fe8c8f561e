"""The raw objects that the ETL's benches take in: days of a shop's traffic, as the collector writes it, made fast.

Visits are filled into templates (`_visit_templates.py`): pages with their vitals, paths of pointers and fingers,
scrolls, impressions, clicks, engagement, product views, baskets, purchases and identify. Of the lines some come twice
(the client sent them again), some late (the client was offline), some with a clock that is off; a few are damaged; some
hold an event that was rejected. The same arguments give the same bytes.
"""

import gzip
import random
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from bench._visit_templates import ANONYMOUS, CRAWLING, KNOWN, LineTemplate, visits
from footfall.events import raw_object

HOUR_MS = 3_600_000
BEGIN = 1_759_276_800_000
"""2025-10-01T00:00:00Z, in epoch milliseconds."""
MOST_LINES = 10_000
"""Of an object: an hour with more has several."""

_THREADS = 2
_TEMPLATES = {ANONYMOUS: 500, KNOWN: 200, CRAWLING: 40}
_DUPLICATE, _LATE, _SKEWED, _DAMAGED = 0.01, 0.01, 0.02, 0.0002
_VISITS_A_VISITOR = 1.6
# How many visits begin in each hour of the day, beside the others.
_BY_HOUR = (3, 2, 1, 1, 1, 2, 4, 6, 8, 9, 10, 10, 11, 10, 10, 10, 11, 12, 13, 14, 14, 12, 8, 5)
_ID_HEX = 32


@dataclass
class Traffic:
    """What was made: objects and their bytes, lines (damaged ones too), events in sound lines (copies counted)."""

    objects: int = 0
    lines: int = 0
    events: int = 0
    damaged: int = 0
    bytes: int = 0


@dataclass
class TrafficSource:
    """Traffic by the hour.

    Args:
        events: about how many, over all days.
        days: over how many days they are spread.
        tenants: whose they are.
        weights: the tenants' shares; even where there are none.
        begin: the first hour, in epoch milliseconds.
        seed: another one gives other traffic, of other visits.
        level: of gzip; the collector's is 6.
    """

    events: int
    days: int = 30
    tenants: Sequence[str] = ("shop",)
    weights: Sequence[float] | None = None
    begin: int = BEGIN
    seed: int = 1
    level: int = 6
    made: Traffic = field(default_factory=Traffic)

    def __post_init__(self) -> None:
        self._chance = random.Random(self.seed)
        self._visits = {kind: visits(kind, count, self.seed) for kind, count in _TEMPLATES.items()}
        lines = [line for kind in (ANONYMOUS, KNOWN) for visit in self._visits[kind] for line in visit]
        a_visit = sum(line.events for line in lines) / sum(_TEMPLATES[kind] for kind in (ANONYMOUS, KNOWN))
        self._visits_in_all = self.events / a_visit / (1 + _DUPLICATE)
        self._visitors = max(1, round(self._visits_in_all / _VISITS_A_VISITOR))
        self._sequence = 0
        self._ahead: dict[int, list[bytes]] = {}

    def hours(self) -> Iterator[tuple[int, list[bytes]]]:
        """Each hour that has lines, as its begin in epoch milliseconds, and these, without newlines."""
        a_day = sum(_BY_HOUR)
        last = self.begin // HOUR_MS + self.days * 24
        hour = self.begin // HOUR_MS
        due = 0.0
        while hour < last or self._ahead:
            if hour < last:
                due += self._visits_in_all / self.days * _BY_HOUR[hour % 24] / a_day
                for _ in range(int(due)):
                    self._visit(hour * HOUR_MS + int(self._chance.random() * HOUR_MS))
                due -= int(due)
            if lines := self._ahead.pop(hour, []):
                yield hour * HOUR_MS, lines
            hour += 1

    def objects(self) -> Iterator[tuple[str, bytes]]:
        """Each raw object, as its key and its bytes. Threads compress, most of the work, a few objects ahead."""
        ahead: deque[tuple[str, Future[bytes]]] = deque()
        with ThreadPoolExecutor(_THREADS) as threads:
            for key, text in self._texts():
                self.made.objects += 1
                self.made.lines += text.count(b"\n")
                ahead.append((key, threads.submit(gzip.compress, text, compresslevel=self.level, mtime=0)))
                if len(ahead) > _THREADS:
                    yield self._compressed(*ahead.popleft())
            while ahead:
                yield self._compressed(*ahead.popleft())

    def write(self, raw: Path) -> Traffic:
        """Write all objects below a folder."""
        for key, data in self.objects():
            path = raw / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return self.made

    def _texts(self) -> Iterator[tuple[str, bytes]]:
        for begin, lines in self.hours():
            for number, start in enumerate(range(0, len(lines), MOST_LINES)):
                key = raw_object.key(begin, f"bench-{self.seed}-{number:04d}")
                yield key, b"\n".join(lines[start : start + MOST_LINES]) + b"\n"

    def _compressed(self, key: str, data: Future[bytes]) -> tuple[str, bytes]:
        self.made.bytes += len(data.result())
        return key, data.result()

    def _visit(self, at: int) -> None:
        chance = self._chance
        dice = chance.random()
        number = int(self._visitors * chance.random() ** 1.3)
        kind = CRAWLING if dice < 0.03 else KNOWN if number % 5 == 0 else ANONYMOUS
        tenant = self.tenants[0]
        if len(self.tenants) > 1:
            tenant = chance.choices(self.tenants, self.weights)[0]
        known = {
            "@TENANT@": tenant,
            "@VISITOR@": f"{number:08x}-5a17-4f0e-8b2d-{number * 2_654_435_761 % 2**48:012x}",
            "@USER@": f"customer-{number}",
            "@IP@": f"203.0.{number % 251}.0",
            "@CLICK@": f"{chance.getrandbits(160):040x}",
        }
        for line in chance.choice(self._visits[kind]):
            self._line(line, at, known)

    def _line(self, line: LineTemplate, at: int, known: dict[str, str]) -> None:
        chance = self._chance
        dice = chance.random()
        # A client's clock that is an hour off; or the line waits for up to two days in the browser.
        off = HOUR_MS + int(dice * 1e9) % HOUR_MS if dice > 1 - _SKEWED else 0
        waits = int(dice / _LATE * 48 * HOUR_MS) if dice < _LATE else 0
        received = at + line.ends + 1_000 + waits
        ids = chance.randbytes(16 * (line.events + 1)).hex()
        place = 0
        values: list[int | str] = []
        for hole in line.holes:
            if isinstance(hole, int):
                values.append(at + hole + off)
            elif hole == "@ID@":
                values.append(
                    f"{ids[place : place + 8]}-{ids[place + 8 : place + 12]}-4{ids[place + 13 : place + 16]}"
                    f"-a{ids[place + 17 : place + 20]}-{ids[place + 20 : place + 32]}"
                )
                place += _ID_HEX
            else:
                values.append(known.get(hole, hole))
        copies = 2 if chance.random() < _DUPLICATE else 1
        for copy in range(copies):
            came = received + copy * 2_500
            self._sequence += 1
            head = {
                "@REQUEST@": f"{came}-{self._sequence}",
                "@RECEIVED@": came,
                "@SEQUENCE@": self._sequence,
                "@SENT@": came + off - 300,
            }
            text = (
                line.text % tuple(head.get(value, value) if type(value) is str else value for value in values)
            ).encode()
            if chance.random() < _DAMAGED:
                # After a colon DuckDB's reader of JSON would take the next line for the value, and both would be gone.
                text = text[: len(text) * 2 // 3].rstrip(b":")
                self.made.damaged += 1
            else:
                self.made.events += line.events
            self._ahead.setdefault(came // HOUR_MS, []).append(text)
