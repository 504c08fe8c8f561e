"""Who a local lake's visitors are, and an operator's word that one is not who its events say."""

from typing import Any

from msgspec import Struct

from footfall.errors import FootfallError
from footfall.etl.unlinks import UNLINK, Unlink
from footfall.lake.actions import Action, ActionLog, FileActionStore
from footfall.lake.layout import LocalLake
from footfall.query.embedded import run

Row = dict[str, Any]

_LINKS = """
select i.visitor, i.user_id, i.person, i.linked_at, i.until_time, i.cause, i.event_id
from identities_now i
where :user = '' or i.user_id = :user
order by i.visitor, i.linked_at, i.event_id
limit :most
"""
_HISTORY = """
with stretches as (
    select
        i.*,
        lag(i.user_id) over (order by i.from_time, i.event_id, i.raw_object, i.raw_line, i.raw_index) as user_before,
        lag(i.undone_at) over (order by i.from_time, i.event_id, i.raw_object, i.raw_line, i.raw_index) as undone_before
    from identities i
    where i.visitor = :visitor
)
select
    s.user_id,
    coalesce(a.person, s.person) as person,
    s.from_time as linked_at,
    s.cause,
    s.undone_at,
    s.event_id,
    s.raw_object,
    s.raw_line,
    s.raw_index
from stretches s
left join aliases a on a.previous = s.user_id and a.person is not null
where s.user_before is null or s.user_before <> s.user_id or s.undone_at is distinct from s.undone_before
order by s.from_time, s.event_id, s.raw_object, s.raw_line, s.raw_index
"""
_ALIASES = """
select a.user_id, a.person, a.aliased_at, a.undone_at, a.event_id, a.raw_object, a.raw_line, a.raw_index
from aliases a
where a.previous = :visitor
order by a.aliased_at, a.event_id
"""


class Identity(Struct, frozen=True):
    """All that was said of who a visitor is: its links and, where its id was a user's, what this was given up for.

    Each row names the event that said so; `undone_at` is set where an operator has undone it.
    """

    visitor: str
    links: list[Row]
    aliases: list[Row]


def links(lake: LocalLake, tenant: str, *, user: str = "", most: int = 100) -> list[Row]:
    """The links that stand, in order of visitor and time: all, or those to one user.

    Args:
        lake: the lake.
        tenant: whose visitors.
        user: only the links to this user; empty: to any.
        most: how many at most.
    """
    rows: list[Row] = run(lake, tenant, _LINKS, {"user": user, "most": most}).to_pylist()
    return rows


def identity(lake: LocalLake, tenant: str, visitor: str) -> Identity:
    """What was said of a visitor, by the tables as they are now.

    Raises:
        FootfallError: no event says anything of it.
    """
    parameters = {"visitor": visitor}
    found = Identity(
        visitor,
        run(lake, tenant, _HISTORY, parameters).to_pylist(),
        run(lake, tenant, _ALIASES, parameters).to_pylist(),
    )
    if not found.links and not found.aliases:
        raise FootfallError(
            f"no event says who the visitor {visitor!r} of {tenant} is. "
            "`footfall identities list` shows those that are known, as of the last `footfall etl`."
        )
    return found


def unlink(lake: LocalLake, tenant: str, visitor: str, user: str, *, at: int, by: str = "") -> Action[Unlink]:
    """Record that a visitor is not a user, whatever was said until now. The tables follow with the next run of the ETL.

    Args:
        lake: the lake.
        tenant: whose visitor.
        visitor: the visitor, or a user id that was given up for the user.
        user: the user.
        at: now, in epoch milliseconds.
        by: who orders it.

    Raises:
        FootfallError: they are not linked.
    """
    known = identity(lake, tenant, visitor)
    standing = {row["user_id"] for row in (*known.links, *known.aliases) if row["undone_at"] is None}
    if user not in standing:
        others = ", ".join(sorted(standing)) or "nobody"
        raise FootfallError(f"the visitor {visitor!r} is not linked to the user {user!r}; it is to: {others}.")
    return ActionLog(FileActionStore(lake.raw)).record(UNLINK, tenant, at, Unlink(visitor, user), by)
