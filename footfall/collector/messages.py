"""A request and its answer, free of any server or cloud."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct

from footfall.events.reasons import Reason


class Request(Struct, frozen=True):
    """An HTTP request. Header names are in lower case; `ip` is the sender's whole address, which is never stored.

    `id` names the request in the server's own logs; empty where it has none.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    ip: str = ""
    id: str = ""


class Response(Struct, frozen=True):
    """An HTTP answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


# Any page may send with its write key: a key can only write. text/plain needs no preflight, other types do.
_HEADERS = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "access-control-allow-origin": "*",
}
PREFLIGHT_HEADERS = {
    "access-control-allow-origin": "*",
    "access-control-allow-methods": "GET, POST, OPTIONS",
    "access-control-allow-headers": "content-type, content-encoding",
    "access-control-max-age": "86400",
}

_STATUS = {
    Reason.UNKNOWN_KEY: 401,
    Reason.ORIGIN_NOT_ALLOWED: 403,
    Reason.NOT_FOUND: 404,
    Reason.METHOD_NOT_ALLOWED: 405,
    Reason.BODY_TOO_LARGE: 413,
    Reason.BODY_INFLATES_TOO_MUCH: 413,
    Reason.QUOTA_EXCEEDED: 429,
    Reason.INTERNAL_ERROR: 500,
    Reason.UNAVAILABLE: 503,
}


def answer(document: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer with a JSON body; `headers` come on top of the usual ones."""
    return Response(status, {**_HEADERS, **headers} if headers else _HEADERS, msgspec.json.encode(document))


def refuse(reason: Reason, detail: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a request of which nothing was kept: `{"error": code, "detail": place}`."""
    body = msgspec.json.encode({"error": reason.value, "detail": detail})
    return Response(_STATUS.get(reason, 400), {**_HEADERS, **(headers or {})}, body)
