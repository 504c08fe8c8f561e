"""What an event must be to get in. Each event is judged alone, so that a bad one spoils nothing but itself."""

import re
from collections.abc import Sequence
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Raw, Struct

from footfall.events.escapes import may_hold_nul
from footfall.events.model import (
    MAX_JSON_DEPTH,
    MAX_STRING_LENGTH,
    EpochMilliseconds,
    Event,
    EventId,
    EventName,
    Level,
    Page,
)
from footfall.events.raw_line import RawEvent, RawRejected
from footfall.events.reasons import Reason

DAY_MILLISECONDS = 86_400_000
MAX_AHEAD_MILLISECONDS = DAY_MILLISECONDS
MAX_AGE_MILLISECONDS = 400 * DAY_MILLISECONDS
MAX_REJECTED_TEXT_BYTES = 8_192
MAX_DETAIL_LENGTH = 300

# The greatest integer that a double holds: beyond it, a JSON reader that goes through doubles meets infinity.
_GREATEST_INTEGER = (2**53 - 1) * 2**971
_DIGITS_BEYOND_A_DOUBLE = 309
_A_DIGIT = re.compile(rb"[0-9]").search
_CONTAINERS = frozenset((dict, list))


class _Limits(Struct, frozen=True):
    """The limits of an event that was built in Python instead of decoded: its canonical text is read into this."""

    id: EventId
    name: EventName
    level: Level
    time: EpochMilliseconds
    page: Page | None = None
    visitor: Annotated[str, Meta(max_length=128)] = ""
    user: Annotated[str, Meta(max_length=256)] = ""
    ip: Annotated[str, Meta(max_length=45)] = ""
    user_agent: Annotated[str, Meta(max_length=2_048)] = ""
    where: Annotated[str, Meta(max_length=2_048)] = ""


_event_decoder = msgspec.json.Decoder(Event)
_limits_decoder = msgspec.json.Decoder(_Limits)
_raw_encoder = msgspec.json.Encoder()
_raw_decoder = msgspec.json.Decoder(RawEvent)


def accept(events: Sequence[Raw], *, sent_at: int) -> tuple[list[RawEvent], list[RawRejected]]:
    """The events of a live batch: those accepted, and those rejected, each with its place in the batch.

    Args:
        events: each event's JSON text, as it came.
        sent_at: the client's clock as it sent them, in epoch ms; where the client told none, the receiver's.
    """
    accepted: list[RawEvent] = []
    rejected: list[RawRejected] = []
    checked: RawEvent | RawRejected | None
    earliest, latest = sent_at - MAX_AGE_MILLISECONDS, sent_at + MAX_AHEAD_MILLISECONDS
    for index, event in enumerate(events):
        checked = _at_a_glance(index, bytes(event), earliest, latest)
        if checked is not None:
            accepted.append(checked)
            continue
        checked = check_event(index, event, sent_at=sent_at, imported=False)
        if isinstance(checked, RawEvent):
            accepted.append(checked)
        else:
            rejected.append(checked)
    return accepted, rejected


def check_event(
    index: int, event: bytes | Raw, *, sent_at: int, imported: bool, where: str = ""
) -> RawEvent | RawRejected:
    """An event from its JSON text, or why it is rejected. Never raises, whatever the bytes.

    Args:
        index: its place in the request.
        event: its text as it came.
        sent_at: as in `accept`; not looked at where `imported`.
        imported: it comes from a file, so that any time is right.
        where: names the line of an imported file.
    """
    try:
        decoded = _event_decoder.decode(event)
    except RecursionError:
        return reject(index, Reason.PROPERTIES_TOO_DEEP, _too_deep(), bytes(event), where)
    except msgspec.ValidationError as error:
        out_of_range = "out of range" in str(error)
        reason = Reason.EVENT_NOT_JSON if out_of_range else Reason.EVENT_INVALID
        return reject(index, reason, str(error), bytes(event), where)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        return reject(index, Reason.EVENT_NOT_JSON, str(error), bytes(event), where)
    raw = RawEvent(
        index=index,
        id=decoded.id,
        name=decoded.name,
        level=decoded.level,
        time=decoded.time,
        properties=decoded.properties,
        page=decoded.page,
        where=where,
    )
    problem = _content_problem(raw) or _round_trip_problem(raw)
    if problem is None and not imported:
        problem = _time_problem(raw.time, sent_at)
    return raw if problem is None else reject(index, problem[0], problem[1], bytes(event), where)


def check_decoded(event: RawEvent, *, sent_at: int, imported: bool, text: bytes | str = "") -> RawEvent | RawRejected:
    """The same checks for an event that was built from something else than our JSON (a row, another protocol).

    Args:
        event: the event, its own `visitor`, `user`, `ip` and `user_agent` too; returned as it is where it is good.
        sent_at: as in `accept`; not looked at where `imported`.
        imported: it comes from a file, so that any time is right.
        text: what it was built from, kept beside the reason where it is rejected.
    """
    problem = _content_problem(event) or _limits_problem(event) or _round_trip_problem(event)
    if problem is None and not imported:
        problem = _time_problem(event.time, sent_at)
    return event if problem is None else reject(event.index, problem[0], problem[1], text, event.where)


def reject(index: int, reason: Reason, detail: str, text: bytes | str, where: str = "") -> RawRejected:
    """A rejected event. Its text is cut to 8 KiB and is safe to store: valid UTF-8, without NUL."""
    return RawRejected(
        index=index,
        reason=reason.value,
        detail=safe_text(detail)[:MAX_DETAIL_LENGTH],
        text=safe_text(text),
        where=safe_text(where),
    )


def safe_text(text: bytes | str) -> str:
    """At most 8 KiB of valid UTF-8 without NUL; what cannot be written stands as U+FFFD."""
    if isinstance(text, str) and text.isascii() and len(text) <= MAX_REJECTED_TEXT_BYTES and "\0" not in text:
        return text
    if isinstance(text, str):
        text = text[:MAX_REJECTED_TEXT_BYTES].encode("utf-8", "replace")
    readable = text[:MAX_REJECTED_TEXT_BYTES].decode("utf-8", "replace").replace("\0", "\ufffd")
    return readable.encode()[:MAX_REJECTED_TEXT_BYTES].decode("utf-8", "ignore")


Problem = tuple[Reason, str]


def _at_a_glance(index: int, text: bytes, earliest: int, latest: int) -> RawEvent | None:
    """The event, where a look at its bytes spares what `check_event` does beyond decoding; else None: not judged yet.

    NUL comes from one escape alone, and lone surrogates, which only escapes could bring, are no JSON to the decoder; a
    string is no longer than its text; a number beyond a double has 309 digits in a row or more, one of which stands at
    a multiple of 309. What is decoded from a text without these is written as JSON that reads back the same.
    """
    if len(text) > MAX_STRING_LENGTH or may_hold_nul(text):
        return None
    if len(text) >= _DIGITS_BEYOND_A_DOUBLE and _A_DIGIT(text[_DIGITS_BEYOND_A_DOUBLE - 1 :: _DIGITS_BEYOND_A_DOUBLE]):
        return None
    try:
        event = _event_decoder.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    properties, time = event.properties, event.time
    if not earliest <= time <= latest:
        return None
    if not _CONTAINERS.isdisjoint(map(type, properties.values())) and _value_problem(properties, "", 1) is not None:
        return None
    return RawEvent(index, event.id, event.name, event.level, time, properties, event.page)


def _content_problem(event: RawEvent) -> Problem | None:
    """What the types alone do not say: NUL, depth, the length of strings, numbers beyond a double."""
    if "\0" in event.id:
        return _nul("$.id")
    if "\0" in event.name:
        return _nul("$.name")
    page = event.page
    if page is not None and ("\0" in page.url or "\0" in page.referrer or "\0" in page.title):
        return _nul("$.page")
    if "\0" in event.visitor or "\0" in event.user or "\0" in event.user_agent:
        return _nul("$")
    return _value_problem(event.properties, "$.properties", 1) if event.properties else None


def _value_problem(value: Any, place: str, depth: int) -> Problem | None:
    """What is wrong in a JSON object or array, at whatever depth."""
    if depth > MAX_JSON_DEPTH:
        return Reason.PROPERTIES_TOO_DEEP, _too_deep()
    for step, item in value.items() if type(value) is dict else enumerate(value):
        problem = None
        kind = type(item)
        if type(step) is str and ("\0" in step or len(step) > MAX_STRING_LENGTH):
            problem = _string_problem(step, place)
        elif kind is str:
            if "\0" in item or len(item) > MAX_STRING_LENGTH:
                problem = _string_problem(item, f"{place}.{step}")
        elif kind is dict or kind is list:
            problem = _value_problem(item, f"{place}.{step}", depth + 1)
        elif kind is int and not -_GREATEST_INTEGER <= item <= _GREATEST_INTEGER:
            problem = Reason.EVENT_NOT_JSON, f"Number out of range - at `{place}.{step}`"
        if problem is not None:
            return problem
    return None


def _string_problem(text: str, place: str) -> Problem | None:
    if "\0" in text:
        return _nul(place)
    if len(text) > MAX_STRING_LENGTH:
        return Reason.EVENT_INVALID, f"Expected strings of length <= {MAX_STRING_LENGTH} - at `{place}`"
    return None


def _nul(place: str) -> Problem:
    """Some engines end a string at NUL, others keep it or fail: it could not be stored the same everywhere."""
    return Reason.EVENT_INVALID, f"NUL characters (\\u0000) cannot be stored - at `{place}`"


def _too_deep() -> str:
    return f"Nested more than {MAX_JSON_DEPTH} levels deep - at `$.properties`"


def _limits_problem(event: RawEvent) -> Problem | None:
    try:
        _limits_decoder.decode(_raw_encoder.encode(event))
    except msgspec.ValidationError as error:
        return Reason.EVENT_INVALID, str(error)
    except (UnicodeEncodeError, OverflowError) as error:
        return Reason.EVENT_NOT_JSON, str(error)
    return None


def _round_trip_problem(event: RawEvent) -> Problem | None:
    """Whether the event can be read back from what would be written, and be written the same again."""
    try:
        text = _raw_encoder.encode(event)
        back = _raw_decoder.decode(text)
    except (UnicodeEncodeError, OverflowError, RecursionError, msgspec.DecodeError) as error:
        return Reason.EVENT_NOT_JSON, f"Cannot be written as JSON: {error}"
    if back != event or _raw_encoder.encode(back) != text:
        return Reason.EVENT_NOT_JSON, "Cannot be written as JSON that reads back the same - at `$.properties`"
    return None


def _time_problem(time: int, sent_at: int) -> Problem | None:
    """Both ends are measured on the client's own clock, so that a clock that is years off loses nothing."""
    if time > sent_at + MAX_AHEAD_MILLISECONDS:
        return Reason.TIME_IN_FUTURE, "More than 24 hours after sent_at - at `$.time`"
    if time < sent_at - MAX_AGE_MILLISECONDS:
        return Reason.TIME_TOO_OLD, "More than 400 days before sent_at - at `$.time`"
    return None
