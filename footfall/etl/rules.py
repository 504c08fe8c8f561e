"""The rules that the derived tables follow, and their history worked out again where these have changed."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import msgspec
import pyarrow as pa

from footfall.events.tenants import Tenant
from footfall.lake.engines.port import Bounds, Engine
from footfall.lake.schemas import arrow_schema
from footfall.lake.tables import LEDGER, RULES, VISITOR_DAYS

MODELS = 2
"""Raised where a model of what visitors did comes to give other rows for the same events.

`entities`, `aliases` and `identities` follow no rules of a tenant: where their models change, the lake is built again.
"""
BOT_RULES = 1
"""Raised where bot_days.sql, or the lists of user agents that it rests on, come to judge otherwise."""

VISITOR_DAYS_AT_ONCE = 100_000
VISITOR_DAYS_A_RUN = 1_000_000
"""How much of history a run works out again before it leaves the rest to the next."""

_EPOCH = date(1970, 1, 1)
_Rules = tuple[int, int, int, str]


@dataclass(frozen=True)
class _Behind:
    """A tenant whose history other rules have made, and the last day that was worked out by today's (None: none)."""

    tenant: str
    rules: _Rules
    reworked_to: date | None


def note_new_tenants(engine: Engine, tenants: Iterable[Tenant]) -> None:
    """Write down today's rules for the tenants of `staged_events` that have no history yet."""
    engine.stored("rules_now", RULES, None)
    engine.define(
        "unruled_tenants",
        "select distinct s.tenant from staged_events as s left join rules_now as r on s.tenant = r.tenant "
        "where r.tenant is null",
    )
    if engine.rows("select tenant from unruled_tenants"):
        # Few runs meet one: all of the ledger tells whether a tenant has a history from before there were rules.
        engine.stored("ledger_all", LEDGER, None)
        new = engine.rows(
            "select distinct s.tenant from unruled_tenants as s left join ledger_all as l on s.tenant = l.tenant "
            "where l.tenant is null"
        )
        names = {str(name) for (name,) in new}
        _write(engine, [(tenant.name, _rules(tenant), None) for tenant in tenants if tenant.name in names])


def rework(engine: Engine, tenants: Sequence[Tenant], work_out: Callable[[], None]) -> int:
    """Work out history again where a tenant's rules have changed, from its oldest day on, within a run's bound.

    Killed anywhere, it goes on with the next run: what was worked out is written down after each part.

    Args:
        engine: between two runs' commits, so that all tables agree; with the relations `tenants` and `goals`.
        tenants: all tenants, with their settings.
        work_out: brings the derived tables up to date with the days of the relation `affected_days`, and commits.

    Returns:
        How many visitors' days were worked out again.
    """
    behind = _behind(engine, tenants)
    if not behind:
        return 0
    names = tuple(sorted(one.tenant for one in behind))
    # Tenants that stopped at different days start together: what is worked out twice comes out the same.
    start = min(one.reworked_to or _EPOCH - timedelta(days=1) for one in behind)
    engine.stored("reworked_days", VISITOR_DAYS, Bounds(names, "day", ()))
    engine.register("reworked_tenants", pa.table({"tenant": pa.array(names, pa.string())}))
    counted = engine.rows(
        "select d.day, count(*) from reworked_days as d "
        "inner join reworked_tenants as t on d.tenant = t.tenant group by d.day"
    )
    days = sorted((day, int(str(count))) for day, count in counted if isinstance(day, date) and day > start)
    done = 0
    for part in _parts(days):
        if done >= VISITOR_DAYS_A_RUN:
            return done
        first, last = part[0][0], part[-1][0]
        engine.define("affected_days", _days_between(first, last))
        work_out()
        done += sum(count for _, count in part)
        _write(engine, [(one.tenant, one.rules, last) for one in behind])
    _write(engine, [(one.tenant, one.rules, None) for one in behind])
    return done


def _rules(tenant: Tenant) -> _Rules:
    goals = msgspec.json.encode(tenant.all_goals).decode()
    return MODELS, BOT_RULES, tenant.session_gap_seconds * 1000, goals


def _behind(engine: Engine, tenants: Sequence[Tenant]) -> list[_Behind]:
    engine.stored("rules_now", RULES, None)
    rows = engine.rows("select tenant, models, bot_rules, session_gap_ms, goals, reworked_to from rules_now")
    known = {str(tenant): (tuple(rules), reworked_to) for tenant, *rules, reworked_to in rows}
    # A tenant without rules who sends no more waits for a run that looks through all raw objects.
    held = {str(name) for (name,) in engine.rows("select tenant from ledger_now where tenant is not null")}
    found = []
    for tenant in tenants:
        rules = _rules(tenant)
        before, reworked_to = known.get(tenant.name, (None, None))
        if before == rules:
            if isinstance(reworked_to, date):
                found.append(_Behind(tenant.name, rules, reworked_to))
        elif before is not None or tenant.name in held:
            found.append(_Behind(tenant.name, rules, None))
    return found


def _parts(days: list[tuple[date, int]]) -> list[list[tuple[date, int]]]:
    """The days in parts of about as many visitors' days as are worked out at once; a day is never parted."""
    parts: list[list[tuple[date, int]]] = []
    size = VISITOR_DAYS_AT_ONCE
    for day, count in days:
        if size >= VISITOR_DAYS_AT_ONCE:
            parts.append([])
            size = 0
        parts[-1].append((day, count))
        size += count
    return parts


def _days_between(first: date, last: date) -> str:
    low, high = ((day - _EPOCH).days for day in (first, last))
    return (
        "select distinct d.tenant, d.visitor, "
        "cast(unix_millis(cast(d.first_seen as timestamp)) div 86400000 as int) as day_number "
        "from reworked_days as d inner join reworked_tenants as t on d.tenant = t.tenant "
        f"where d.day >= date_from_unix_date({low}) and d.day <= date_from_unix_date({high})"
    )


def _write(engine: Engine, noted: Sequence[tuple[str, _Rules, date | None]]) -> None:
    if not noted:
        return
    names = [column.name for column in RULES.columns]
    rows = [dict(zip(names, (tenant, *rules, reworked_to), strict=True)) for tenant, rules, reworked_to in noted]
    engine.register("rules_noted", pa.Table.from_pylist(rows, schema=arrow_schema(RULES)))
    engine.define("rules_new", "select * from rules_noted", RULES)
    engine.stored("rules_before", RULES, None)
    engine.define(
        "rules_stale",
        "select b.* from rules_before as b inner join rules_noted as n on b.tenant = n.tenant",
        RULES,
    )
    engine.replace(RULES, "rules_new", "rules_stale", None)
    engine.expire(RULES, ())
