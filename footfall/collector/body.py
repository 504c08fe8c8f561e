"""A request's body, inflated where it is gzip, and never larger than the limit: in the answer or in memory."""

import zlib

from footfall.collector.messages import Request
from footfall.events.reasons import Reason
from footfall.events.refusal import Refusal

MAX_BODY_BYTES = 1_048_576

_GZIP = 16 + zlib.MAX_WBITS


def read_body(request: Request) -> bytes:
    """The body as it was before Content-Encoding.

    Raises:
        Refusal: it is above 1 MiB (before or after inflating), is damaged gzip, or has another encoding.
    """
    body = request.body
    if len(body) > MAX_BODY_BYTES:
        raise _too_large()
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding != "gzip":
        raise Refusal(Reason.BODY_UNREADABLE, "Content-Encoding is neither gzip nor identity")
    return _inflate(body)


def _inflate(body: bytes) -> bytes:
    """A gzip file may have several members: they are joined."""
    inflated = b""
    rest = body
    while rest or not inflated:
        member = zlib.decompressobj(wbits=_GZIP)
        try:
            inflated += member.decompress(rest, MAX_BODY_BYTES + 1 - len(inflated))
        except zlib.error as error:
            raise Refusal(Reason.BODY_UNREADABLE, "The body is not gzip, or is damaged") from error
        if len(inflated) > MAX_BODY_BYTES:
            raise _too_large()
        if not member.eof:
            raise Refusal(Reason.BODY_UNREADABLE, "The gzip body ends early")
        rest = member.unused_data
        if not rest:
            break
    return inflated


def _too_large() -> Refusal:
    return Refusal(Reason.BODY_TOO_LARGE, f"At most {MAX_BODY_BYTES} bytes")
