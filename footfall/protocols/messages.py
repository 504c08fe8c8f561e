"""A request and its answer, free of any server or cloud."""

from collections.abc import Mapping

import msgspec
from msgspec import Struct


class Request(Struct, frozen=True):
    """An HTTP request. Header names are in lower case; `ip` is the sender's whole address, which is never stored.

    `id` names the request in the server's own logs; empty where it has none. `query` is the text after `?`, as it
    came. Cookies are in the header `cookie`.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes
    ip: str = ""
    id: str = ""
    query: str = ""


class Response(Struct, frozen=True):
    """An HTTP answer. Each of `cookies` is the text of one Set-Cookie header."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    cookies: tuple[str, ...] = ()


# Any page may send with its write key: a key can only write. text/plain needs no preflight, other types do. Of the
# headers, a page of another origin sees only those that are exposed to it.
_HEADERS = {
    "content-type": "application/json",
    "cache-control": "no-store",
    "access-control-allow-origin": "*",
    "access-control-expose-headers": "retry-after",
}


def json_response(document: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """An answer with a JSON body, which a page of any origin may read."""
    return Response(status, {**_HEADERS, **headers} if headers else _HEADERS, msgspec.json.encode(document))
