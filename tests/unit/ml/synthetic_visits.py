"""A shop's visits with a known probability of conversion, in the lake's tables."""

from dataclasses import dataclass
from datetime import datetime, timedelta

import duckdb
import numpy as np
import numpy.typing as npt
import pyarrow as pa

from tests.queries.small_lake import small_lake

FIRST = datetime.fromisoformat("2024-03-01T00:00:00")
FAR = datetime.fromisoformat("2030-01-01T00:00:00")
CHANNELS = {"email": 1.0, "search": 0.0, "social": -1.0}
DEVICES = {"desktop": 0.4, "mobile": -0.4}


@dataclass(frozen=True)
class Visits:
    """The tables, and the probability that was drawn against, by session id."""

    connection: duckdb.DuckDBPyConnection
    probability: dict[str, float]


def synthetic_visits(visits: int = 4_000, seed: int = 0) -> Visits:
    """Visits over 60 days whose conversion depends on channel, device and the products seen in the first minute."""
    random = np.random.default_rng(seed)
    starts = np.sort(random.integers(0, 60 * 86_400, visits))
    sessions: list[dict[str, object]] = []
    events: list[dict[str, object]] = []
    probability: dict[str, float] = {}
    free: dict[str, int] = {}
    for number, second in enumerate(starts):
        visitor = f"v{random.integers(0, visits // 3)}"
        if free.get(visitor, 0) > second:
            continue
        free[visitor] = int(second) + 7_200
        session = f"s{number:06d}"
        channel, device = random.choice(list(CHANNELS)), random.choice(list(DEVICES))
        seen = int(random.poisson(1.0))
        odds = -2.2 + CHANNELS[channel] + DEVICES[device] + 0.9 * min(seen, 3)
        probability[session] = float(1 / (1 + np.exp(-odds)))
        converts = bool(random.random() < probability[session])
        started = FIRST + timedelta(seconds=int(second))
        ended = started + timedelta(minutes=5)
        names = ["page_view", *["product_view"] * seen]
        times = _sorted_seconds(random, len(names))
        placed = [*zip(names, times, strict=True), ("page_view", 300), *([("purchase", 200)] if converts else [])]
        common = {"tenant": "shop", "visitor": visitor, "is_bot": False}
        sessions.append(
            {
                **common,
                "session_id": session,
                "started_at": started,
                "ended_at": ended,
                "duration_ms": 300_000,
                "channel": channel,
                "device": device,
                "browser": "Firefox",
                "os": "Linux",
                "landing_path": "/",
                "page_views": 2,
                "events": len(placed),
                "high_events": seen + int(converts),
                "engaged_ms": 30_000,
                "conversions": int(converts),
                "converted": converts,
                "bounced": False,
            }
        )
        events.extend(
            {
                **common,
                "event_id": f"{session}-{place}",
                "name": name,
                "level": "mid" if name == "page_view" else "high",
                "event_time": started + timedelta(seconds=int(at)),
                "page_path": "/",
            }
            for place, (name, at) in enumerate(placed)
        )
    connection = small_lake()
    for table, rows in (("sessions", sessions), ("events", events)):
        connection.register("rows", pa.Table.from_pylist(rows))
        connection.execute(f"INSERT INTO {table} BY NAME SELECT * FROM rows")
    return Visits(connection, probability)


def _sorted_seconds(random: np.random.Generator, count: int) -> npt.NDArray[np.int64]:
    later = np.sort(random.integers(1, 60, count - 1)) if count > 1 else np.zeros(0, np.int64)
    return np.concatenate([[0], later]).astype(np.int64)
