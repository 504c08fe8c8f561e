"""Which status each reason to refuse a request has, and the answers that belong to no protocol."""

from collections.abc import Mapping

from footfall.events.reasons import Reason
from footfall.protocols.messages import Request, Response, json_response

__all__ = ["Request", "Response", "answer", "refuse", "status_of"]

_STATUS = {
    Reason.UNKNOWN_KEY: 401,
    Reason.ORIGIN_NOT_ALLOWED: 403,
    Reason.NOT_FOUND: 404,
    Reason.METHOD_NOT_ALLOWED: 405,
    Reason.BODY_TOO_LARGE: 413,
    Reason.QUOTA_EXCEEDED: 429,
    Reason.INTERNAL_ERROR: 500,
    Reason.UNAVAILABLE: 503,
}


def status_of(reason: Reason) -> int:
    """The HTTP status of a request that is refused for this reason."""
    return _STATUS.get(reason, 400)


def answer(document: object, status: int = 200) -> Response:
    """An answer with a JSON body."""
    return json_response(document, status)


def refuse(reason: Reason, detail: str = "", headers: Mapping[str, str] | None = None) -> Response:
    """The answer to a request of which nothing was kept: `{"error": code, "detail": place}`."""
    return json_response({"error": reason.value, "detail": detail}, status_of(reason), headers)
