"""Erasing a person from raw and from the tables.

Raw is searched whole, for the tables do not know rejected events and duplicates. The objects that hold the person are
marked in the ledger, then written again with tombstones; the next run works their rows out anew, and what is gone from
raw leaves every table. Killed anywhere, it is done again: what was marked stays marked.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

import msgspec

from footfall.events.raw_line import RawLine, decode
from footfall.lake.engines.port import Engine
from footfall.lake.raw_rows import lines_of
from footfall.lake.raw_store import RawStore
from footfall.lake.tables import EVENTS, TABLES, Table
from footfall.lake.tombstones import Person, rewritten, tombstoned

_EVENT_ID = re.compile(rb'"id":"([^"\\]+)"')
_IDENTITIES = ("visitor", "user_id")

Progress = Callable[[int, int], None]


@dataclass
class Found:
    """Where a person is in raw: the objects to write again, others with copies of what goes, and how many events go."""

    objects: list[str] = field(default_factory=list)
    copies: list[str] = field(default_factory=list)
    events: int = 0


def person_of_user(engine: Engine, tenant: str, users: Sequence[str]) -> Person:
    """The person with these user ids: the visitors whose events name one of them, and no other user.

    A visitor that other users shared stays, with its events that name nobody or somebody else.
    """
    engine.stored_from("user_events", EVENTS, list(users), "user_id")
    found = engine.rows("select distinct tenant, visitor from user_events")
    # What is said of a user has no visitor, and what has no visitor is not theirs.
    visitors = sorted(str(visitor) for owner, visitor in found if owner == tenant and visitor)
    engine.stored_from("visitor_events", EVENTS, visitors, "visitor")
    named_users = engine.rows("select distinct tenant, visitor, user_id from visitor_events where user_id is not null")
    shared = {str(visitor) for owner, visitor, user in named_users if owner == tenant and user not in users}
    return Person(tenant, set(visitors) - shared, users)


def find(store: RawStore, keys: Sequence[str], person: Person, progress: Progress = lambda done, total: None) -> Found:
    """Where the person is in raw.

    Args:
        store: the raw objects.
        keys: which to search.
        person: whom to look for.
        progress: called with how many of how many reads are done.
    """
    found = Found()
    leave_out = partial(tombstoned, erased=person)
    ids: set[bytes] = set()
    for number, key in enumerate(keys):
        data = store.read(key)
        changed = False
        for text, _ in lines_of(data):
            if not person.named_in("", text):
                continue
            line = _decoded(text)
            if line is None:
                changed = True
                found.events += 1
                continue
            left = leave_out(line)
            if left is not line:
                changed = True
                found.events += len(left.erased) - len(line.erased)
                kept = {event.index for event in left.events}
                ids.update(event.id.encode() for event in line.events if event.index not in kept)
        if changed:
            found.objects.append(key)
        progress(number + 1, 2 * len(keys))
    if ids:
        searched = [key for key in keys if key not in set(found.objects)]
        for number, key in enumerate(searched):
            # A copy that lost against an event that goes is stored from now on.
            if any(not ids.isdisjoint(_EVENT_ID.findall(text)) for text, _ in lines_of(store.read(key))):
                found.copies.append(key)
            progress(len(keys) + number + 1, len(keys) + len(searched))
    return found


def take_out(store: RawStore, keys: Sequence[str], person: Person) -> dict[str, int]:
    """Write the objects again, with tombstones. Returns the objects that changed, and the bytes before and after."""
    counts = {"objects": 0, "bytes_before": 0, "bytes_after": 0}
    leave_out, named_in = partial(tombstoned, erased=person), partial(person.named_in, "")
    for key in keys:
        before = store.read(key)
        after = rewritten(key, before, leave_out, named_in)
        if after is not None:
            store.replace(key, after)
            counts["objects"] += 1
            counts["bytes_before"] += len(before)
            counts["bytes_after"] += len(after)
    return counts


def rows_held(engine: Engine, person: Person) -> dict[str, int]:
    """How many rows each table holds of the person, by the columns that name visitors and users."""
    return {table.name: count for table in TABLES if (count := _select(engine, person, table))}


def remove_left_over(engine: Engine, person: Person) -> dict[str, int]:
    """Remove the person's rows from tables that do not follow from raw (predictions). Returns how many, by table."""
    removed: dict[str, int] = {}
    for table in TABLES:
        count = _select(engine, person, table)
        if count:
            engine.define("rows_none", "select * from rows_theirs where tenant is null", table)
            engine.replace(table, "rows_none", "rows_theirs", None)
            removed[table.name] = count
    return removed


def _select(engine: Engine, person: Person, table: Table) -> int:
    """Define `rows_theirs`, the person's rows of a table, and count them."""
    columns = {column.name for column in table.columns}
    selects = []
    for column, ids in zip(_IDENTITIES, (person.visitors, person.users), strict=True):
        if column in columns and ids:
            engine.stored_from(f"rows_by_{column}", table, sorted(ids), column)
            selects.append(f"select * from rows_by_{column} where tenant = '{person.tenant}'")
    if not selects:
        return 0
    engine.define("rows_theirs", " union ".join(selects), table)
    return int(str(engine.rows("select count(*) from rows_theirs")[0][0]))


def _decoded(text: bytes) -> RawLine | None:
    try:
        return decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OverflowError):
        return None
