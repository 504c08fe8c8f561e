"""Small lakes for tests: raw lines made by hand, runs over them, and what the tables then hold."""

import gzip
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import duckdb
import msgspec

from footfall.etl.late_events import LatePolicy
from footfall.etl.pipeline import RunReport, run
from footfall.etl.unlinks import UNLINK
from footfall.events.model import Page
from footfall.events.raw_line import VERSION, RawEvent, RawLine, RawRejected, encode
from footfall.events.tenants import Tenant
from footfall.lake.actions import ActionLog, FileActionStore
from footfall.lake.catalog import open_catalog
from footfall.lake.engines.duckdb import DuckDBEngine
from footfall.lake.layout import LocalLake, open_lake
from footfall.lake.raw_store import FileRawStore
from footfall.lake.reader import connect
from footfall.lake.retention import read_retention
from footfall.lake.suppression import read_suppressions

DERIVED_FROM_RAW = (
    *("events", "page_views", "sessions", "visitor_days", "heatmap", "data_quality", "quarantine"),
    *("entities", "identities", "aliases"),
)
NOON = 1_760_011_200_000  # 2025-10-09T12:00:00Z
MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
TENANTS = (Tenant("shop", salt="s"), Tenant("blog", salt="b", goal="signup", session_gap_seconds=600))

Rows = list[tuple[Any, ...]]


def event(time: int, name: str = "click", *, index: int = 0, **fields: Any) -> RawEvent:
    """An accepted event; its id follows from its time and name unless it is given."""
    named = {"id": f"{name}-{time}-{index}", "level": "mid", **fields}
    return RawEvent(index=index, name=name, time=time, **named)


def line(*events: RawEvent, received: int | None = None, **fields: Any) -> RawLine:
    """A request of the tenant `shop`, received (and sent) a second after its last event unless told otherwise."""
    at = received if received is not None else max((item.time for item in events), default=NOON) + 1_000
    numbered = [
        msgspec.structs.replace(item, index=number) if not item.index else item for number, item in enumerate(events)
    ]
    known: dict[str, Any] = {
        "tenant": "shop",
        "visitor": "v",
        "protocol": "native",
        "instance": "test",
        "sequence": 0,
        "sent_at": at,
        "request_id": f"r-{at}",
        "page": Page(url="https://shop.example/"),
        **fields,
    }
    return RawLine(version=VERSION, received_at=at, events=numbered, **known)


def rejected(index: int, text: str = "{}") -> RawRejected:
    """A rejected event."""
    return RawRejected(index=index, reason="event_invalid", detail="test", text=text)


class SmallLake:
    """A local lake in a folder, to put raw objects in and run the ETL over."""

    _read: tuple[Rows | None, duckdb.DuckDBPyConnection] | None = None

    def __init__(self, root: Path, tenants: Sequence[Tenant] = TENANTS) -> None:
        self.lake: LocalLake = open_lake(root, create=True)
        self.tenants = tuple(tenants)
        self.actions = ActionLog(FileActionStore(self.lake.raw))

    def put(self, key: str, lines: Iterable[RawLine]) -> None:
        """Write a raw object."""
        self.put_bytes(key, gzip.compress(b"".join(encode(item) + b"\n" for item in lines), mtime=0))

    def put_bytes(self, key: str, data: bytes) -> None:
        """Write a raw object of any bytes."""
        path = self.lake.raw / f"{key}.json.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def run(
        self,
        progress: Callable[[str], None] = lambda step: None,
        *,
        most_bytes: int | None = None,
        late: LatePolicy | None = None,
        recent: bool = False,
        as_many: bool = False,
    ) -> RunReport:
        """Take in what is new, of so many bytes of raw at once (None: as many as the engine takes); nothing waits.

        With `as_many` the engine does what it does where events are many.
        """
        engine = DuckDBEngine(open_catalog(self.lake))
        engine.most_bytes = most_bytes or engine.most_bytes
        engine.many_events = 0 if as_many else engine.many_events
        try:
            return run(
                engine,
                FileRawStore(self.lake.raw),
                self.tenants,
                progress,
                suppressions=read_suppressions(self.actions, self.tenants),
                unlinks=tuple(self.actions.of(UNLINK)),
                retention=read_retention(self.actions),
                late=late,
                recent=recent,
            )
        finally:
            engine.close()

    def query(self, sql: str) -> Rows:
        """Rows of all tenants."""
        return self._reader().execute(sql).fetchall()

    def tables(self) -> dict[str, Rows]:
        """Every table that follows from raw, its rows in order."""
        reader = self._reader()
        return {name: sorted(reader.execute(f"SELECT * FROM {name}").fetchall(), key=repr) for name in DERIVED_FROM_RAW}

    def _reader(self) -> duckdb.DuckDBPyConnection:
        """A connection over the tables as they are now: the last one, where nobody has committed since."""
        now = self._committed()
        if now is None or self._read is None or self._read[0] != now:
            reader = connect(self.lake, None)
            # Threads cost more CPU in waiting for each other than so few rows do.
            reader.execute("SET threads = 1")
            self._read = (now, reader)
        return self._read[1]

    def _committed(self) -> Rows | None:
        """Where the current metadata of every table are; None where there are no tables yet."""
        if not self.lake.catalog.exists():
            return None
        with closing(sqlite3.connect(self.lake.catalog, timeout=30)) as catalog:
            return catalog.execute("SELECT * FROM iceberg_tables ORDER BY 1, 2, 3").fetchall()
