"""What tenants still keep, in SQL, by the relation `cutoffs` (Retention.rows): of events and of rows of quarantine.

An event whose name has a cutoff of its own goes by that, any other by its tenant's; a row of quarantine, which may not
tell its name, by the earliest of its tenant's.
"""

_EVENTS = """
select s.* from {relation} as s
left join cutoffs as n on s.tenant = n.tenant and s.name = n.name
left join cutoffs as g on s.tenant = g.tenant and g.name = ''
where unix_millis(cast(s.event_time as timestamp)) {compared} coalesce(n.before_ms, g.before_ms, 0)
"""
_QUARANTINE = """
select s.* from {relation} as s
left join cutoffs as g on s.tenant = g.tenant and g.name = ''
where unix_millis(cast(s.received_at as timestamp)) {compared} coalesce(g.all_before_ms, 0)
"""


def kept_events(relation: str) -> str:
    """A select of the relation's events that are kept."""
    return _EVENTS.format(relation=relation, compared=">=")


def old_events(relation: str) -> str:
    """A select of the relation's events that are not kept any more."""
    return _EVENTS.format(relation=relation, compared="<")


def kept_quarantine(relation: str) -> str:
    """A select of the relation's rows of quarantine that are kept."""
    return _QUARANTINE.format(relation=relation, compared=">=")


def old_quarantine(relation: str) -> str:
    """A select of the relation's rows of quarantine that are not kept any more."""
    return _QUARANTINE.format(relation=relation, compared="<")
