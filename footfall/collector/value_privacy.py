"""What is kept of an event's properties: all, addresses cleaned; of an anonymous visitor, nothing that names it."""

import re
from typing import Any

from footfall.collector.url_privacy import Keeps, clean_text, clean_url, mask_emails, may_need_cleaning

IDENTIFYING = frozenset({
    "address", "alias", "anonymous_id", "anonymousid", "birthday", "cookie", "device_id",
    "deviceid", "domain_userid", "duid", "email", "email_address", "first_name", "firstname",
    "full_name", "group_id", "groupid", "idfa", "ip", "ip_address", "last_name", "lastname",
    "network_userid", "nuid", "phone", "previous_id", "previousid", "session_id", "sessionid",
    "tnuid", "traits", "uid", "user", "user_id", "userid", "username", "visitor", "visitor_id",
    "visitorid",
})  # fmt: skip
"""Names of properties (in lower case) that say who somebody is."""

_MAILTO = re.compile(rb'"[Mm][Aa][Ii][Ll][Tt][Oo]:')
_MAY_HOLD_TEXT = frozenset({str, dict, list})
_WHOLE_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+://")


def clean_value(value: Any, keep: Keeps, *, anonymous: bool = False) -> Any:
    """A JSON value with the addresses in it cleaned; the very same object where there was nothing to clean.

    A text is an address where it begins with a scheme and `://`, with `/`, with `?` and has a `=`, or with `mailto:`;
    an address within a text ends at a space.

    Args:
        value: any JSON; its depth is limited by whoever read it.
        keep: tells which parameters of addresses are kept.
        anonymous: leave out properties that name somebody, and mask e-mail addresses in every text.
    """
    kind = type(value)
    if kind is str:
        return _clean_string(value, keep, anonymous)
    if kind is dict:
        return _clean_object(value, keep, anonymous)
    if kind is list:
        return _clean_array(value, keep, anonymous)
    return value


def may_hold_addresses(text: bytes) -> bool:
    """Whether a value's JSON text may hold anything that `clean_value` changes; False is certain, and quick to know."""
    if not may_need_cleaning(text):
        return False
    return b"://" in text or b'"/' in text or b'"?' in text or _MAILTO.search(text) is not None


def _clean_string(text: str, keep: Keeps, anonymous: bool) -> str:
    first = text[:1]
    if first == "/" or (first == "?" and "=" in text):
        return clean_url(text, keep, anonymous=anonymous)
    if "://" in text:
        clean = clean_url if _WHOLE_URL.match(text) else clean_text
        return clean(text, keep, anonymous=anonymous)
    return mask_emails(text) if anonymous or text[:7].lower() == "mailto:" else text


def _clean_object(value: dict[str, Any], keep: Keeps, anonymous: bool) -> dict[str, Any]:
    changed: dict[str, Any] | None = None
    for name, item in value.items():
        if anonymous and name.lower() in IDENTIFYING:
            changed = dict(value) if changed is None else changed
            del changed[name]
            continue
        kind = type(item)
        if kind is str or kind is dict or kind is list:
            cleaned = clean_value(item, keep, anonymous=anonymous)
            if cleaned is not item:
                changed = dict(value) if changed is None else changed
                changed[name] = cleaned
    return value if changed is None else changed


def _clean_array(value: list[Any], keep: Keeps, anonymous: bool) -> list[Any]:
    cleaned = [clean_value(item, keep, anonymous=anonymous) if type(item) in _MAY_HOLD_TEXT else item for item in value]
    return cleaned if any(new is not old for new, old in zip(cleaned, value, strict=True)) else value
