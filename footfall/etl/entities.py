"""The table `entities`: what identify, group, $set, $unset and $delete events, live or imported, say of what."""

from footfall.etl.changes import column_bounds, commit_changes
from footfall.etl.enrichment import statements
from footfall.etl.models import model
from footfall.lake.engines.port import Engine
from footfall.lake.tables import ENTITIES


def commit_entities(engine: Engine) -> int | None:
    """Bring `entities` up to date with the relation `touched_events`.

    Returns:
        The table's snapshot after it.
    """
    engine.define("touched_statements", model("touched_statements"))
    engine.map_column(
        "statements", "touched_statements", "statement", statements.describe_statements, statements.SCHEMA
    )
    engine.define("entities_all", model("entities"), ENTITIES)
    return commit_changes(engine, ENTITIES, _BEFORE, column_bounds(engine, "touched_statements", "as_of"))


# What these events said when they were stored: whatever they say now stands for it.
_BEFORE = """
with origins as (
    select distinct tenant, raw_object, raw_line, raw_index from touched_statements
)
select s.*
from entities_read as s
inner join origins as o
    on s.tenant = o.tenant
    and s.raw_object = o.raw_object and s.raw_line = o.raw_line and s.raw_index = o.raw_index
"""
