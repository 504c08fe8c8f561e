"""A request as a server's log has it, whatever the log's format."""

import re

from msgspec import Struct

PAGE_EXTENSIONS = frozenset(
    (
        "html",
        "htm",
        "xhtml",
        "shtml",
        "php",
        "phtml",
        "asp",
        "aspx",
        "jsp",
        "jspx",
        "jsf",
        "do",
        "action",
        "cgi",
        "pl",
        "cfm",
    )
)
"""The extensions of a page. A path without an extension is a page too."""

_ORIGIN = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://[^/?#]*")
_EXTENSION = re.compile(r"\.([A-Za-z][A-Za-z0-9]*)(?:;.*)?\Z", re.DOTALL)
_DEFAULT_PORT = re.compile(r"\A(http://[^/?#]*):80(?=[/?#]|\Z)|\A(https://[^/?#]*):443(?=[/?#]|\Z)")


class LogRequest(Struct, frozen=True):
    """What a line says. `time` is in epoch milliseconds; what the line does not say is empty or None.

    `target` is what was asked for: a path with its query, or a whole address; empty where the request is none of HTTP
    (then `request` holds its text).
    """

    address: str
    time: int
    method: str = ""
    target: str = ""
    request: str = ""
    status: int | None = None
    bytes: int | None = None
    duration_ms: int | None = None
    user: str = ""
    referrer: str = ""
    user_agent: str = ""
    scheme: str = ""
    host: str = ""


def is_page(method: str, target: str) -> bool:
    """Whether a request asks for a page: a GET or HEAD of a path whose last part has no extension, or a page's.

    An extension starts with a letter: `/release-1.2` has none. The status says nothing: a page not found was asked for.
    """
    if method not in {"GET", "HEAD"} or not target:
        return False
    path = _ORIGIN.sub("", target, count=1) if "://" in target[:16] else target
    last = path.partition("?")[0].partition("#")[0].rpartition("/")[2]
    extension = _EXTENSION.search(last)
    return extension is None or extension.group(1).lower() in PAGE_EXTENSIONS


def page_url(target: str, scheme: str, host: str) -> str:
    """The address of what was asked for: whole where the host is known, else the path alone."""
    if target.startswith("/"):
        return f"{scheme or 'https'}://{host}{target}" if host else target
    if ":" in target and (match := _DEFAULT_PORT.match(target)):
        return (match.group(1) or match.group(2)) + target[match.end() :]
    return target
