"""The Segment HTTP API: `/v1/track`, `page`, `screen`, `identify`, `group`, `alias`, `batch` and `import`."""

import copy
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Raw, Struct

from footfall.events.addresses import truncate_address
from footfall.events.model import Consent, Library, Page, Screen
from footfall.events.raw_line import RawEvent, RawRejected
from footfall.events.reasons import Reason
from footfall.events.validation import safe_text
from footfall.events.visitor_names import named
from footfall.protocols.basic_auth import basic_user
from footfall.protocols.cross_origin import PREFLIGHT_HEADERS
from footfall.protocols.foreign_event import MAX_MESSAGES, ForeignEvent, Unreadable, accept, with_fields
from footfall.protocols.iso_time import read_time, read_time_or_zero
from footfall.protocols.json_messages import read_batch, read_body, read_message
from footfall.protocols.known_levels import level_of
from footfall.protocols.messages import Request, Response, json_response
from footfall.protocols.native import errors_of
from footfall.protocols.port import Checked, Submission

SINGLE = {f"/v1/{kind}": kind for kind in ("track", "page", "screen", "identify", "group", "alias")}
# analytics.js 2 sends each call to the first letter of its name.
SINGLE |= {f"/v1/{kind[0]}": kind for kind in SINGLE.values()}
_BATCH = ("/v1/batch", "/v1/import", "/v1/b")

Text = str | int | float
Told = tuple[str | None, Raw, dict[str, Any]]
"""A call: its kind where the path names it, its JSON, and the context of its batch."""


class SegmentCall(Struct, rename="camel"):
    """A call. Ids may be numbers; fields that are not listed are ignored, as Segment does."""

    type: str | None = None
    event: str | None = None
    name: str | None = None
    category: str | None = None
    message_id: Text | None = None
    anonymous_id: Text | None = None
    user_id: Text | None = None
    previous_id: Text | None = None
    group_id: Text | None = None
    timestamp: str | None = None
    original_timestamp: str | None = None
    properties: dict[str, Any] | None = None
    traits: dict[str, Any] | None = None
    context: dict[str, Any] | None = None


class _Call(Struct, rename="camel"):
    """What of a single call's body concerns the whole request."""

    write_key: str | None = None
    sent_at: str | None = None


class _Batch(Struct, rename="camel"):
    """The body of a batch. Its context, where it is an object, is the default of its calls'."""

    batch: list[Raw]
    write_key: str | None = None
    sent_at: str | None = None
    context: Any = None


class _Head(Struct):
    context: dict[str, Any] | None = None


_call_decoder = msgspec.json.Decoder(_Call)
_batch_decoder = msgspec.json.Decoder(_Batch)
_message_decoder = msgspec.json.Decoder(SegmentCall)
_head_decoder = msgspec.json.Decoder(_Head)


class Segment:
    """The Segment protocol. Its clients send again on 408, 429 and 5xx (501 and 505 aside), and drop on other 4xx."""

    name = "segment"
    key_place = "the user of Basic authentication, or `$.writeKey`"
    routes: Mapping[str, tuple[str, ...]] = dict.fromkeys((*SINGLE, *_BATCH), ("POST",))

    def read(self, request: Request, body: bytes) -> Submission:
        """See `ClientProtocol`."""
        kind = SINGLE.get(request.path)
        if kind is None:
            batch = read_batch(_batch_decoder, body, "batch", MAX_MESSAGES)
            head: _Call | _Batch = batch
            shared = batch.context if isinstance(batch.context, dict) else {}
            messages: list[Told] = [(None, message, shared) for message in batch.batch]
        else:
            head = read_body(_call_decoder, body)
            messages = [(kind, Raw(body), {})]
        context = _context(messages[0])
        consent, consents = _consents(messages)
        return Submission(
            write_key=basic_user(request) or head.write_key or "",
            sent_at=read_time_or_zero(head.sent_at),
            messages=messages,
            library=_library(context),
            screen=_screen(context) if len(messages) == 1 else Screen(),
            consent=consent,
            consents=consents,
        )

    def accept(self, submission: Submission, received_at: int) -> Checked:
        """See `ClientProtocol`."""
        return accept(submission.messages, _read, _text, sent_at=submission.sent_at, received_at=received_at)

    def answer(self, request: Request, events: Sequence[RawEvent], rejected: Sequence[RawRejected]) -> Response:
        """`{"success": true}`, and what became of the events."""
        document = {"success": True, "accepted": len(events), "rejected": len(rejected), "errors": errors_of(rejected)}
        return json_response(document)

    def refuse(
        self, request: Request, status: int, reason: Reason, detail: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        """`{"success": false, "code", "message"}`: Segment's libraries raise the latter two."""
        return json_response({"success": False, "code": reason.value, "message": detail}, status, headers)

    def preflight(self, request: Request) -> Mapping[str, str]:
        """See `ClientProtocol`."""
        return PREFLIGHT_HEADERS


def _text(told: Told) -> bytes:
    return bytes(told[1])


def _read(told: Told) -> ForeignEvent:
    message = read_message(_message_decoder, told[1])
    kind = told[0] or message.type
    name, level = _NAMES.get(kind or "", ("", "high"))
    if kind == "track":
        name = message.event or ""
        level = level_of(name)
    elif not name:
        raise Unreadable(Reason.EVENT_INVALID, f"Expected one of track, {', '.join(_NAMES)} - at `$.type`")
    context = copy.deepcopy(told[2]) | (message.context or {}) if told[2] else message.context or {}
    user = _id(message.user_id)
    anonymous = _id(message.previous_id if kind == "alias" else message.anonymous_id)
    if not (user or anonymous):
        raise Unreadable(Reason.EVENT_INVALID, "Expected `userId` or `anonymousId` - at `$`")
    time = read_time(message.original_timestamp, "$.originalTimestamp")
    if time is None:
        time = read_time(message.timestamp, "$.timestamp")
    page = _take_page(context, message.properties or {})
    ip, user_agent = context.pop("ip", ""), context.pop("userAgent", "")
    context.pop("library", None)
    fields: dict[str, Any] = {
        "name": message.name if kind != "track" else None,
        "category": message.category,
        "groupId": message.group_id,
        "previousId": message.previous_id,
        "context": context or None,
    }
    properties = message.traits if kind in ("identify", "group") else message.properties
    return ForeignEvent(
        name=name,
        level=level,
        properties=with_fields(dict(properties or {}), fields),
        visitor=anonymous or named("user", user),
        user=user,
        id=_id(message.message_id) or None,
        time=time,
        page=page,
        ip=truncate_address(ip) if isinstance(ip, str) else "",
        user_agent=safe_text(user_agent)[:1_024] if isinstance(user_agent, str) else "",
    )


_NAMES: dict[str, tuple[str, Any]] = {
    "page": ("page_view", "mid"),
    "screen": ("screen", "mid"),
    "identify": ("identify", "high"),
    "group": ("group", "high"),
    "alias": ("alias", "high"),
}


def _id(value: Text | None) -> str:
    return "" if value is None else value if isinstance(value, str) else str(value)


def _take_page(context: dict[str, Any], properties: Mapping[str, Any]) -> Page | None:
    """The page of the context, else of the properties of a page call. What else the context says of it stays there."""
    page = context.get("page")
    texts = {"url": "", "referrer": "", "title": ""}
    for name in texts:
        sources = (page, properties) if isinstance(page, dict) else (properties,)
        found = next((source[name] for source in sources if isinstance(source.get(name), str) and source[name]), "")
        if isinstance(page, dict) and page.get(name) == found:
            del page[name]
        texts[name] = found
    if page == {}:
        del context["page"]
    return Page(**texts) if any(texts.values()) else None


def _context(told: Told) -> dict[str, Any]:
    return told[2] | (_own_context(told) or {})


def _own_context(told: Told) -> dict[str, Any] | None:
    """What the call says beside its batch; None where it cannot be read."""
    try:
        return read_message(_head_decoder, told[1]).context or {}
    except Unreadable:
        return None


def _consents(messages: Sequence[Told]) -> tuple[Consent, Sequence[Consent]]:
    """The strictest that the calls of a request say of consent, and what each of them says, where they differ.

    A server's batch holds the calls of many people. Whose one is that cannot be read, nobody knows: the strictest holds
    for it.
    """
    if not any(told[2].get("consent") or b"categoryPreferences" in bytes(told[1]) for told in messages):
        return "unknown", ()
    own = [_own_context(told) for told in messages]
    said = [_consent_of(told[2] | (context or {})) for told, context in zip(messages, own, strict=True)]
    strictest: Consent = next(one for one in _STRICTEST_FIRST if one in said)
    each = [strictest if context is None else one for context, one in zip(own, said, strict=True)]
    return strictest, each if len(set(each)) > 1 else ()


_STRICTEST_FIRST: tuple[Consent, ...] = ("denied", "unknown", "granted")


def _consent_of(context: Mapping[str, Any]) -> Consent:
    """Categories have names of the customer's own: only where they all agree is it clear what was said."""
    consent = context.get("consent")
    preferences = consent.get("categoryPreferences") if isinstance(consent, dict) else None
    answers = set(map(type, preferences.values())) if isinstance(preferences, dict) else set()
    if answers != {bool} or not isinstance(preferences, dict):
        return "unknown"
    return "granted" if all(preferences.values()) else "unknown" if any(preferences.values()) else "denied"


def _library(context: Mapping[str, Any]) -> Library:
    library = context.get("library")
    if not isinstance(library, dict):
        return Library()
    name, version = library.get("name"), library.get("version")
    return Library(
        safe_text(name)[:64] if isinstance(name, str) else "",
        safe_text(version)[:32] if isinstance(version, str) else "",
    )


def _screen(context: Mapping[str, Any]) -> Screen:
    try:
        screen = context.get("screen")
        return msgspec.convert(
            {name: screen[name] for name in ("width", "height") if name in screen} if isinstance(screen, dict) else {},
            Screen,
        )
    except msgspec.ValidationError:
        return Screen()
