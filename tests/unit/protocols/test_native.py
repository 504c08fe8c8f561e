"""The native protocol reads what it can of a body, and names the place of what it cannot."""

import contextlib
import json
import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.events.model import Batch
from footfall.events.reasons import Reason
from footfall.events.refusal import Refusal
from footfall.protocols import native
from footfall.protocols.messages import Request
from footfall.protocols.rescue import split_events

GOOD = b'{"id":"e-1","name":"a","level":"low","time":1}'


def _body(*events: bytes) -> bytes:
    return b'{"write_key":"k","sent_at":1,"visitor":"v","events":[' + b",".join(events) + b"]}"


def test_the_envelope_has_the_fields_of_the_batch() -> None:
    assert set(native.Envelope.__struct_fields__) == set(Batch.__struct_fields__)


@pytest.mark.parametrize(
    "bad",
    [
        b'{"a":"\\ud800"}',
        b'{"a":NaN}',
        b'{"a":"\\x"}',
        b'{"a":"x\ny"}',
        b'"]}{["',
        b"[" * 50_000 + b"]" * 50_000,
        b"",
        b"nul",
        b'"\xff"',
    ],
)
def test_an_event_that_is_no_json_leaves_the_others_readable(bad: bytes) -> None:
    envelope = native.read(_body(GOOD, bad, GOOD))
    assert [bytes(event) for event in envelope.events] == [GOOD, bad, GOOD]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.BODY_NOT_JSON),
        (b"\xff\xfe", Reason.BODY_NOT_JSON),
        (_body(GOOD)[:-1], Reason.BODY_NOT_JSON),
        (_body(GOOD) + b"x", Reason.BODY_NOT_JSON),
        (_body(b'{"a":"'), Reason.BODY_NOT_JSON),
        (_body(b"nul") + b',"events":[nul]}', Reason.BODY_NOT_JSON),
        (b"null", Reason.BODY_NOT_A_BATCH),
        (b"[" * 100_000, Reason.BODY_NOT_A_BATCH),
        (b'{"page":' * 100_000, Reason.BODY_NOT_A_BATCH),
        (_body(), Reason.BODY_NOT_A_BATCH),
        (_body(GOOD).replace(b'"v"', b'"\\u0000"'), Reason.BODY_NOT_A_BATCH),
        (_body(GOOD).replace(b'"v"', b'"v","page":{"url":"\\u0000"}'), Reason.BODY_NOT_A_BATCH),
        (_body(*[GOOD] * 501), Reason.TOO_MANY_EVENTS),
        (_body(*[b"nul"] * 501), Reason.TOO_MANY_EVENTS),
        (_body(*[b"nul"] * 200_000), Reason.BODY_NOT_JSON),
    ],
)
def test_a_body_that_is_no_batch_is_refused(body: bytes, reason: Reason) -> None:
    with pytest.raises(Refusal) as refused:
        native.read(body)
    assert refused.value.reason == reason


def test_the_place_of_a_mistake_in_the_head_is_right_where_the_events_are_broken_too() -> None:
    body = _body(b"nul")[:-1] + b',"user":7}'
    with pytest.raises(Refusal, match=r"\$\.user"):
        native.read(body)


@given(st.lists(st.sampled_from([b'"', b"\\", b"[", b"]", b"{", b"}", b",", b":", b'"events"', b" ", b"a"])))
def test_looking_for_events_never_fails(tokens: list[bytes]) -> None:
    body = b"".join(tokens)
    found = split_events(body)
    if found is not None:
        assert len(found[0]) == len(body)


@given(st.lists(st.sampled_from([GOOD, b'{"a":"[\\"],{"}', b"[1,[2,3]]", b"7", b'"x,y"']), min_size=1))
def test_events_are_told_apart_as_a_json_reader_does(events: list[bytes]) -> None:
    found = split_events(_body(*events))
    assert found is not None
    assert [bytes(event) for event in found[1]] == events


@pytest.mark.parametrize("nested", [b"[{", b"[", b"[1,{"])
def test_whatever_nests_in_a_body_of_a_browser_its_other_events_are_found(nested: bytes) -> None:
    closed = nested[::-1].translate(bytes.maketrans(b"[{", b"]}"))
    times = (65_536 - len(_body(GOOD, GOOD))) // len(nested + closed) - 1
    bad = nested * times + closed * times
    body = _body(GOOD, bad, GOOD)
    assert 65_500 < len(body) <= 65_536
    found = split_events(body)
    assert found is not None
    assert [bytes(event) for event in found[1]] == [GOOD, bad, GOOD]


_PIECES = [b'\\"', b'"', b"[", b"{", b",", b":", b'"\\', b'["events":[', b"[]", b'"",', b'""', b'"a":', b"[[1],2],"]
_PIECES += [b"[[[{}]]],", b'"events":[],', b'"events" ', b"[1", b"{1]", b"\\", b"[ "]


@pytest.mark.parametrize("end", [b"", b"nul]}"])
@pytest.mark.parametrize("piece", _PIECES)
def test_a_hostile_body_takes_not_much_longer_than_a_sound_one_of_its_size(piece: bytes, end: bytes) -> None:
    size = 1_048_576
    sound = _body(*[GOOD] * (size // (len(GOOD) + 1) - 2))
    head = _body()[:-2]
    hostile = head + piece * ((size - len(head) - len(end)) // len(piece)) + end
    assert _seconds(_read, hostile) < 25 * _seconds(json.loads, sound)


def _read(body: bytes) -> None:
    with contextlib.suppress(Refusal):
        native.Native().read(Request("POST", native.PATH, {}, body), body)


def _seconds(call: Callable[[bytes], object], body: bytes) -> float:
    """The CPU seconds of a call, the least of three."""
    spent = []
    for _ in range(3):
        started = time.process_time()
        call(body)
        spent.append(time.process_time() - started)
    return min(spent)
