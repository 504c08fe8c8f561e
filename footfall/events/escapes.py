"""What can be known of a JSON text's escapes without reading it."""

_BACKSLASH = b"\\"
_NUL = rb"\u0000"


def find_numbered(text: bytes) -> int:
    r"""Where the first escape by a number (`\u0041`) stands; -1 where there is none.

    All other escapes stand for a quotation mark, a backslash, a slash or a control character that is not NUL.

    Args:
        text: any bytes. Of what is no JSON, nothing may be concluded.
    """
    # One byte is looked for by the processor's widest registers, two are many times as slow.
    place = text.find(_BACKSLASH)
    while place >= 0:
        if text.startswith(b"u", place + 1):
            return place
        place = text.find(_BACKSLASH, place + 2)
    return place


def may_hold_nul(text: bytes) -> bool:
    """Whether a string of this JSON text may hold a NUL; False is certain. Outside of escapes JSON has none."""
    first = find_numbered(text)
    return first >= 0 and text.find(_NUL, first) >= 0
