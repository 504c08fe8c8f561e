"""Lines of raw objects are canonical."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.events.model import Library, Page, Screen
from footfall.events.raw_line import RawEvent, RawLine, RawRejected, decode, encode, encoded

_TEXT = st.text(max_size=20)
_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | _TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXT, inner, max_size=3),
    max_leaves=8,
)
_PAGES = st.builds(Page, url=_TEXT, referrer=_TEXT, title=_TEXT)
_TIMES = st.integers(0, 253_402_300_799_999)
_EVENTS = st.builds(
    RawEvent,
    index=st.integers(0, 499),
    id=_TEXT,
    name=_TEXT,
    level=st.sampled_from(["low", "mid", "high"]),
    time=_TIMES,
    properties=st.dictionaries(_TEXT, _JSON, max_size=4),
    page=st.none() | _PAGES,
    visitor=_TEXT,
    where=_TEXT,
    consent=st.sampled_from([None, "granted", "denied", "unknown"]),
)
_LINES = st.builds(
    RawLine,
    version=st.just(1),
    request_id=_TEXT,
    tenant=_TEXT,
    received_at=_TIMES,
    protocol=_TEXT,
    instance=_TEXT,
    sequence=st.integers(0, 2**40),
    events=st.lists(_EVENTS, max_size=4),
    rejected=st.lists(st.builds(RawRejected, index=st.integers(0, 499), reason=_TEXT, text=_TEXT), max_size=3),
    sent_at=_TIMES,
    imported=st.booleans(),
    visitor=_TEXT,
    user=_TEXT,
    # Built anew, so that equal to the default is not the same object as the default.
    consent=st.sampled_from(["granted", "denied", "unknown"]).map(lambda text: "".join(list(text))),
    library=st.builds(Library, name=_TEXT),
    page=_PAGES,
    screen=st.builds(Screen, width=st.integers(0, 10_000)),
)


@given(_LINES)
def test_a_line_reads_back_as_it_was(line: RawLine) -> None:
    text = encode(line)
    assert b"\n" not in text
    assert decode(text) == line
    assert encode(decode(text)) == text


@given(_LINES, st.integers(0, 2**40))
def test_a_line_with_another_sequence_is_written_as_if_encoded_with_it(line: RawLine, sequence: int) -> None:
    told = msgspec.structs.replace(line, request_id=f',"sequence":{line.sequence},"events":[')
    for one in (line, told):
        assert encoded(one).numbered(sequence) == encoded(msgspec.structs.replace(one, sequence=sequence))


_LINE = encode(RawLine(1, "r-1", "shop", 1_767_225_600_000, "native", "i-1", 0, []))


@pytest.mark.parametrize(
    "text",
    [
        b"",
        _LINE[:-1],
        _LINE + b" ",
        b" " + _LINE,
        _LINE.replace(b'"shop"', b'"\xff"'),
        _LINE.replace(b'"shop"', b'"\\u0073hop"'),
        _LINE.replace(b'"tenant"', b'"tenant":"other","tenant"'),
        _LINE.replace(b"}", b',"unknown":1}'),
        _LINE.replace(b"[]", b"[" * 100_000),
        b"\0" * 100,
    ],
)
def test_a_damaged_line_is_told_from_a_sound_one(text: bytes) -> None:
    with pytest.raises(msgspec.DecodeError):
        decode(text)
