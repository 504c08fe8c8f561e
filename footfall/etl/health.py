"""What is wrong with a lake, by the figures that its tables hold; of raw only the names of objects are read."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from footfall.events.tenants import Tenant
from footfall.lake.engines.port import Bounds, Engine
from footfall.lake.raw_rows import DAY_MS, time_in
from footfall.lake.raw_store import RawStore
from footfall.lake.tables import DATA_QUALITY, LEDGER, RULES

DAYS = 7
"""How many days of a tenant's events are looked at, back from the last that has any."""
HOUR_MS = 3_600_000
LONGEST_WAIT_MS = 2 * HOUR_MS
MOST_REJECTED = 0.05
MOST_LATE = 0.2
LARGEST_RISE_OF_NULLS = 0.5
FEWEST_EVENTS = 100
"""Days with fewer events are too small to tell a rise of NULLs from chance."""
CHECKS = ("taken_in", "fresh", "rejected", "late", "types", "nulls", "undeclared", "unseen", "rules")
"""All that is looked at, as findings name it."""
URGENT = ("taken_in", "fresh", "rejected")
"""What may mean that events are lost while nobody looks."""
_LISTED = 5


@dataclass(frozen=True)
class Finding:
    """Something that is wrong: of which tenant (empty: of the lake), what was checked, what was found, the way out."""

    tenant: str
    check: str
    found: str
    way_out: str


@dataclass(frozen=True)
class _Figure:
    day: date
    figure: str
    event_name: str
    subject: str
    detail: str
    events: int
    of_events: int
    latest: datetime


def examine(
    engine: Engine, store: RawStore, tenants: Sequence[Tenant], now_ms: int, max_age_hours: float = 24
) -> list[Finding]:
    """All that is wrong; an empty list is good health.

    Args:
        engine: the lake's.
        store: the raw objects.
        tenants: the tenants to look at.
        now_ms: the time, in epoch milliseconds.
        max_age_hours: how old a tenant's newest event may be; 0: as old as it likes.
    """
    engine.stored("ledger_now", LEDGER, None)
    found = list(_waiting(engine, store, now_ms))
    figures = _figures(engine, tenants)
    for tenant in tenants:
        own = figures.get(tenant.name, [])
        if not own:
            found.append(Finding(tenant.name, "fresh", "no event has come yet", "send events, then run `footfall etl`"))
            continue
        found.extend(_stale(tenant.name, own, now_ms, max_age_hours))
        found.extend(_rejected(engine, tenant.name))
        found.extend(_late(tenant.name, own))
        found.extend(_drifting(tenant.name, own))
        found.extend(_nulls(tenant.name, own))
        found.extend(_undeclared(tenant, own))
    return [*found, *_half_reworked(engine, tenants)]


def _waiting(engine: Engine, store: RawStore, now_ms: int) -> Iterator[Finding]:
    held = {str(key) for (key,) in engine.rows("select distinct raw_object from ledger_now")}
    old = [key for key in store.keys() if key not in held and now_ms - time_in(key) > LONGEST_WAIT_MS]  # noqa: SIM118
    if old:
        yield Finding("", "taken_in", f"{len(old)} raw objects wait, the first is {min(old)}", "run `footfall etl`")


def _figures(engine: Engine, tenants: Sequence[Tenant]) -> dict[str, list[_Figure]]:
    """By tenant, the figures of its last days."""
    names = tuple(tenant.name for tenant in tenants)
    engine.stored("quality_days", DATA_QUALITY, Bounds(names, "day", ()), columns=("tenant", "day"))
    last = engine.rows("select tenant, max(day) from quality_days group by tenant")
    figures: dict[str, list[_Figure]] = defaultdict(list)
    columns = ("tenant", *_Figure.__dataclass_fields__)
    for tenant, day in last:
        if tenant not in names or not isinstance(day, date):
            continue
        first = (day - timedelta(days=DAYS - 1) - date(1970, 1, 1)).days
        bounds = Bounds((str(tenant),), "day", ((first * DAY_MS, (first + DAYS) * DAY_MS),))
        engine.stored("quality_now", DATA_QUALITY, bounds, columns=columns)
        asked = f"select {', '.join(columns)} from quality_now where day >= date_from_unix_date({first})"
        for name, *values in engine.rows(asked):
            if name == tenant:
                figures[str(tenant)].append(_Figure(*values))  # type: ignore[arg-type]
    return figures


def _stale(tenant: str, figures: list[_Figure], now_ms: int, max_age_hours: float) -> Iterator[Finding]:
    latest = max(figure.latest for figure in figures).replace(tzinfo=UTC)
    age = (now_ms - latest.timestamp() * 1000) / HOUR_MS
    if max_age_hours and age > max_age_hours:
        yield Finding(
            tenant,
            "fresh",
            f"the last event came {age:.0f} hours ago",
            "see whether the site still sends, and run `footfall etl`; --max-age says how old is too old",
        )


def _rejected(engine: Engine, tenant: str) -> Iterator[Finding]:
    counted = engine.rows("select tenant, day, sum(events), sum(rejected) from ledger_now group by tenant, day")
    own = sorted((str(day), int(str(events)), int(str(bad))) for name, day, events, bad in counted if name == tenant)
    events, bad = sum(row[1] for row in own[-DAYS:]), sum(row[2] for row in own[-DAYS:])
    if bad > MOST_REJECTED * (events + bad):
        yield Finding(
            tenant,
            "rejected",
            f"{bad} of {events + bad} events were rejected in the last {DAYS} days that had any",
            "`select reason, count(*) from quarantine group by reason` names the reasons, docs/events.md the cures",
        )


def _late(tenant: str, figures: list[_Figure]) -> Iterator[Finding]:
    late = [figure for figure in figures if figure.figure == "late"]
    events, of_events = sum(figure.events for figure in late), sum(figure.of_events for figure in late)
    if of_events >= FEWEST_EVENTS and events > MOST_LATE * of_events:
        yield Finding(
            tenant,
            "late",
            f"{events} of {of_events} events came more than a day after they happened",
            "an import of old files does this; else look at the clients' queues and clocks",
        )


def _drifting(tenant: str, figures: list[_Figure]) -> Iterator[Finding]:
    types: dict[tuple[str, str], set[str]] = defaultdict(set)
    for figure in figures:
        if figure.figure == "property" and figure.detail != "null":
            types[figure.event_name, figure.subject].add(figure.detail)
    drifting = [
        f"{name}.{subject} ({', '.join(sorted(kinds))})"
        for (name, subject), kinds in sorted(types.items())
        if len(kinds) > 1
    ]
    if drifting:
        yield Finding(
            tenant,
            "types",
            f"properties come as more than one type: {_some(drifting)}",
            "mend the sender, or hold it to a schema: `footfall tenant schema add`",
        )


def _nulls(tenant: str, figures: list[_Figure]) -> Iterator[Finding]:
    days = sorted({figure.day for figure in figures if figure.figure == "null" and figure.of_events >= FEWEST_EVENTS})
    if len(days) < 2:
        return
    shares: dict[str, dict[date, float]] = defaultdict(dict)
    for figure in figures:
        if figure.figure == "null" and figure.day in days:
            shares[figure.subject][figure.day] = figure.events / figure.of_events
    risen = []
    for column, by_day in sorted(shares.items()):
        before = [share for day, share in by_day.items() if day < days[-1]]
        last = by_day.get(days[-1])
        if last is not None and before and last - sum(before) / len(before) > LARGEST_RISE_OF_NULLS:
            risen.append(f"{column} ({100 * sum(before) / len(before):.0f}% before, {100 * last:.0f}% now)")
    if risen:
        yield Finding(
            tenant,
            "nulls",
            f"on {days[-1]} columns are far more often empty than before: {_some(risen)}",
            "see what the site, the tracker or the CDN has changed",
        )


def _undeclared(tenant: Tenant, figures: list[_Figure]) -> Iterator[Finding]:
    declared = {schema.event for schema in tenant.schemas} | set(tenant.event_names)
    if not declared:
        return
    seen = {figure.event_name for figure in figures if figure.figure == "name"}
    if unknown := sorted(seen - declared):
        yield Finding(
            tenant.name,
            "undeclared",
            f"events have neither a schema nor a place in event_names: {_some(unknown)}",
            "add a schema: `footfall tenant schema add`",
        )
    if unseen := sorted(declared - seen):
        yield Finding(
            tenant.name,
            "unseen",
            f"declared events have not come in {DAYS} days: {_some(unseen)}",
            "see whether the site still sends them, or remove their schema",
        )


def _half_reworked(engine: Engine, tenants: Sequence[Tenant]) -> Iterator[Finding]:
    engine.stored("rules_now", RULES, None)
    names = {tenant.name for tenant in tenants}
    for tenant, day in engine.rows("select tenant, reworked_to from rules_now where reworked_to is not null"):
        if tenant in names:
            yield Finding(
                str(tenant), "rules", f"history is worked out by new rules up to {day} only", "run `footfall etl` again"
            )


def _some(names: list[str]) -> str:
    more = len(names) - _LISTED
    return ", ".join(names[:_LISTED]) + (f" and {more} more" if more > 0 else "")
