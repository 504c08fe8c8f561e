"""How long events are kept: cutoffs that follow from tenants' settings, recorded so that a rebuild keeps to them."""

from collections.abc import Iterable, Mapping

import pyarrow as pa
from msgspec import Struct

from footfall.events.tenants import Tenant, event_retention
from footfall.lake.actions import ActionKind, ActionLog

OTHERS = ""
"""Stands for the events whose name has no retention of its own."""

_DAY_MS = 86_400_000


class Cutoffs(Struct, frozen=True):
    """By event name, the time (epoch ms, a UTC midnight) before which a tenant's events are not kept; 0: all are."""

    before: dict[str, int]


RETENTION = ActionKind("retention", Cutoffs)


def due(tenant: Tenant, now: int) -> Cutoffs:
    """What a tenant's settings come to at a time (epoch ms)."""
    days = {OTHERS: tenant.retention_days, **event_retention(tenant)}
    today = now // _DAY_MS
    return Cutoffs({name: max(0, today - kept) * _DAY_MS if kept else 0 for name, kept in sorted(days.items())})


class Retention:
    """What was ever cut off: a cutoff only moves forward, so what went does not come back.

    Args:
        ordered: by tenant, its cutoffs in the order in which they were recorded.
    """

    def __init__(self, ordered: Mapping[str, list[Cutoffs]]) -> None:
        self._before: dict[str, dict[str, int]] = {}
        for tenant, cutoffs in ordered.items():
            names = {OTHERS, *(name for each in cutoffs for name in each.before)}
            self._before[tenant] = {
                name: max(each.before.get(name, each.before.get(OTHERS, 0)) for each in cutoffs) for name in names
            }

    def __bool__(self) -> bool:
        """Whether anything was cut off."""
        return any(self.latest(tenant) for tenant in self._before)

    def of(self, tenant: str) -> Mapping[str, int]:
        """A tenant's cutoffs, by event name."""
        return self._before.get(tenant, {OTHERS: 0})

    def latest(self, tenant: str) -> int:
        """The time from which on all of a tenant's events are kept."""
        return max(self.of(tenant).values())

    def earliest(self, tenant: str) -> int:
        """The time before which none of a tenant's events is kept; of no tenant (empty): of any tenant's."""
        if not tenant:
            return min((self.earliest(known) for known in self._before), default=0)
        return min(self.of(tenant).values())

    def tenants(self) -> tuple[str, ...]:
        """The tenants of which anything was cut off."""
        return tuple(sorted(tenant for tenant in self._before if self.latest(tenant)))

    def rows(self) -> pa.Table:
        """The cutoffs as rows: tenant, name, before_ms; and `all_before_ms`, the tenant's earliest."""
        columns: dict[str, pa.DataType] = {
            "tenant": pa.string(),
            "name": pa.string(),
            "before_ms": pa.int64(),
            "all_before_ms": pa.int64(),
        }
        found = [
            {"tenant": tenant, "name": name, "before_ms": before, "all_before_ms": self.earliest(tenant)}
            for tenant, cutoffs in self._before.items()
            for name, before in cutoffs.items()
        ]
        return pa.Table.from_pylist(found, schema=pa.schema(columns))


KEPT_FOR_EVER = Retention({})


def read_retention(log: ActionLog) -> Retention:
    """All cutoffs that were recorded."""
    ordered: dict[str, list[Cutoffs]] = {}
    for action in log.of(RETENTION):
        ordered.setdefault(action.tenant, []).append(action.body)
    return Retention(ordered)


def record_due(log: ActionLog, tenants: Iterable[Tenant], now: int) -> Retention:
    """Record the cutoffs that have moved on by now, and give all of them."""
    known = read_retention(log)
    for tenant in tenants:
        wanted = due(tenant, now)
        before = known.of(tenant.name)
        if any(cutoff > before.get(name, before[OTHERS]) for name, cutoff in wanted.before.items()):
            log.record(RETENTION, tenant.name, now, wanted)
    return read_retention(log)
