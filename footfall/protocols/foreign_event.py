"""From what a client of another protocol says of an event to an event of ours, checked like a native one."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from footfall.events.model import Level, Page
from footfall.events.raw_line import RawEvent, RawRejected
from footfall.events.reasons import Reason
from footfall.events.validation import check_decoded, reject, safe_text
from footfall.events.visitor_names import named
from footfall.protocols.port import Checked
from footfall.protocols.row_text import MAX_STORABLE_BYTES, without_addresses

MAX_MESSAGES = 2_500
"""The most events of a request: what Segment allows. Bodies are bounded in bytes besides."""
MAX_ID_LENGTH = 64

_Message = TypeVar("_Message")


class ForeignEvent(Struct, frozen=True):
    """An event as another protocol's client told it.

    `id` and `time` (epoch ms) are None where it told none; `visitor` is empty where nobody knows who it was; `ip` is
    truncated already. `by_nobody`: it says something of an entity, and is no deed of a visitor's.
    """

    name: str
    level: Level
    properties: dict[str, Any]
    visitor: str = ""
    user: str = ""
    id: str | None = None
    time: int | None = None
    page: Page | None = None
    ip: str = ""
    user_agent: str = ""
    by_nobody: bool = False


class Unreadable(Exception):  # noqa: N818
    """A message that is no event of its protocol: the reason, and the place."""

    def __init__(self, reason: Reason, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason
        self.detail = detail


def accept(
    messages: Iterable[_Message],
    read: Callable[[_Message], ForeignEvent],
    text: Callable[[_Message], bytes],
    *,
    sent_at: int,
    received_at: int,
) -> Checked:
    """The events of a request's messages, each judged alone.

    Args:
        messages: what the client sent, one an event.
        read: reads one, or raises Unreadable.
        text: what the client wrote, kept beside the reason where it is rejected; addresses in it are truncated here.
        sent_at: the client's clock as it sent, in epoch ms; 0 where it told none.
        received_at: the collector's clock, in epoch ms: the time of an event that has none, where `sent_at` is 0.
    """
    now = sent_at or received_at
    accepted: list[RawEvent] = []
    rejected: list[RawRejected] = []
    seen: Counter[bytes] = Counter()
    for index, message in enumerate(messages):
        try:
            told = read(message)
        except Unreadable as problem:
            rejected.append(reject(index, problem.reason, problem.detail, _storable(text(message))))
            continue
        checked = check_decoded(_raw_event(index, told, now, seen), sent_at=now, imported=False)
        if isinstance(checked, RawEvent):
            accepted.append(checked)
        else:
            rejected.append(msgspec.structs.replace(checked, text=safe_text(_storable(text(message)))))
    return accepted, rejected


def with_fields(properties: dict[str, Any], fields: dict[str, Any]) -> dict[str, Any]:
    """The properties, and beside them what the protocol has in fields of its own, those that are None left out.

    A field goes under its own name; where the properties have another value of that name, under `$` and its name.
    """
    for name, value in fields.items():
        if value is None or (name in properties and properties[name] == value):
            continue
        free = name
        while free in properties:
            free = f"${free}"
        properties[free] = value
    return properties


def _raw_event(index: int, told: ForeignEvent, now: int, seen: Counter[bytes]) -> RawEvent:
    event = RawEvent(
        index=index,
        id="",
        name=told.name,
        level=told.level,
        time=now if told.time is None else told.time,
        properties=told.properties,
        page=told.page,
        visitor=told.visitor,
        user=told.user,
        ip=told.ip,
        user_agent=told.user_agent,
    )
    if told.id:
        id_ = told.id if len(told.id) <= MAX_ID_LENGTH else hashlib.sha256(told.id.encode()).hexdigest()
    else:
        id_ = _derived_id(event, seen) if told.time is not None and told.time % 1000 else secrets.token_hex(16)
    visitor = "" if told.by_nobody else told.visitor or named("event", id_)
    return msgspec.structs.replace(event, id=id_, visitor=visitor)


def _derived_id(event: RawEvent, seen: Counter[bytes]) -> str:
    """The id of an event whose client gave it none, from all that it says: a copy that is sent again has it too.

    Only where its time is told to the millisecond: two events that agree to the second may well be two events. The
    n-th of equal events in a request has an id of its own.
    """
    try:
        text = msgspec.json.encode(msgspec.structs.replace(event, index=0))
    except (UnicodeEncodeError, OverflowError, RecursionError):
        return secrets.token_hex(16)  # of an event that is rejected for it
    digest = hashlib.sha256(text).digest()
    seen[digest] += 1
    return hashlib.sha256(digest + str(seen[digest]).encode()).hexdigest()[:32]


def _storable(text: bytes) -> str:
    return without_addresses(text[:MAX_STORABLE_BYTES].decode("utf-8", "replace"))
