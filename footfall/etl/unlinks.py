"""Operators' unlinks: a visitor is not the user that its events said it was.

An unlink undoes what was said until it was ordered: stretches of `identities`, and `aliases`, that began until then.
Runs work out what they touch with all unlinks there are; one that is new is carried out on what was stored before.
"""

import hashlib
from collections.abc import Iterable, Sequence

import pyarrow as pa
from msgspec import Struct

from footfall.etl.changes import commit_changes
from footfall.etl.enrichment import aliases
from footfall.etl.identities import commit_aliases_of
from footfall.etl.ledger_commits import name_current
from footfall.etl.models import model
from footfall.lake.actions import Action, ActionKind
from footfall.lake.engines.port import Bounds, Engine
from footfall.lake.raw_rows import DAY_MS
from footfall.lake.tables import IDENTITIES, LEDGER, Table

_APPLIED = "footfall.unlinks"


class Unlink(Struct, frozen=True, forbid_unknown_fields=True):
    """An operator's word that a visitor (or a user id that was given up) is not this user, as far as events said so."""

    visitor: str
    user: str


UNLINK = ActionKind("unlink", Unlink)


def register_unlinks(engine: Engine, unlinks: Iterable[Action[Unlink]]) -> None:
    """Define the relation `unlinks`: what operators unlinked, and when (`at_ms`)."""
    columns: dict[str, pa.DataType] = {
        "tenant": pa.string(),
        "visitor": pa.string(),
        "user_id": pa.string(),
        "at_ms": pa.int64(),
    }
    rows = [
        {"tenant": action.tenant, "visitor": action.body.visitor, "user_id": action.body.user, "at_ms": action.at}
        for action in unlinks
    ]
    engine.register("unlinks", pa.Table.from_pylist(rows, schema=pa.schema(columns)))


def apply_unlinks(engine: Engine, unlinks: Sequence[Action[Unlink]], tables: Iterable[Table]) -> bool:
    """Carry out the unlinks (the relation `unlinks`) on what is stored, unless the ledger says that this was done.

    Args:
        engine: the engine.
        unlinks: all there are.
        tables: those whose snapshots the ledger names.

    Returns:
        Whether there was anything to do.
    """
    digest = _digest(unlinks)
    if applied_property(engine).get(_APPLIED, _digest(())) == digest:
        return False
    tenants = tuple(sorted({action.tenant for action in unlinks}))
    last_day = max((action.at for action in unlinks), default=0) // DAY_MS
    bounds = Bounds(tenants, "day", ((0, (last_day + 1) * DAY_MS),))
    engine.stored("identities_stored", IDENTITIES, bounds)
    engine.define("identities_all", model("identities_undone"), IDENTITIES)
    commit_changes(engine, IDENTITIES, "select * from identities_read", bounds)
    engine.register("touched_aliases", _TOUCHED_ALIASES.empty_table())
    engine.register("aliases_said", aliases.SCHEMA.empty_table())
    commit_aliases_of(engine, tenants)
    name_current(engine, tables, {_APPLIED: digest})
    return True


def applied_property(engine: Engine) -> dict[str, str]:
    """What the ledger's commits say of the unlinks that were carried out: a property for the next commit to repeat."""
    for commit in reversed(engine.history(LEDGER)):
        if _APPLIED in commit.properties:
            return {_APPLIED: commit.properties[_APPLIED]}
    return {}


def _digest(unlinks: Iterable[Action[Unlink]]) -> str:
    ids = " ".join(sorted(action.id for action in unlinks))
    return hashlib.sha256(ids.encode()).hexdigest()[:32]


_TOUCHED: dict[str, pa.DataType] = {
    "tenant": pa.string(),
    "user_id": pa.string(),
    "event_id": pa.string(),
    "event_time": pa.timestamp("us"),
    "raw_object": pa.string(),
    "raw_line": pa.int32(),
    "raw_index": pa.int32(),
    "copy": pa.int64(),
    "alias": pa.string(),
}
_TOUCHED_ALIASES = pa.schema(_TOUCHED)
