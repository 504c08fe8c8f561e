"""Which raw objects a run takes in: those that the ledger does not hold.

All raw objects are listed for that, and the whole ledger is read. A lake of years has many, so a run that comes by the
hour lists what may be new: from 25 hours ago on, for an object is named by its oldest line; what was imported, and all
else that is not named by an hour, comes after these in the order of keys.
"""

import re
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from footfall.lake.engines.port import Commit, Engine
from footfall.lake.raw_store import RawStore
from footfall.lake.tables import LEDGER

HOURS_BACK = 25
WHOLE_EACH = timedelta(days=7)
"""So long after all objects were listed, a run lists all once more, however often runs come."""

_PROPERTY = "footfall.listed"
_NOBODY_BEFORE = 1_000
_HOUR = "%Y/%m/%d/%H"
_IS_HOUR = re.compile(r"\d{4}/\d\d/\d\d/\d\d(?=/)")
# A row for each object that is taken in, and one for each tenant of which any is.
_HELD_NOW = (
    "select raw_object, tenant, max(case when is_due_again then 1 else 0 end) as is_due from ledger_read "
    "group by grouping sets ((raw_object), (tenant))"
)
_HELD = "select raw_object, is_due from ledger_now where raw_object is not null"


@dataclass(frozen=True)
class Listed:
    """What the ledger's last commit says: the newest hour (a key's beginning), when all were listed last (epoch ms)."""

    newest: str
    whole_at: int


@dataclass(frozen=True)
class Arrivals:
    """The raw objects to take in, keys and bytes, in order; those taken in before; what the ledger is to say of it."""

    new: Sequence[tuple[str, int]]
    again: frozenset[str]
    properties: dict[str, str]


def find_arrivals(engine: Engine, store: RawStore, *, recent: bool) -> Arrivals:
    """Look for raw objects that are to be taken in, and define `ledger_now`: what the ledger holds of those listed.

    Args:
        engine: the engine.
        store: the raw objects.
        recent: list what may be new alone, where nothing speaks against it: a recent whole listing is known, and the
            ledger asks for no object once more.
    """
    last, at = _last_listing(engine.history(LEDGER))
    now = now_ms()
    since = _since(last, at) if recent and last is not None and _is_of_late(last.whole_at, now) else ""
    held = _held(engine, since)
    if since and any(held.values()):
        since = ""
        held = _held(engine, since)
    listed = list(store.sizes(since))
    hours = {found[0] for key, _ in listed if (found := _IS_HOUR.match(key))}
    newest = max([*(hour for hour in hours if _time(hour)), *([last.newest] if last is not None else ())], default="")
    whole_at = last.whole_at if since and last is not None else now
    properties = {_PROPERTY: f"{newest} {whole_at}"} if newest else {}
    new = [(key, size) for key, size in listed if held.get(key) != 0]
    return Arrivals(new, frozenset(key for key, is_due in held.items() if is_due), properties)


def now_ms() -> int:
    """This machine's time (epoch ms)."""
    return int(time.time() * 1000)


def _is_of_late(whole_at: int, now: int) -> bool:
    """Whether all were listed less than a week ago; not so, where a clock went wrong and it is yet to come."""
    return timedelta() <= timedelta(milliseconds=now - whole_at) < WHOLE_EACH


def _held(engine: Engine, since: str) -> dict[str, bool]:
    """The objects that the ledger holds, of the keys that come after a text at least; whether they are due again."""
    if since:
        # What is due again is told wherever it lies.
        engine.stored_where("ledger_read", LEDGER, f"raw_object >= '{since}' or is_due_again = true")
    else:
        engine.stored("ledger_read", LEDGER, None)
    engine.define("ledger_now", _HELD_NOW)
    return {str(key): bool(is_due) for key, is_due in engine.rows(_HELD)}


def _last_listing(commits: Iterable[Commit]) -> tuple[Listed | None, int]:
    """What the newest commit that tells of a listing says, and when it was made (epoch ms)."""
    for commit in reversed(list(commits)):
        if _PROPERTY in commit.properties:
            newest, whole_at = commit.properties[_PROPERTY].split()
            return Listed(newest, int(whole_at)), commit.at
    return None, 0


def _since(last: Listed, at: int) -> str:
    """The first hour to list; no clock that went wrong and named an object by a time to come hides those before it."""
    newest = _time(last.newest)
    if newest is None:
        return ""
    known = min(newest, datetime.fromtimestamp(at / 1000, UTC))
    return (known - timedelta(hours=HOURS_BACK)).strftime(_HOUR)


def _time(hour: str) -> datetime | None:
    """The time that an hour in a key stands for; None where it is none, or so early that nobody collected anything."""
    try:
        found = datetime.strptime(hour, _HOUR).replace(tzinfo=UTC)
    except ValueError:
        return None
    return found if found.year > _NOBODY_BEFORE else None
