"""Erasing events from raw: what is left of one is its place in the request, so that the others keep theirs."""

import json
import re
from collections.abc import Callable, Collection, Mapping
from typing import Any, Protocol
from urllib.parse import quote

import msgspec

from footfall.events.model import Library, Page, Screen
from footfall.events.raw_line import VERSION, RawLine, decode, encode
from footfall.events.raw_object import compress
from footfall.lake.raw_rows import lines_of, time_in

_CUT_OFF = b"(cut off)"
# Properties by which an event tells who somebody is, or was.
_NAMES = (
    "alias anonymous_id anonymousid device_id deviceid distinct_id domain_userid duid network_userid nuid previous "
    "previous_id previousid uid user user_id userid visitor visitor_id visitorid"
)
_NAMING = frozenset(_NAMES.split())


class Erased(Protocol):
    """Tells what is to be erased."""

    def owns(self, tenant: str, visitor: str, user: str, received_at: int) -> bool:
        """Whether an event of this visitor and user (empty: none), received at a time (epoch ms), is to go."""

    def named_by(self, tenant: str, properties: Mapping[str, Any]) -> bool:
        """Whether an event of somebody else names the erased."""

    def named_in(self, tenant: str, text: bytes) -> bool:
        """Whether a rejected text, or a line that cannot be read (tenant: empty), names the erased."""


class Person:
    """A tenant's visitors and users, by their ids.

    Args:
        tenant: the tenant's name.
        visitors: the ids of visitors.
        users: the ids of users.
    """

    def __init__(self, tenant: str, visitors: Collection[str], users: Collection[str]) -> None:
        self.tenant = tenant
        self.visitors = frozenset(visitors)
        self.users = frozenset(users)
        forms = {form for identity in self.visitors | self.users for form in _written(identity)}
        # Where an id stands as a value: quoted, or in a query string. A short one may be any word else.
        words = b"|".join(re.escape(form) for form in sorted(forms, key=len, reverse=True))
        self._pattern = re.compile(rb'(?:"|=|%22|\\u0022)(?:' + words + rb')(?:"|\\|&|%22|#|\s|$)') if forms else None

    def owns(self, tenant: str, visitor: str, user: str, received_at: int) -> bool:
        """Whether the event is the person's."""
        return tenant == self.tenant and (visitor in self.visitors or user in self.users)

    def named_by(self, tenant: str, properties: Mapping[str, Any]) -> bool:
        """Whether a property that tells who somebody is holds one of the ids."""
        if tenant != self.tenant:
            return False
        ids = self.visitors | self.users
        return any(name.lower() in _NAMING and value in ids for name, value in properties.items() if _is_text(value))

    def named_in(self, tenant: str, text: bytes) -> bool:
        """Whether one of the ids stands in the text as a value."""
        return tenant in (self.tenant, "") and self._pattern is not None and bool(self._pattern.search(text))


def tombstoned(line: RawLine, erased: Erased) -> RawLine:
    """The line without the events that are to go; the line itself where there is none.

    Where nothing else is left in it, neither is anything of who sent it.
    """
    tenant, received = line.tenant, line.received_at
    theirs = erased.owns(tenant, line.visitor, line.user, received)
    events = [
        event
        for event in line.events
        if not erased.owns(tenant, event.visitor or line.visitor, event.user or line.user, received)
        and not erased.named_by(tenant, event.properties)
    ]
    rejected = [] if theirs else [item for item in line.rejected if not erased.named_in(tenant, item.text.encode())]
    if len(events) == len(line.events) and len(rejected) == len(line.rejected) and not theirs:
        return line
    kept = {event.index for event in events} | {item.index for item in rejected}
    gone = ({event.index for event in line.events} | {item.index for item in line.rejected}) - kept
    places = sorted({*line.erased, *gone})
    if not kept:
        return msgspec.structs.replace(
            line,
            request_id="",
            events=[],
            rejected=[],
            erased=places,
            sent_at=0,
            visitor="",
            user="",
            ip="",
            user_agent="",
            consent="unknown",
            library=Library(),
            page=Page(),
            screen=Screen(),
        )
    head = {"visitor": "", "user": ""} if theirs else {}
    return msgspec.structs.replace(line, events=events, rejected=rejected, erased=places, **head)


def rewritten(
    key: str,
    data: bytes,
    leave_out: Callable[[RawLine], RawLine],
    named_in: Callable[[bytes], bool] = lambda text: False,
) -> bytes | None:
    """A raw object without what is to go; None where it holds none of it.

    Every line keeps its number, and one that could not be read before cannot be read after, unless it went.

    Args:
        key: the object's key.
        data: its bytes.
        leave_out: gives each line without what is to go.
        named_in: whether a line that cannot be read is to go.
    """
    texts: list[bytes] = []
    changed = False
    first: int | None = None
    tail = b""
    unreadable: list[int] = []
    for text, problem in lines_of(data):
        try:
            if problem:
                raise msgspec.DecodeError(problem)
            line = decode(text)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, OverflowError):
            if named_in(text):
                changed = True
                unreadable.append(len(texts))
                texts.append(b"")
            elif problem:
                tail = text or _CUT_OFF
            else:
                texts.append(text)
            continue
        first = line.received_at if first is None else first
        left = leave_out(line)
        changed = changed or left is not line
        texts.append(text if left is line else encode(left))
    if not changed:
        return None
    received = first if first is not None else time_in(key)
    for number in unreadable:
        texts[number] = encode(RawLine(VERSION, "", "", received, "", "", 0, [], erased=[-1]))
    return compress(b"".join(text + b"\n" for text in texts) + tail)


def _written(identity: str) -> set[bytes]:
    """The ways that an id is written in JSON and in URLs."""
    return {
        identity.encode(),
        json.dumps(identity)[1:-1].encode(),
        json.dumps(identity, ensure_ascii=False)[1:-1].encode(),
        quote(identity, safe="").encode(),
    }


def _is_text(value: object) -> bool:
    return isinstance(value, str)
