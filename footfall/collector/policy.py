"""A tenant's policy on a request's line, right before it is made durable: what of it may be stored."""

import secrets
from collections.abc import Mapping, Sequence

import msgspec

from footfall.collector import consent, visitor_cookie
from footfall.collector.messages import Request
from footfall.collector.page_privacy import PageCleaner
from footfall.collector.url_privacy import Keeps, clean_json_text, clean_text, keeps, mask_emails, may_need_cleaning
from footfall.collector.value_privacy import clean_value, may_hold_addresses
from footfall.events import event_schemas
from footfall.events.model import Consent, Page, Screen
from footfall.events.raw_line import RawEvent, RawLine, RawRejected
from footfall.events.reasons import Reason
from footfall.events.tenants import Tenant
from footfall.events.validation import MAX_DETAIL_LENGTH, reject, safe_text

# Events of other protocols that exist to say who somebody is.
_IDENTITY_EVENTS = frozenset({"identify", "alias", "group", "$set", "$unset", "$delete", "$identify"})

_encode = msgspec.json.Encoder().encode


def apply(
    tenant: Tenant, line: RawLine, request: Request, unescaped: bytes = b"", consents: Sequence[Consent] = ()
) -> RawLine:
    """The line as the tenant wants it stored.

    Events that the tenant does not take, or whose visitor does not want them stored, become rejected ones; addresses
    are cleaned; who does not want to be known is not. The number of events and rejected ones together stays.

    Args:
        tenant: whose policy.
        line: what came.
        request: what it came with.
        unescaped: as in `Submission`.
        consents: as in `Submission`; each is told by an event's index.
    """
    if consents:
        return _apply_to_each(tenant, line, request, consents)
    action, signal = consent.decide(tenant, line.consent, request)
    if action == "drop":
        return _dropped(line, signal)
    anonymous = action == "anonymous"
    keep = keeps(tenant.url_parameters)
    pages = PageCleaner(keep, anonymous=anonymous)
    events = told = line.events
    rejected = [_clean_rejected(item, keep, anonymous) for item in line.rejected]
    if anonymous:
        rejected += [_not_consented(event.index, signal) for event in events if event.name in _IDENTITY_EVENTS]
        told = [event for event in events if event.name not in _IDENTITY_EVENTS]
        events = [_make_anonymous(event, keep, pages) for event in told]
    elif not unescaped or may_need_cleaning(unescaped):
        events = _clean_events(told, keep, pages)
    if tenant.event_names or tenant.schemas:
        checked = [_check(tenant, *both, anonymous) for both in zip(told, events, strict=True)]
        events = [event for event in checked if isinstance(event, RawEvent)]
        rejected += [item for item in checked if isinstance(item, RawRejected)]
    if len(rejected) != len(line.rejected):
        rejected.sort(key=lambda item: item.index)
    line = msgspec.structs.replace(line, events=events, rejected=rejected, page=pages.clean(line.page))
    if anonymous:
        return msgspec.structs.replace(line, visitor=_anonymous_visitor(), user="", ip="")
    if tenant.visitor_cookie and line.visitor:
        return msgspec.structs.replace(line, visitor=visitor_cookie.visitor_of(tenant, request, line.visitor))
    return line


def answer_headers(tenant: Tenant, line: RawLine, request: Request) -> Mapping[str, str]:
    """The headers that the answer gets for the policy's sake; `line` is what was stored."""
    if not tenant.visitor_cookie:
        return {}
    action, _ = consent.decide(tenant, line.consent, request)
    return visitor_cookie.headers(tenant, request, line.visitor, may_set=action == "store")


def _apply_to_each(tenant: Tenant, line: RawLine, request: Request, consents: Sequence[Consent]) -> RawLine:
    """The line where its events differ in consent: those that agree are treated as a line of their own.

    Who, where from and on which page then stands beside each event: the head of one's line says nothing of another.
    """
    events = [
        event
        if consents[event.index] == line.consent
        else msgspec.structs.replace(event, consent=consents[event.index])
        for event in line.events
    ]
    line = msgspec.structs.replace(line, events=events)
    actions = {said: consent.decide(tenant, said, request)[0] for said in set(consents)}
    if set(actions.values()) == {"store"}:
        return apply(tenant, line, request)
    parts = []
    for said in sorted(actions, key=lambda said: consent.STRICTNESS[actions[said]]):
        part = msgspec.structs.replace(
            line,
            consent=said,
            events=[event for event in line.events if consents[event.index] == said],
            rejected=[item for item in line.rejected if consents[item.index] == said],
        )
        part = apply(tenant, part, request)
        told = [_with_head(event, part, anonymous=actions[said] == "anonymous") for event in part.events]
        parts.append(msgspec.structs.replace(part, events=told))
    return msgspec.structs.replace(
        parts[0],  # the least strict one: what is left out of it is left out of all
        consent=line.consent,
        events=sorted((event for part in parts for event in part.events), key=lambda event: event.index),
        rejected=sorted((item for part in parts for item in part.rejected), key=lambda item: item.index),
        visitor="",
        user="",
        ip="",
        page=Page(),
    )


def _with_head(event: RawEvent, line: RawLine, *, anonymous: bool) -> RawEvent:
    """The event with what its line's head says of it. An anonymous one has a visitor that no other event has."""
    return msgspec.structs.replace(
        event,
        visitor=_anonymous_visitor() if anonymous else event.visitor or line.visitor,
        user=event.user or line.user,
        ip=event.ip or line.ip,
        page=event.page or (line.page if line.page != Page() else None),
    )


def _anonymous_visitor() -> str:
    """An id that nobody else has: an empty one would make one endless visitor of all that want not to be known."""
    return f"anonymous-{secrets.token_hex(8)}"


def _check(tenant: Tenant, event: RawEvent, cleaned: RawEvent, anonymous: bool) -> RawEvent | RawRejected:
    """The cleaned event, with a warning where it earns one, or why the tenant does not take the event in."""
    text = "" if anonymous else mask_emails(_encode(cleaned).decode())
    if tenant.event_names and event.name not in tenant.event_names:
        detail = f"{tenant.name} takes in no events of this name - at `$.name`"
        return reject(event.index, Reason.NAME_NOT_ALLOWED, detail, text, event.where)
    schema = event_schemas.find(tenant.schemas, event.name)
    wrong = "" if schema is None else mask_emails(event_schemas.mismatch(schema, event.properties))
    if schema is None or not wrong:
        return cleaned
    if schema.mode == "enforce":
        return reject(event.index, Reason.SCHEMA_MISMATCH, wrong, text, event.where)
    warning = safe_text(f"{Reason.SCHEMA_MISMATCH.value}: {wrong}"[:MAX_DETAIL_LENGTH])
    return msgspec.structs.replace(cleaned, warnings=[*cleaned.warnings, warning])


def _clean_events(events: list[RawEvent], keep: Keeps, pages: PageCleaner) -> list[RawEvent]:
    """The events with the addresses in them cleaned."""
    # Asked of all properties together, and of each event's only where one of them may be to clean.
    suspect = may_hold_addresses(_encode([event.properties for event in events]))
    cleaned: list[RawEvent] = []
    page: Page | None = None
    stored: Page | None = None
    for event in events:
        # Events come in order of time, so that those of one page stand together.
        if event.page != page:
            page = event.page
            stored = None if page is None else pages.clean(page)
        properties = event.properties
        if suspect and may_hold_addresses(_encode(properties)):
            properties = clean_value(properties, keep)
        if stored is not page or properties is not event.properties:
            event = msgspec.structs.replace(event, page=stored, properties=properties)
        cleaned.append(event)
    return cleaned


def _make_anonymous(event: RawEvent, keep: Keeps, pages: PageCleaner) -> RawEvent:
    page = None if event.page is None else pages.clean(event.page)
    properties = clean_value(event.properties, keep, anonymous=True)
    return msgspec.structs.replace(event, page=page, properties=properties, visitor="", user="", ip="")


def _clean_rejected(item: RawRejected, keep: Keeps, anonymous: bool) -> RawRejected:
    """What nobody could read cannot be cleaned for certain: of an anonymous visitor, nothing of it is kept."""
    text = "" if anonymous else clean_json_text(item.text, keep)
    return msgspec.structs.replace(item, text=text, detail=clean_text(item.detail, keep))


def _dropped(line: RawLine, signal: str) -> RawLine:
    """Nothing but how many events there were, so that the books still count what came."""
    indexes = sorted([event.index for event in line.events] + [item.index for item in line.rejected])
    return msgspec.structs.replace(
        line,
        events=[],
        rejected=[_not_consented(index, signal) for index in indexes],
        visitor="",
        user="",
        ip="",
        user_agent="",
        country="",
        page=Page(),
        screen=Screen(),
    )


def _not_consented(index: int, signal: str) -> RawRejected:
    return RawRejected(index, Reason.NOT_CONSENTED.value, f"Not stored for the visitor's sake: {signal}")
