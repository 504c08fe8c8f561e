"""The saved queries that a demo asks, and what it reads from their answers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from footfall.lake.layout import LocalLake
from footfall.local.demo_result import ChannelRow, Day, PageRow
from footfall.query import catalog, embedded

QUERIES = ("daily_traffic", "funnel", "conversion_by_channel", "top_pages")
_WILSON_Z = 1.959964

_SESSIONS = """
select visitor, started_at, ended_at, events, converted from sessions where tenant = :tenant
"""
_REASONS = "select reason, count(*) as events from quarantine where tenant = :tenant group by reason"


@dataclass(frozen=True)
class Answers:
    """What the saved queries say."""

    days: list[Day]
    funnel: list[tuple[str, int]]
    channels: list[ChannelRow]
    pages: list[PageRow]


def ask(lake: LocalLake, tenant: str) -> Answers:
    """The answers to the four saved queries."""
    traffic, funnel, channels, pages = (_saved(lake, tenant, name) for name in QUERIES)
    return Answers(
        days=[Day(row["day"], int(row["visitors"]), int(row["sessions"]), int(row["page_views"])) for row in traffic],
        funnel=[(str(row["event"]), int(row["sessions"])) for row in funnel],
        channels=[_channel(row) for row in channels],
        pages=[
            PageRow(row["page_path"] or "", row["page_views"], row["visitors"], float(row["engaged_seconds"] or 0))
            for row in pages
        ],
    )


def sessions(lake: LocalLake, tenant: str) -> list[tuple[str, int, int, int, bool]]:
    """(visitor, start, end in epoch milliseconds, events, whether it converted) of every session."""
    return [
        (
            row["visitor"],
            _milliseconds(row["started_at"]),
            _milliseconds(row["ended_at"]),
            row["events"],
            row["converted"],
        )
        for row in embedded.run(lake, tenant, _SESSIONS).to_pylist()
    ]


def reasons(lake: LocalLake, tenant: str) -> dict[str, int]:
    """Events in quarantine by reason code."""
    return {row["reason"]: row["events"] for row in embedded.run(lake, tenant, _REASONS).to_pylist()}


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share (E. B. Wilson, 1927: Probable inference, JASA 22, 209-212)."""
    if not total:
        return 0.0, 1.0
    share, spread = hits / total, _WILSON_Z**2 / total
    centre = (share + spread / 2) / (1 + spread)
    half = math.sqrt(share * (1 - share) * spread + spread**2 / 4) / (1 + spread)
    return max(0.0, centre - half), min(1.0, centre + half)


def _saved(lake: LocalLake, tenant: str, name: str) -> list[dict[str, Any]]:
    query = catalog.load(name)
    parameters = {one.name: one.read(one.default) for one in query.parameters if one.default is not None}
    rows: list[dict[str, Any]] = embedded.run(lake, tenant, query.sql, parameters).to_pylist()
    return rows


def _channel(row: Mapping[str, Any]) -> ChannelRow:
    hits, total = int(row["converted"]), int(row["sessions"])
    low, high = wilson(hits, total)
    return ChannelRow(str(row["channel"]), total, hits, low, high)


def _milliseconds(time: datetime) -> int:
    """Epoch milliseconds of a timestamp without zone, which is UTC."""
    return round(time.replace(tzinfo=UTC).timestamp() * 1000)
