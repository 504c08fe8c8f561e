"""A request's body, inflated where it is gzip, and never larger than the limit: in the answer or in memory."""

import zlib

from footfall.collector.messages import Request
from footfall.events.reasons import Reason
from footfall.events.refusal import Refusal

MAX_BODY_BYTES = 1_048_576
MAX_INFLATE_RATIO = 50
MAX_GZIP_MEMBERS = 100

_PIECE_BYTES = 65_536
_SMALL_BYTES = 65_536
"""Up to here, a small body of much the same events may inflate as it likes."""

_GZIP = 16 + zlib.MAX_WBITS


def read_body(request: Request) -> bytes:
    """The body as it was before Content-Encoding.

    Raises:
        Refusal: it is above 1 MiB (before or after inflating), inflates to more than 50 times its size and 64 KiB, is
            damaged gzip, or has another encoding.
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
    """A gzip file may have several members: they are joined.

    Both sides go piece by piece: what zlib has not read yet, it copies; and what it makes in one, it holds twice.
    """
    pieces: list[bytes] = []
    size = members = 0
    member = None
    for start in range(0, len(body), _PIECE_BYTES):
        rest = body[start : start + _PIECE_BYTES]
        while rest:
            if member is None:
                member = zlib.decompressobj(wbits=_GZIP)
                members += 1
                if members > MAX_GZIP_MEMBERS:
                    raise Refusal(Reason.BODY_UNREADABLE, f"The gzip body has more than {MAX_GZIP_MEMBERS} members")
            pieces.append(_piece(member, rest, size))
            size += len(pieces[-1])
            rest = member.unused_data if member.eof else member.unconsumed_tail
            if member.eof:
                member = None
    if member is not None:
        # What it had read, but not made yet.
        pieces.append(_piece(member, b"", size))
        size += len(pieces[-1])
        if not member.eof:
            raise Refusal(Reason.BODY_UNREADABLE, "The gzip body ends early")
    if not body:
        raise Refusal(Reason.BODY_UNREADABLE, "The gzip body ends early")
    if size > max(_SMALL_BYTES, MAX_INFLATE_RATIO * len(body)):
        raise Refusal(Reason.BODY_INFLATES_TOO_MUCH, f"At most {MAX_INFLATE_RATIO} times its size")
    return b"".join(pieces)


def _piece(member: "zlib._Decompress", rest: bytes, size: int) -> bytes:
    """At most the next 64 KiB of a member, of whose file `size` bytes are inflated already."""
    try:
        piece = member.decompress(rest, _PIECE_BYTES)
    except zlib.error as error:
        raise Refusal(Reason.BODY_UNREADABLE, "The body is not gzip, or is damaged") from error
    if size + len(piece) > MAX_BODY_BYTES:
        raise _too_large()
    return piece


def _too_large() -> Refusal:
    return Refusal(Reason.BODY_TOO_LARGE, f"At most {MAX_BODY_BYTES} bytes")
