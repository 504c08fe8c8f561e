"""A batch that is read at once is read as its events are one by one."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.collector.url_privacy import may_need_cleaning
from footfall.events.model import MAX_STRING_LENGTH
from footfall.events.raw_line import RawEvent, RawRejected
from footfall.events.sound_batch import read_sound
from footfall.events.validation import DAY_MILLISECONDS, accept, check_event
from footfall.protocols import native

SENT_AT = 1_767_225_600_000
HEAD = b'{"write_key":"k","sent_at":1767225600000,"visitor":"v","events":['


def _event(time: int = SENT_AT, **properties: Any) -> bytes:
    return msgspec.json.encode({"id": "e", "name": "n", "level": "mid", "time": time, "properties": properties})


def _with(value: bytes) -> bytes:
    return b'{"id":"e","name":"n","level":"mid","time":1767225600000,"properties":{"a":%s}}' % value


def _body(*events: bytes) -> bytes:
    return HEAD + b",".join(events) + b"]}"


def _nested(levels: int) -> bytes:
    return _with(b'{"a":' * (levels - 1) + b"1" + b"}" * (levels - 1))


_NUMBERS = st.from_regex(rb"-?(0|[1-9][0-9]{0,340})(\.[0-9]{1,25})?([eE][+-]?[0-9]{1,3})?", fullmatch=True)
_PARTS = (
    rb"\" \\ \/ \b \f \n \r \t \u0000 \u0001 \u0022 \u003f \u005c \u00e9 \u2028 \ud83d\ude00 \uD800 \udc00"
    rb" \x \u00 u0000 a ?"
)
_STRINGS = st.lists(st.sampled_from(_PARTS.split()), max_size=6).map(lambda parts: b'"' + b"".join(parts) + b'"')
_VALUES = st.recursive(
    _NUMBERS | _STRINGS | st.sampled_from([b'"\xff"', b'"\x00"', b'"\n"', b"nul", b"NaN", '"ü"'.encode()]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: b"[" + b",".join(items) + b"]")
        | inner.map(lambda text: b'{"a":1,"a":' + text + b"}")
        | st.tuples(_STRINGS, inner).map(lambda both: b'{"a":1,%s:%s}' % both)
    ),
    max_leaves=20,
)
_TIMES = st.sampled_from([-1, 0, 400, 401]).map(lambda days: _event(SENT_AT - days * DAY_MILLISECONDS))
_NAMED = st.tuples(_STRINGS, _STRINGS, _STRINGS).map(
    lambda parts: b'{"id":%s,"name":%s,"level":"mid","time":1767225600000,"page":{"title":%s}}' % parts
)
_EVENTS = _VALUES.map(_with) | _NAMED | st.integers(1, 22).map(_nested) | _TIMES | st.just(b'{"id":"e"}')
_TITLES = st.just(b"") | _STRINGS.map(lambda text: b',"page":{"title":%s}' % text)


@given(st.lists(_EVENTS, min_size=1, max_size=3), _TITLES)
def test_what_is_read_at_once_is_what_is_read_one_by_one(events: list[bytes], title: bytes) -> None:
    body = _body(*events)[:-1] + title + b"}"
    sound = read_sound(body)
    if sound is not None:
        alone = native.read(body)
        assert native.Envelope(**{**msgspec.structs.asdict(sound.batch), "events": alone.events}) == alone
        assert accept(alone.events, sent_at=alone.sent_at) == (sound.events, [])
        checked = [
            check_event(index, event, sent_at=alone.sent_at, imported=False) for index, event in enumerate(alone.events)
        ]
        assert checked == sound.events


@given(st.lists(_EVENTS, min_size=1, max_size=3))
def test_an_event_that_is_judged_at_a_glance_is_what_a_closer_look_makes_of_it(events: list[bytes]) -> None:
    texts = [msgspec.Raw(event) for event in events]
    accepted, rejected = accept(texts, sent_at=SENT_AT)
    closely = [check_event(index, event, sent_at=SENT_AT, imported=False) for index, event in enumerate(texts)]
    assert accepted == [one for one in closely if isinstance(one, RawEvent)]
    assert rejected == [one for one in closely if isinstance(one, RawRejected)]


@given(st.lists(_VALUES.map(_with) | _NAMED, min_size=1, max_size=3), _TITLES)
def test_what_may_need_cleaning_stands_in_the_unescaped_text(events: list[bytes], title: bytes) -> None:
    sound = read_sound(_body(*events)[:-1] + title + b"}")
    if sound is not None and sound.unescaped:
        assert may_need_cleaning(sound.unescaped) or not may_need_cleaning(msgspec.json.encode(sound.batch))


@pytest.mark.parametrize(
    "event",
    [
        _event(),
        _event(a=1, b=1.5, c="ü", d=None, e=[[1, 2], [3]], f={"g": True}),
        _event(SENT_AT + DAY_MILLISECONDS),
        _event(SENT_AT - 400 * DAY_MILLISECONDS),
        _nested(20),
        _with(b"[" * 19 + b"]" * 19),
        _with(b"1" * 200),
        _with(rb'"a \"b\" \\ \/ \b\f\n\r\t"'),
        _with(rb'"\u00e9\u2028\ud83d\ude00"'),
        _with(rb'"C:\\users\\u0000 is no NUL"'),
    ],
)
def test_an_ordinary_event_is_read_at_once(event: bytes) -> None:
    assert read_sound(_body(event, event)) is not None


@pytest.mark.parametrize(
    "event",
    [
        _with(rb'"\u0000"'),
        _with(rb'"\\\u0000"'),
        _with(rb'{"\u0000":1}'),
        _with(rb'"\ud800"'),
        _with(rb'"\ud800\u0041"'),
        _with(rb'"\udc00"'),
        _with(b'"\x00"'),
        _with(b'"\n"'),
        _with(b'"\xff"'),
        _with(b'"' + b"x" * MAX_STRING_LENGTH + b'"'),
        _nested(21),
        _with(b"[" * 20 + b"]" * 20),
        _event(SENT_AT + DAY_MILLISECONDS + 1),
        _event(SENT_AT - 400 * DAY_MILLISECONDS - 1),
        b'{"id":"e"}',
        b"7",
        b"nul",
        b"[" * 60_000,
    ],
)
@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_event_that_must_be_looked_at_keeps_the_batch_from_being_read_at_once(event: bytes, place: int) -> None:
    events = [_event(), _event()]
    events.insert(place, event)
    assert read_sound(_body(*events)) is None


@pytest.mark.parametrize("before", range(0, 320, 7))
def test_a_number_beyond_a_double_is_seen_wherever_it_stands(before: int) -> None:
    for digits in (309, 310, 617, 1_000):
        assert read_sound(_body(_event(a="x" * before), _with(b"9" * digits))) is None


@pytest.mark.parametrize(
    ("value", "stands_as_it_is"),
    [
        (b'"?"', True),
        (rb'"\" \n \\ \/ ?"', True),
        (rb'"C:\\users"', True),
        (rb'"\u003f"', False),
        (rb'"\" \u0040"', False),
    ],
)
def test_a_text_with_escapes_by_number_is_not_given_as_an_unescaped_one(value: bytes, stands_as_it_is: bool) -> None:
    body = _body(_event(), _with(value))
    sound = read_sound(body)
    assert sound is not None
    assert sound.unescaped == (body if stands_as_it_is else b"")
