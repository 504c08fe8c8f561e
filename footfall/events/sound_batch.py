"""A batch in which every event is good, as nearly all are: read at once, for a fraction of what its events cost alone.

It asks of the batch what `footfall.events.validation` asks of each event. A batch that is not seen to be good here may
still be; its events are then judged one by one.
"""

from collections.abc import Sequence
from itertools import chain
from typing import Any, NamedTuple

import msgspec

from footfall.events.escapes import find_numbered, may_hold_nul
from footfall.events.model import MAX_JSON_DEPTH, MAX_STRING_LENGTH, Batch
from footfall.events.raw_line import RawEvent
from footfall.events.validation import MAX_AGE_MILLISECONDS, MAX_AHEAD_MILLISECONDS

# A number beyond a double has 309 digits in a row or more: 15 in every 20th byte.
_STRIDE = 20
_DIGITS_AS_0 = bytes(48 if chr(byte).isdecimal() else 32 for byte in range(128)).ljust(256)
_FIFTEEN_DIGITS = b"0" * 15

_CONTAINERS = frozenset((dict, list))
_decoder = msgspec.json.Decoder(Batch)


class SoundBatch(NamedTuple):
    """A batch, its events as they are to be stored, and the body where `Submission.unescaped` may be it, else empty."""

    batch: Batch
    events: list[RawEvent]
    unescaped: bytes


def read_sound(body: bytes) -> SoundBatch | None:
    """The batch of a body; None where its events are to be judged one by one.

    NUL comes from one escape alone, and lone surrogates, which only escapes could bring, are no JSON to the decoder; a
    string is no longer than its text. What is decoded from a text without NUL, and without numbers beyond a double, is
    written as JSON that reads back the same.

    Args:
        body: any bytes.
    """
    if len(body) > MAX_STRING_LENGTH or _may_be_beyond_a_double(body):
        return None
    numbered = find_numbered(body) >= 0
    if numbered and may_hold_nul(body):
        return None
    try:
        batch = _decoder.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    events = batch.events
    earliest, latest = batch.sent_at - MAX_AGE_MILLISECONDS, batch.sent_at + MAX_AHEAD_MILLISECONDS
    for event in events:
        if not earliest <= event.time <= latest:
            return None
    if _are_too_deep([event.properties for event in events]):
        return None
    raw = [
        RawEvent(index, event.id, event.name, event.level, event.time, event.properties, event.page)
        for index, event in enumerate(events)
    ]
    return SoundBatch(batch, raw, b"" if numbered else body)


def _may_be_beyond_a_double(body: bytes) -> bool:
    """Whether there may be a number of 309 digits; False is certain."""
    return _FIFTEEN_DIGITS in body[::_STRIDE].translate(_DIGITS_AS_0)


def _are_too_deep(values: Sequence[Any]) -> bool:
    """Whether one of these objects is nested too deep; all of them are looked at level by level."""
    for _ in range(MAX_JSON_DEPTH):
        inner = chain.from_iterable([value.values() if type(value) is dict else value for value in values])
        values = [value for value in inner if type(value) in _CONTAINERS]
        if not values:
            return False
    return True
