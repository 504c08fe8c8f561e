"""Taking raw objects in again: their ledger rows are marked, and the next run works their rows out anew.

A run compares what it makes of an object with the stored rows that came from it: rows that are as they were are not
written again, and rows that the object holds no more leave. So a replay of objects that did not change changes nothing.
"""

from collections.abc import Collection

from msgspec import Struct

from footfall.lake.actions import ActionKind
from footfall.lake.engines.port import Engine
from footfall.lake.raw_rows import DAY_MS, may_hold
from footfall.lake.tables import LEDGER


class Replay(Struct, frozen=True):
    """A window of raw was taken in again: what was received from `start` up to `end`, in epoch milliseconds."""

    start: int
    end: int


REPLAY = ActionKind("replay", Replay)


def objects_between(engine: Engine, start: int, end: int) -> list[str]:
    """The raw objects in the ledger that may hold a line received from `start` up to `end` (epoch ms), in order.

    An object that is named by an hour is looked at by the hour, others by the days that the ledger knows.
    """
    engine.stored("ledger_now", LEDGER, None)
    found = engine.rows(
        "select distinct raw_object from ledger_now where unix_millis(cast(day as timestamp)) < "
        f"{end} and unix_millis(cast(day as timestamp)) > {start - DAY_MS}"
    )
    return sorted(key for key in (str(row[0]) for row in found) if may_hold(key, start, end))


def mark(engine: Engine, objects: Collection[str]) -> None:
    """Have the next run take these objects in again; those that the ledger does not hold are new to it anyway."""
    if not objects:
        return
    engine.stored_from("ledger_asked", LEDGER, sorted(objects))
    columns = ", ".join(column.name for column in LEDGER.columns if column.name != "is_due_again")
    engine.define("ledger_marked", f"select {columns}, true as is_due_again from ledger_asked", LEDGER)
    engine.define("ledger_new", "select * from ledger_marked except select * from ledger_asked", LEDGER)
    engine.define("ledger_stale", "select * from ledger_asked except select * from ledger_marked", LEDGER)
    engine.replace(LEDGER, "ledger_new", "ledger_stale", None)
