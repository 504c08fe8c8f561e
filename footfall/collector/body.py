"""A request's body, inflated where it is gzip, and never larger than the limit: in the answer or in memory."""

import zlib

from footfall.collector.messages import Request
from footfall.events.reasons import Reason
from footfall.events.refusal import Refusal

MAX_BODY_BYTES = 1_048_576
MAX_RATIO = 50
"""A gzip body may inflate to so many times its size..."""
FREE_OF_RATIO_BYTES = 65_536
"""...or to so much, whatever its size."""

_GZIP = 16 + zlib.MAX_WBITS
_PACKED_PIECE_BYTES = 16_384
_PIECE_BYTES = 65_536


def read_body(request: Request) -> bytes:
    """The body as it was before Content-Encoding.

    Raises:
        Refusal: it is above 1 MiB (before or after inflating), inflates to over 50 times its size, is damaged gzip, or
            has another encoding.
    """
    body = request.body
    if len(body) > MAX_BODY_BYTES:
        raise _too_large(MAX_BODY_BYTES)
    encoding = request.headers.get("content-encoding", "").strip().lower()
    if encoding in ("", "identity"):
        return body
    if encoding != "gzip":
        raise Refusal(Reason.BODY_UNREADABLE, "Content-Encoding is neither gzip nor identity")
    return _inflate(body)


def _inflate(body: bytes) -> bytes:
    """A gzip file may have several members: they are joined.

    They are inflated piece by piece, since zlib takes several times a piece in memory while it makes it.
    """
    most = min(MAX_BODY_BYTES, max(FREE_OF_RATIO_BYTES, MAX_RATIO * len(body)))
    pieces: list[bytes] = []
    inflated = 0
    packed = memoryview(body)
    member = zlib.decompressobj(wbits=_GZIP)
    while packed:
        if member.eof:
            member = zlib.decompressobj(wbits=_GZIP)
        taken = packed[:_PACKED_PIECE_BYTES]
        try:
            piece = member.decompress(taken, _PIECE_BYTES)
        except zlib.error as error:
            raise Refusal(Reason.BODY_UNREADABLE, "The body is not gzip, or is damaged") from error
        inflated += len(piece)
        if inflated > most:
            raise _too_large(most)
        pieces.append(piece)
        packed = packed[len(taken) - len(member.unconsumed_tail) - len(member.unused_data) :]
    if not member.eof:
        raise Refusal(Reason.BODY_UNREADABLE, "The gzip body ends early")
    return b"".join(pieces)


def _too_large(most: int) -> Refusal:
    return Refusal(Reason.BODY_TOO_LARGE, f"At most {most} bytes")
