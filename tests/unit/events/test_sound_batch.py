"""A batch that is read at once is read as its events are one by one."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.events.model import MAX_STRING_LENGTH
from footfall.events.sound_batch import read_sound
from footfall.events.validation import DAY_MILLISECONDS, accept
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
_VALUES = st.recursive(
    _NUMBERS | st.sampled_from([b'"\\u0000"', b'"\\ud800"', b'"\xff"', b'"?"', b"nul", b"NaN", '"ü"'.encode()]),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: b"[" + b",".join(items) + b"]")
        | inner.map(lambda text: b'{"a":1,"a":' + text + b"}")
    ),
    max_leaves=20,
)
_TIMES = st.sampled_from([-1, 0, 400, 401]).map(lambda days: _event(SENT_AT - days * DAY_MILLISECONDS))
_EVENTS = _VALUES.map(_with) | st.integers(1, 22).map(_nested) | _TIMES | st.just(b'{"id":"e"}')


@given(st.lists(_EVENTS, min_size=1, max_size=3))
def test_what_is_read_at_once_is_what_is_read_one_by_one(events: list[bytes]) -> None:
    body = _body(*events)
    sound = read_sound(body)
    if sound is not None:
        alone = native.read(body)
        assert accept(alone.events, sent_at=alone.sent_at) == (sound[1], [])
        assert native.Envelope(**{**msgspec.structs.asdict(sound[0]), "events": alone.events}) == alone


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
    ],
)
def test_an_ordinary_event_is_read_at_once(event: bytes) -> None:
    assert read_sound(_body(event, event)) is not None


@pytest.mark.parametrize(
    "event",
    [
        _with(b'"\\u0000"'),
        _with(b'"\\n"'),
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
