"""A tenant's policy on a request's line, right before it is made durable: what of it may be stored."""

import secrets
from collections.abc import Mapping

import msgspec

from footfall.collector import consent, visitor_cookie
from footfall.collector.messages import Request
from footfall.collector.url_privacy import Keeps, clean_json_text, clean_text, clean_url, keeps, mask_emails
from footfall.collector.value_privacy import clean_value, may_hold_addresses
from footfall.events import event_schemas
from footfall.events.model import Page, Screen
from footfall.events.raw_line import RawEvent, RawLine, RawRejected
from footfall.events.reasons import Reason
from footfall.events.tenants import Tenant
from footfall.events.validation import MAX_DETAIL_LENGTH, reject, safe_text

# Events of other protocols that exist to say who somebody is.
_IDENTITY_EVENTS = frozenset({"identify", "alias", "group", "$set", "$unset", "$delete", "$identify"})

_encode = msgspec.json.Encoder().encode


def apply(tenant: Tenant, line: RawLine, request: Request) -> RawLine:
    """The line as the tenant wants it stored.

    Events that the tenant does not take, or whose visitor does not want them stored, become rejected ones; addresses
    are cleaned; who does not want to be known is not. The number of events and rejected ones together stays.
    """
    action, signal = consent.decide(tenant, line.consent, request)
    if action == "drop":
        return _dropped(line, signal)
    anonymous = action == "anonymous"
    keep = keeps(tenant.url_parameters)
    events: list[RawEvent] = []
    rejected = [_clean_rejected(item, keep, anonymous) for item in line.rejected]
    for event in line.events:
        if anonymous and event.name in _IDENTITY_EVENTS:
            rejected.append(_not_consented(event.index, signal))
            continue
        cleaned = _clean_event(event, keep, anonymous)
        checked = _check(tenant, event, cleaned, anonymous) if tenant.event_names or tenant.schemas else cleaned
        if isinstance(checked, RawEvent):
            events.append(checked)
        else:
            rejected.append(checked)
    if len(rejected) != len(line.rejected):
        rejected.sort(key=lambda item: item.index)
    line = msgspec.structs.replace(line, events=events, rejected=rejected, page=_clean_page(line.page, keep, anonymous))
    if anonymous:
        # An id that no other request has: an empty one would make one endless visitor of all of them.
        return msgspec.structs.replace(line, visitor=f"anonymous-{secrets.token_hex(8)}", user="", ip="")
    if tenant.visitor_cookie and line.visitor:
        return msgspec.structs.replace(line, visitor=visitor_cookie.visitor_of(tenant, request, line.visitor))
    return line


def answer_headers(tenant: Tenant, line: RawLine, request: Request) -> Mapping[str, str]:
    """The headers that the answer gets for the policy's sake; `line` is what was stored."""
    if not tenant.visitor_cookie:
        return {}
    action, _ = consent.decide(tenant, line.consent, request)
    return visitor_cookie.headers(tenant, request, line.visitor, may_set=action == "store" and line.visitor != "")


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


def _clean_event(event: RawEvent, keep: Keeps, anonymous: bool) -> RawEvent:
    page = None if event.page is None else _clean_page(event.page, keep, anonymous)
    properties = event.properties
    if properties and (anonymous or may_hold_addresses(_encode(properties))):
        properties = clean_value(properties, keep, anonymous=anonymous)
    if anonymous:
        return msgspec.structs.replace(event, page=page, properties=properties, visitor="", user="", ip="")
    if page is not event.page or properties is not event.properties:
        return msgspec.structs.replace(event, page=page, properties=properties)
    return event


def _clean_page(page: Page, keep: Keeps, anonymous: bool) -> Page:
    url = clean_url(page.url, keep, anonymous=anonymous)
    referrer = clean_url(page.referrer, keep, anonymous=anonymous)
    if url is page.url and referrer is page.referrer:
        return page
    return msgspec.structs.replace(page, url=url, referrer=referrer)


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
