"""The tables `identities` and `aliases`: which visitor is which user, from when, by which event (docs/identity.md).

Both follow from the events and the operators' unlinks alone. `identities` is worked out again for the visitors' days
that a run touches; `aliases` for the tenants of whom it moves an alias.
"""

from footfall.etl.changes import commit_changes, commit_difference, day_bounds
from footfall.etl.enrichment import aliases
from footfall.etl.models import model
from footfall.lake.engines.port import Bounds, Engine
from footfall.lake.tables import ALIASES, EVENTS, IDENTITIES

DOUBLINGS = 3
"""A chain of aliases is followed for 2 to the power of this many steps: 8."""


def read_aliases(engine: Engine) -> None:
    """Define what the run's aliases say, and all others of its days, from the relation `touched_events`."""
    engine.define("touched_aliases", model("touched_aliases"))
    engine.define("alias_days", _ALIAS_DAYS)
    engine.stored_from("alias_events", EVENTS, ("alias",), "name", day_bounds(engine, "alias_days", "event_time"))
    engine.define("alias_texts", model("alias_texts"))
    engine.map_column("aliases_said", "alias_texts", "alias", aliases.describe_aliases, aliases.SCHEMA)


def commit_aliases(engine: Engine) -> int | None:
    """Bring `aliases` up to date, where the run moves any.

    Returns:
        The table's snapshot after it.
    """
    tenants = tuple(str(name) for (name,) in engine.rows("select distinct tenant from touched_aliases order by tenant"))
    return commit_aliases_of(engine, tenants) if tenants else engine.snapshot(ALIASES)


def commit_identities(engine: Engine) -> int | None:
    """Bring `identities` up to date with the visitors' days that the run touches.

    Returns:
        The table's snapshot after it.
    """
    engine.define("identities_all", model("identities"), IDENTITIES)
    bounds = day_bounds(engine, "identity_days", "day")
    engine.stored_among("identities_read", IDENTITIES, bounds, "identity_days", ("tenant", "visitor"))
    return commit_difference(engine, IDENTITIES, _OF_DAYS, bounds)


def commit_aliases_of(engine: Engine, tenants: tuple[str, ...]) -> int | None:
    """Work out all aliases of these tenants again, with those of the relation `touched_aliases`.

    Returns:
        The table's snapshot after it.
    """
    bounds = Bounds(tenants, "aliased_at", ())
    engine.stored("aliases_read", ALIASES, bounds)
    engine.define("alias_links", model("alias_links"))
    engine.define("alias_step", model("alias_step"))
    engine.define("alias_steps", "select * from alias_step")
    for _ in range(DOUBLINGS):
        engine.define("alias_steps", model("alias_steps_twice"))
    engine.define("aliases_all", model("aliases"), ALIASES)
    return commit_changes(engine, ALIASES, "select * from aliases_read", bounds)


# A copy of an alias may be of another day than the one that counts: the clock that it came with was.
_ALIAS_DAYS = """
select tenant, day_number from affected_days
union
select tenant, cast(unix_millis(cast(event_time as timestamp)) div 86400000 as int) as day_number
from touched_aliases
"""
_OF_DAYS = """
select s.*
from identities_read as s
inner join identity_days as i
    on s.tenant = i.tenant and s.visitor = i.visitor and s.day = date_from_unix_date(i.day_number)
"""
