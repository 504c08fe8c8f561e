"""A tenant's policy on a request's line, right before it is made durable: what of it may be stored."""

import secrets
from collections.abc import Mapping

import msgspec

from footfall.collector import consent, visitor_cookie
from footfall.collector.messages import Request
from footfall.collector.url_privacy import Keeps, clean_json_text, clean_text, clean_url, keeps
from footfall.collector.value_privacy import clean_value
from footfall.events.model import Page, Screen
from footfall.events.raw_line import RawEvent, RawLine, RawRejected
from footfall.events.reasons import Reason
from footfall.events.tenants import Tenant
from footfall.events.validation import reject

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
        problem = _problem(tenant, event)
        if problem is None:
            events.append(cleaned)
        else:
            text = "" if anonymous else _encode(cleaned)
            rejected.append(reject(event.index, problem[0], problem[1], text, event.where))
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


def _problem(tenant: Tenant, event: RawEvent) -> tuple[Reason, str] | None:
    if tenant.event_names and event.name not in tenant.event_names:
        return Reason.NAME_NOT_ALLOWED, f"{tenant.name} takes in no events of this name - at `$.name`"
    return None


def _clean_event(event: RawEvent, keep: Keeps, anonymous: bool) -> RawEvent:
    page = None if event.page is None else _clean_page(event.page, keep, anonymous)
    properties = clean_value(event.properties, keep, anonymous=anonymous) if event.properties else event.properties
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
        page=Page(),
        screen=Screen(),
    )


def _not_consented(index: int, signal: str) -> RawRejected:
    return RawRejected(index, Reason.NOT_CONSENTED.value, f"Not stored for the visitor's sake: {signal}")
