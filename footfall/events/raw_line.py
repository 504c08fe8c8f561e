"""A line of a raw object: one request as it was taken in, its accepted events beside the rejected ones.

A raw object is gzip, one JSON line a request. Lines are canonical: `encode(decode(line)) == line`, so a line that a
disk, a copy or a hand has damaged is told from a sound one by that alone.
"""

from typing import Any

import msgspec
from msgspec import Struct

from footfall.events.model import Consent, Level, Library, Page, Screen

VERSION = 1

_NO_CONSENT_KNOWN: Consent = "unknown"


class RawEvent(Struct, frozen=True, omit_defaults=True):
    """An accepted event. What stands here and in the line's head too (visitor, consent, ...) holds for this event.

    `index` is its place in the request (counted with the rejected ones), `time` the client's time in epoch
    milliseconds; `where` names the line of an imported file. `warnings` say what is odd about an event that was
    accepted all the same, a reason code first.
    """

    index: int
    id: str
    name: str
    level: Level
    time: int
    properties: dict[str, Any] = {}
    page: Page | None = None
    visitor: str = ""
    user: str = ""
    ip: str = ""
    user_agent: str = ""
    where: str = ""
    warnings: list[str] = []
    consent: Consent | None = None


class RawRejected(Struct, frozen=True, omit_defaults=True):
    """A rejected event: its reason code, the detail (what and where), and its text as it came (cut to 8 KiB)."""

    index: int
    reason: str
    detail: str = ""
    text: str = ""
    where: str = ""


class RawLine(Struct, frozen=True, omit_defaults=True):
    """A request. `received_at` and `sent_at` are epoch milliseconds; `sent_at` 0 means the client told none.

    `imported` events came from a file: their time is taken as it stands (no clock correction, no skew limit).
    (`instance`, `sequence`) count the lines of one collector process, so that a gap before raw shows.
    `ip` is truncated (/24, /48) before it comes here; `country` is what the CDN in front of the collector says.
    `erased` are the places of events that were erased: nothing else is left of them, and the others keep theirs.
    """

    version: int
    request_id: str
    tenant: str
    received_at: int
    protocol: str
    instance: str
    sequence: int
    events: list[RawEvent]
    rejected: list[RawRejected] = []
    sent_at: int = 0
    imported: bool = False
    visitor: str = ""
    user: str = ""
    ip: str = ""
    user_agent: str = ""
    consent: Consent = _NO_CONSENT_KNOWN
    library: Library = Library()
    page: Page = Page()
    screen: Screen = Screen()
    country: str = ""
    erased: list[int] = []


class EncodedLine(Struct, frozen=True):
    """A line as it is written: its canonical text, without a newline, and what of it a sink has to know besides.

    `instance`, `sequence` and `received_at` are the line's own.
    """

    text: bytes
    instance: str
    sequence: int
    received_at: int

    def numbered(self, sequence: int) -> "EncodedLine":
        """The same line with another sequence, not encoded again.

        What stands before the sequence are strings and numbers. In a JSON string no quotation mark follows a comma
        without a backslash between them, so that the first place found is the sequence's own.
        """
        text = self.text.replace(_SEQUENCE % self.sequence, _SEQUENCE % sequence, 1)
        return EncodedLine(text, self.instance, sequence, self.received_at)


_SEQUENCE = b',"sequence":%d,"events":['
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(RawLine)


def encode(line: RawLine) -> bytes:
    """The line's canonical JSON, without a newline."""
    if line.consent == _NO_CONSENT_KNOWN and line.consent is not _NO_CONSENT_KNOWN:
        # msgspec leaves out what is the default, not what equals it; reading gives the default itself.
        line = msgspec.structs.replace(line, consent=_NO_CONSENT_KNOWN)
    return _encoder.encode(line)


def encoded(line: RawLine) -> EncodedLine:
    """The line as it is written."""
    return EncodedLine(encode(line), line.instance, line.sequence, line.received_at)


def decode(text: bytes) -> RawLine:
    """The line of a canonical text.

    Raises:
        msgspec.DecodeError: the text is no JSON, not of this shape, or not canonical (a duplicate key, say).
    """
    try:
        line = _decoder.decode(text)
    except (UnicodeDecodeError, RecursionError) as error:
        raise msgspec.DecodeError(str(error)) from error
    if _encoder.encode(line) != text:
        raise msgspec.DecodeError("the line is not canonical JSON")
    return line
