"""The visitor's cookie, set by the server: scripts cannot read it, and other sites' pages do not send it."""

import re
import secrets
from collections.abc import Mapping

from footfall.collector.messages import Request
from footfall.events.tenants import Tenant

_VALUE = re.compile(r"[A-Za-z0-9._~-]{1,128}")
_DAY_SECONDS = 86_400


def visitor_of(tenant: Tenant, request: Request, named: str) -> str:
    """The visitor: as the cookie says, else as the client named it; a new one where a cookie cannot hold that name."""
    return _sent(tenant, request) or (named if _VALUE.fullmatch(named) else secrets.token_hex(16))


def headers(tenant: Tenant, request: Request, visitor: str, *, may_set: bool) -> Mapping[str, str]:
    """The headers of the answer: the cookie where it is new, its end where it may not be set, and CORS's consent.

    Args:
        tenant: whose cookie; empty where it has none.
        request: what is answered.
        visitor: the cookie's value; empty where the line names none, or one for each of its events: the cookie stays.
        may_set: the visitor's signals allow it.
    """
    if not tenant.visitor_cookie:
        return {}
    found: dict[str, str] = {}
    origin = request.headers.get("origin", "")
    if origin:
        # Admission has found the origin allowed. A browser gives no page an answer to `*` where cookies were sent.
        found = {"access-control-allow-origin": origin, "access-control-allow-credentials": "true", "vary": "origin"}
    sent = _sent(tenant, request)
    if may_set and visitor and not sent:
        found["set-cookie"] = _cookie(tenant.visitor_cookie, visitor, tenant.visitor_cookie_days * _DAY_SECONDS)
    elif sent and not may_set:
        found["set-cookie"] = _cookie(tenant.visitor_cookie, "", 0)
    return found


def _sent(tenant: Tenant, request: Request) -> str:
    """The cookie's value as the browser sent it; empty where it sent none, or one that this server has not made."""
    for part in request.headers.get("cookie", "").split(";"):
        name, _, value = part.strip().partition("=")
        if name == tenant.visitor_cookie and _VALUE.fullmatch(value):
            return value
    return ""


def _cookie(name: str, value: str, seconds: int) -> str:
    return f"{name}={value}; Max-Age={seconds}; Path=/; HttpOnly; Secure; SameSite=Lax"
