"""Erasing a person from raw and from the tables.

Raw is searched whole, for the tables do not know rejected events and duplicates. The objects that hold the person are
marked in the ledger, then written again with tombstones; the next run works their rows out anew, and what is gone from
raw leaves every table. Killed anywhere, it is done again: what was marked stays marked.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import NamedTuple

import msgspec

from footfall.events.raw_line import RawLine, decode
from footfall.lake.engines.port import Engine
from footfall.lake.raw_rows import lines_of
from footfall.lake.raw_store import RawStore
from footfall.lake.tables import EVENTS, TABLES, Table
from footfall.lake.tombstones import Person, rewritten, tombstoned

_EVENT_ID = re.compile(rb'"id":"([^"\\]+)"')
_IDENTITIES = ("visitor", "user_id")


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


def find(engine: Engine, store: RawStore, keys: Sequence[str], person: Person) -> Found:
    """Where the person is in raw.

    Args:
        engine: reads the objects, as many at once as it has executors.
        store: the raw objects.
        keys: which to search.
        person: whom to look for.
    """
    found = Found()
    ids: set[bytes] = set()
    for key, theirs in zip(keys, engine.each(partial(_theirs, store, person), keys), strict=True):
        if theirs is not None:
            found.objects.append(key)
            found.events += theirs.events
            ids |= theirs.ids
    if ids:
        held = set(found.objects)
        searched = [key for key in keys if key not in held]
        copies = engine.each(partial(_has_any, store, frozenset(ids)), searched)
        found.copies.extend(key for key, has in zip(searched, copies, strict=True) if has)
    return found


def take_out(engine: Engine, store: RawStore, keys: Sequence[str], person: Person) -> dict[str, int]:
    """Write the objects again, with tombstones. Returns the bytes before and after of those that changed."""
    sizes = engine.each(partial(_rewrite, store, person), keys)
    return {"bytes_before": sum(size for size, _ in sizes), "bytes_after": sum(size for _, size in sizes)}


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


class _Theirs(NamedTuple):
    """What of a person is in an object: how many events go, and the ids of those that can be read."""

    events: int
    ids: frozenset[bytes]


def _theirs(store: RawStore, person: Person, key: str) -> _Theirs | None:
    """What of the person is in an object; None where nothing is."""
    events = 0
    ids: set[bytes] = set()
    is_held = False
    for text, _ in lines_of(store.read(key)):
        if not person.named_in("", text):
            continue
        line = _decoded(text)
        if line is None:
            is_held = True
            events += 1
            continue
        left = tombstoned(line, person)
        if left is not line:
            is_held = True
            events += len(left.erased) - len(line.erased)
            kept = {event.index for event in left.events}
            ids.update(event.id.encode() for event in line.events if event.index not in kept)
    return _Theirs(events, frozenset(ids)) if is_held else None


def _has_any(store: RawStore, ids: frozenset[bytes], key: str) -> bool:
    """Whether an object holds an event of one of these ids: a copy that lost against one that goes is stored then."""
    return any(not ids.isdisjoint(_EVENT_ID.findall(text)) for text, _ in lines_of(store.read(key)))


def _rewrite(store: RawStore, person: Person, key: str) -> tuple[int, int]:
    """Write an object again, where it holds the person. Returns its bytes before and after; 0 where it is left."""
    before = store.read(key)
    after = rewritten(key, before, partial(tombstoned, erased=person), partial(person.named_in, ""))
    if after is None:
        return 0, 0
    store.replace(key, after)
    return len(before), len(after)


def _decoded(text: bytes) -> RawLine | None:
    try:
        return decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OverflowError):
        return None
