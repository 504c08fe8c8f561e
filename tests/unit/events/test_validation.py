"""What an event must be to get in."""

import math
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Raw

from footfall.events.model import MAX_STRING_LENGTH
from footfall.events.raw_line import RawEvent, RawRejected
from footfall.events.reasons import Reason
from footfall.events.validation import (
    DAY_MILLISECONDS,
    MAX_REJECTED_TEXT_BYTES,
    accept,
    check_decoded,
    check_event,
    safe_text,
)

SENT_AT = 1_767_225_600_000
GOOD = b'{"id":"e-1","name":"page_view","level":"mid","time":1767225600000}'


def _event(**changes: Any) -> bytes:
    fields = {"id": "e-1", "name": "page_view", "level": "mid", "time": SENT_AT}
    return msgspec.json.encode(fields | changes)


def _with_properties(text: bytes) -> bytes:
    return GOOD[:-1] + b',"properties":' + text + b"}"


def test_a_good_event_keeps_its_place_and_its_content() -> None:
    checked = check_event(3, _event(properties={"a": [1, {"b": None}]}), sent_at=SENT_AT, imported=False)
    assert checked == RawEvent(3, "e-1", "page_view", "mid", SENT_AT, {"a": [1, {"b": None}]})


@pytest.mark.parametrize(
    ("text", "reason", "detail"),
    [
        (b"", Reason.EVENT_NOT_JSON, "truncated"),
        (b"nul", Reason.EVENT_NOT_JSON, ""),
        (b"{}", Reason.EVENT_INVALID, "id"),
        (b"[]", Reason.EVENT_INVALID, "Expected `object`"),
        (GOOD + b"x", Reason.EVENT_NOT_JSON, "byte 67"),
        (b"[" * 100_000, Reason.EVENT_INVALID, "Expected `object`"),
        (_with_properties(b'{"a":' + b"[" * 100_000), Reason.PROPERTIES_TOO_DEEP, "20 levels"),
        (_with_properties(b'{"a":' + b"[" * 19 + b"[]" + b"]" * 19 + b"}"), Reason.PROPERTIES_TOO_DEEP, "20 levels"),
        (_with_properties(b'{"a":1e999}'), Reason.EVENT_NOT_JSON, "out of range"),
        (_with_properties(b'{"a":[-1' + b"0" * 309 + b"]}"), Reason.EVENT_NOT_JSON, "$.properties.a.0"),
        (_with_properties(b'{"a":' + b"9" * 5_000 + b"}"), Reason.EVENT_NOT_JSON, "out of range"),
        (_with_properties(b'{"a":"\\ud800"}'), Reason.EVENT_NOT_JSON, ""),
        (_with_properties(b'{"a":"\xff"}'), Reason.EVENT_NOT_JSON, "0xff"),
        (_with_properties(b'{"a\\u0000":1}'), Reason.EVENT_INVALID, "NUL"),
        (_with_properties(b'{"a":{"b":"\\u0000"}}'), Reason.EVENT_INVALID, "$.properties.a.b"),
        (_event(id="a\0"), Reason.EVENT_INVALID, "$.id"),
        (_event(name="a\0"), Reason.EVENT_INVALID, "$.name"),
        (_event(page={"title": "a\0"}), Reason.EVENT_INVALID, "$.page"),
        (_event(page={"url": "x" * 8_193}), Reason.EVENT_INVALID, "$.page.url"),
        (_event(properties={"a": "x" * (MAX_STRING_LENGTH + 1)}), Reason.EVENT_INVALID, "$.properties.a"),
        (_event(properties={"x" * (MAX_STRING_LENGTH + 1): 1}), Reason.EVENT_INVALID, "$.properties"),
        (_event(time=10**30), Reason.EVENT_INVALID, "$.time"),
        (_event(time=SENT_AT + DAY_MILLISECONDS + 1), Reason.TIME_IN_FUTURE, "$.time"),
        (_event(time=SENT_AT - 400 * DAY_MILLISECONDS - 1), Reason.TIME_TOO_OLD, "$.time"),
    ],
)
def test_a_bad_event_is_rejected_with_its_reason_and_place(text: bytes, reason: Reason, detail: str) -> None:
    checked = check_event(7, text, sent_at=SENT_AT, imported=False)
    assert isinstance(checked, RawRejected)
    assert (checked.index, checked.reason) == (7, reason)
    assert detail in checked.detail


@pytest.mark.parametrize(
    "text",
    [
        _event(time=SENT_AT + DAY_MILLISECONDS),
        _event(time=SENT_AT - 400 * DAY_MILLISECONDS),
        _with_properties(b'{"a":' + b"[" * 18 + b"[]" + b"]" * 18 + b"}"),
        _event(properties={"a": "x" * MAX_STRING_LENGTH}),
        _with_properties(b'{"a":"\\\\u0000"}'),
        _with_properties(b'{"a":' + str(int(1.7976931348623157e308)).encode() + b"}"),
    ],
)
def test_an_event_at_a_limit_is_accepted(text: bytes) -> None:
    assert isinstance(check_event(0, text, sent_at=SENT_AT, imported=False), RawEvent)


def test_of_a_key_written_twice_the_last_one_holds() -> None:
    checked = check_event(0, _with_properties(b'{"a":1,"a":2}'), sent_at=SENT_AT, imported=False)
    assert isinstance(checked, RawEvent)
    assert checked.properties == {"a": 2}


@pytest.mark.parametrize("time", [0, SENT_AT + 1_000 * DAY_MILLISECONDS])
def test_an_imported_event_may_be_of_any_time(time: int) -> None:
    checked = check_event(0, _event(time=time), sent_at=0, imported=True, where="line 4")
    assert isinstance(checked, RawEvent)
    assert (checked.time, checked.where) == (time, "line 4")


def test_a_clock_that_is_decades_off_loses_nothing() -> None:
    assert isinstance(check_event(0, _event(time=5_000), sent_at=9_000, imported=False), RawEvent)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"id": ""}, Reason.EVENT_INVALID),
        ({"name": "x" * 129}, Reason.EVENT_INVALID),
        ({"level": "medium"}, Reason.EVENT_INVALID),
        ({"time": -1}, Reason.EVENT_INVALID),
        ({"visitor": "v" * 129}, Reason.EVENT_INVALID),
        ({"user": "u" * 257}, Reason.EVENT_INVALID),
        ({"user": "u\0"}, Reason.EVENT_INVALID),
        ({"name": "\ud800"}, Reason.EVENT_NOT_JSON),
        ({"properties": {"a": math.inf}}, Reason.EVENT_NOT_JSON),
        ({"properties": {"a": math.nan}}, Reason.EVENT_NOT_JSON),
        ({"properties": {"a": "\udcff"}}, Reason.EVENT_NOT_JSON),
        ({"properties": {"a": (1, 2)}}, Reason.EVENT_NOT_JSON),
        ({"properties": {"a": {1: 2}}}, Reason.EVENT_NOT_JSON),
    ],
)
def test_an_event_built_from_a_row_passes_the_same_checks(changes: dict[str, Any], reason: Reason) -> None:
    good = RawEvent(2, "e-1", "page_view", "mid", SENT_AT, visitor="v", where="line 9")
    assert check_decoded(good, sent_at=0, imported=True) is good

    checked = check_decoded(msgspec.structs.replace(good, **changes), sent_at=0, imported=True, text="the row")

    assert isinstance(checked, RawRejected)
    assert (checked.index, checked.reason, checked.text, checked.where) == (2, reason, "the row", "line 9")


@given(st.binary(max_size=20_000) | st.text(max_size=10_000))
def test_a_rejected_text_is_short_and_can_be_stored(text: bytes | str) -> None:
    safe = safe_text(text)
    assert len(safe.encode()) <= MAX_REJECTED_TEXT_BYTES
    assert "\0" not in safe


def test_a_rejected_text_is_cut_at_8_kib_between_characters() -> None:
    assert safe_text("x" + "é" * 5_000) == "x" + "é" * 4_095


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=10,
)
_GOOD_EVENTS = st.builds(lambda properties: _event(properties=properties), st.dictionaries(st.text(), _JSON)).filter(
    lambda text: b"\\u0000" not in text
)


@given(st.lists(_GOOD_EVENTS.map(lambda text: (True, text)) | st.binary().map(lambda text: (False, text))))
def test_a_bad_event_spoils_nothing_but_itself(mixed: list[tuple[bool, bytes]]) -> None:
    accepted, rejected = accept([Raw(text) for _, text in mixed], sent_at=SENT_AT)
    assert {event.index for event in accepted} == {place for place, (good, _) in enumerate(mixed) if good}
    assert {event.index for event in rejected} == {place for place, (good, _) in enumerate(mixed) if not good}


@given(st.binary())
def test_whatever_the_bytes_an_event_is_accepted_or_rejected(text: bytes) -> None:
    assert isinstance(check_event(0, text, sent_at=SENT_AT, imported=False), RawEvent | RawRejected)


_NUMBERS = st.from_regex(rb"-?(0|[1-9][0-9]{0,340})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?", fullmatch=True)
_VALUES = st.recursive(
    _NUMBERS | st.sampled_from([b'"\\u0000"', b'"\\ud800"', b'"\\n"', b'"' + b"x" * 65_537 + b'"', '"ü"'.encode()]),
    lambda inner: inner.map(lambda text: b"[" + text + b"]") | inner.map(lambda text: b'{"a":' + text + b"}"),
    max_leaves=30,
)
_TIMES = st.sampled_from([0, 1, 399, 400, 401]).map(lambda days: SENT_AT - days * DAY_MILLISECONDS)


@given(_VALUES, _TIMES)
def test_an_event_is_judged_in_a_batch_as_it_is_alone(value: bytes, time: int) -> None:
    text = _event(time=time)[:-1] + b',"properties":{"a":1,"b":' + value + b"}}"

    accepted, rejected = accept([Raw(text)], sent_at=SENT_AT)

    alone = check_event(0, text, sent_at=SENT_AT, imported=False)
    assert [*accepted, *rejected] == [alone]
    if isinstance(alone, RawEvent):
        written = msgspec.json.encode(alone)
        assert msgspec.json.encode(msgspec.json.decode(written, type=RawEvent)) == written


@pytest.mark.parametrize("digits", [308, 309, 310, 617, 618, 1_000])
def test_a_number_beyond_a_double_is_found_wherever_it_stands(digits: int) -> None:
    for before in range(0, 320, 7):
        text = _with_properties(b'{"%s":%s}' % (b"x" * before, b"9" * digits))
        accepted, rejected = accept([Raw(text)], sent_at=SENT_AT)
        assert [event.index for event in (rejected if digits > 308 else accepted)] == [0]


@pytest.mark.parametrize("levels", [19, 20, 21, 22])
def test_depth_is_counted_in_a_batch_as_it_is_alone(levels: int) -> None:
    text = _with_properties(b'{"a":' * levels + b"1" + b"}" * levels)
    accepted, rejected = accept([Raw(text)], sent_at=SENT_AT)
    assert [event.index for event in (accepted if levels <= 20 else rejected)] == [0]
