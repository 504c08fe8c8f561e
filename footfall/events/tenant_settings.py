"""The settings of a tenant that may be changed: read from `name=value` texts, and checked."""

import re
import zoneinfo
from collections.abc import Sequence
from typing import Any, get_args

import msgspec

from footfall.errors import FootfallError
from footfall.events.origins import is_pattern
from footfall.events.tenants import DEFAULT_PARAMETERS, ConsentAction, Tenant

_FIXED = ("name", "salt", "keys", "schemas")
SETTINGS = tuple(name for name in Tenant.__struct_fields__ if name not in _FIXED)

LONGEST_SESSION_GAP_SECONDS = 86_400
LONGEST_NAME = 128
# What browsers keep at most: cookies that live longer are cut to 400 days.
LONGEST_COOKIE_DAYS = 400

_COOKIE_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")
_NAMED_DAYS = re.compile(r".{1,128}:[0-9]{1,6}", re.DOTALL)
_PARAMETER = re.compile(r"[A-Za-z0-9_.\[\]-]{1,64}\*?|\*")


def change(tenant: Tenant, assignments: Sequence[str]) -> Tenant:
    """The tenant with settings changed.

    Args:
        tenant: the tenant as it is.
        assignments: `name=value` each. A list is written with commas; an empty value empties a list or a text.

    Raises:
        FootfallError: there is no such setting, or its value is not one of those it takes.
    """
    changes: dict[str, Any] = {}
    for assignment in assignments:
        name, equals, text = assignment.partition("=")
        name = name.strip()
        if not equals:
            raise FootfallError(f"{assignment!r} is no setting: write name=value, such as time_zone=Europe/Berlin.")
        if name not in SETTINGS:
            raise FootfallError(f"there is no setting {name!r} to change. There are: {', '.join(SETTINGS)}.")
        changes[name] = _read(name, text.strip())
    changed = msgspec.structs.replace(tenant, **changes)
    check(changed)
    return changed


def check(tenant: Tenant) -> None:
    """Whether each setting has a value that it takes.

    Raises:
        FootfallError: one has not; the message names it and says what it takes.
    """
    for name, good, takes in _rules(tenant):
        if not good:
            raise FootfallError(f"{name} of the tenant {tenant.name}: {takes}, not {_shown(getattr(tenant, name))}.")


def _rules(tenant: Tenant) -> list[tuple[str, bool, str]]:
    """A row a rule: the setting, whether it is kept, and what it takes."""
    gap = tenant.session_gap_seconds
    names = tenant.event_names
    return [
        ("session_gap_seconds", 1 <= gap <= LONGEST_SESSION_GAP_SECONDS, "1 to 86400 seconds"),
        ("goal", 1 <= len(tenant.goal) <= LONGEST_NAME, "an event's name of 1 to 128 characters"),
        ("goals", all(1 <= len(name) <= LONGEST_NAME for name in tenant.goals), "names of 1 to 128 characters"),
        ("time_zone", _is_time_zone(tenant.time_zone), "a zone of the IANA database, such as Europe/Berlin"),
        (
            "origins",
            all(map(is_pattern, tenant.origins)),
            "origins such as https://shop.example or https://*.shop.example, in lower case, without a path",
        ),
        ("event_names", all(1 <= len(name) <= LONGEST_NAME for name in names), "names of 1 to 128 characters"),
        (
            "burst_events",
            tenant.burst_events == 0 or tenant.events_per_second > 0,
            "0 where events_per_second is 0 (no quota)",
        ),
        (
            "event_retention",
            all(_NAMED_DAYS.fullmatch(entry) for entry in tenant.event_retention),
            "names of events with days, such as pointer:30 (0: for ever)",
        ),
        (
            "url_parameters",
            all(_PARAMETER.fullmatch(name) for name in tenant.url_parameters),
            f"parameters' names, with '*' only at the end, and {DEFAULT_PARAMETERS!r} for the usual ones",
        ),
        (
            "visitor_cookie",
            tenant.visitor_cookie == "" or _COOKIE_NAME.fullmatch(tenant.visitor_cookie) is not None,
            "a cookie's name of 1 to 64 letters, digits, '_' and '-', or nothing",
        ),
        (
            "visitor_cookie",
            tenant.visitor_cookie == "" or bool(tenant.origins),
            "nothing while origins is empty (the pages that may send a cookie along must be named)",
        ),
        ("visitor_cookie_days", 1 <= tenant.visitor_cookie_days <= LONGEST_COOKIE_DAYS, "1 to 400 days"),
    ]


def _read(name: str, text: str) -> Any:
    field = next(field for field in msgspec.structs.fields(Tenant) if field.name == name)
    value: Any = text
    if isinstance(field.default, tuple):
        value = tuple(part.strip() for part in text.split(",") if part.strip())
    try:
        return msgspec.convert(value, field.type, strict=False)
    except msgspec.ValidationError as error:
        takes = (
            f"one of {', '.join(get_args(ConsentAction))}"
            if field.type is ConsentAction
            else "a whole number, 0 or more"
        )
        raise FootfallError(f"{name} takes {takes}, not {text!r}.") from error


def _is_time_zone(name: str) -> bool:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _shown(value: object) -> str:
    return ", ".join(map(repr, value)) if isinstance(value, tuple) else repr(value)
