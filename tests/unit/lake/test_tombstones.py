"""What is left of a raw line when somebody was erased from it."""

import gzip
from typing import Any

import msgspec
import pytest

from footfall.events.raw_line import RawLine, decode, encode
from footfall.lake.raw_rows import decode_object
from footfall.lake.tombstones import Person, rewritten, tombstoned
from tests.lakes import NOON, event, line, rejected

ANNA = Person("shop", ["v-anna"], ["anna@shop.example"])


def left(given: RawLine) -> RawLine:
    return tombstoned(given, ANNA)


def test_of_a_whole_request_only_the_places_of_its_events_are_left() -> None:
    given = line(
        event(NOON), event(NOON + 1), visitor="v-anna", ip="203.0.113.0", user_agent="Firefox", rejected=[rejected(2)]
    )
    after = left(given)
    assert (after.events, after.rejected, after.erased) == ([], [], [0, 1, 2])
    assert (after.instance, after.sequence, after.received_at) == (given.instance, given.sequence, given.received_at)
    for told in (b"v-anna", b"203.0.113.0", b"Firefox", given.request_id.encode(), b"shop.example"):
        assert told not in encode(after)
    assert decode(encode(after)) == after


def test_the_events_of_others_stay_as_they_are_and_keep_their_places() -> None:
    mine, other = event(NOON, visitor="v-anna"), event(NOON + 1, visitor="w", ip="198.51.100.0")
    given = line(mine, other, visitor="", imported=True)
    after = left(given)
    assert [item.index for item in after.events] == [1]
    assert after.events[0] == msgspec.structs.replace(other, index=1)
    assert (after.erased, after.imported, after.page) == ([0], True, given.page)


UNTOUCHED: list[RawLine] = [
    line(event(NOON), visitor="w"),
    line(event(NOON), visitor="v-anna", tenant="blog"),
    line(event(NOON, properties={"item": "v-anna"}), visitor="w"),
    line(event(NOON), visitor="w", rejected=[rejected(1, '{"visitor": "v-annabel"}')]),
    line(visitor="w", erased=[0, 1]),
]


@pytest.mark.parametrize("given", UNTOUCHED)
def test_a_line_of_somebody_else_is_the_very_same(given: RawLine) -> None:
    assert left(given) is given


def test_erasing_twice_changes_nothing_more() -> None:
    once = left(line(event(NOON), visitor="v-anna"))
    assert left(once) is once


NAMING: list[dict[str, Any]] = [
    {"events": [event(NOON, "alias", properties={"previous": "v-anna"})]},
    {"events": [event(NOON, "identify", properties={"userId": "anna@shop.example"})]},
    {"events": [event(NOON, user="anna@shop.example")]},
    {"events": [], "rejected": [rejected(0, '{"visitor":"v-anna"}')]},
    {"events": [], "rejected": [rejected(0, "e=pv&duid=v-anna&x=1")]},
    {"events": [], "rejected": [rejected(0, "uid=anna%40shop.example&x=1")]},
]


@pytest.mark.parametrize("parts", NAMING)
def test_what_names_the_person_in_another_visitors_request_goes(parts: dict[str, Any]) -> None:
    given = line(*parts["events"], visitor="w", rejected=parts.get("rejected", []))
    assert left(given).erased == [0]


def test_an_object_keeps_its_lines_and_what_cannot_be_read_in_it() -> None:
    lines = [
        encode(line(event(NOON), visitor="w")),
        b'{"broken": "line of", "visitor":"v-anna"',
        encode(line(event(NOON + 1), visitor="v-anna")),
        b'{"another broken one"',
    ]
    data = gzip.compress(b"".join(text + b"\n" for text in lines) + b'{"cut')
    after = rewritten("k", data, left, lambda text: ANNA.named_in("", text))
    assert after is not None
    before, now = decode_object("k", data), decode_object("k", after)
    assert now.events.num_rows == 1
    assert now.events.to_pylist() == before.events.to_pylist()[:1]
    assert [row["raw_line"] for row in now.rejected.to_pylist()] == [3, 4]
    ledger = {
        row["tenant"]: (row["lines"], row["events"], row["rejected"], row["erased"]) for row in now.ledger.to_pylist()
    }
    assert ledger == {"shop": (2, 1, 0, 1), "": (3, 0, 2, 1)}
    assert b"v-anna" not in gzip.decompress(after)


def test_a_stream_that_was_cut_off_stays_a_line_of_quarantine() -> None:
    whole = gzip.compress(b"".join(encode(line(event(NOON + n), visitor="v-anna")) + b"\n" for n in range(3)))
    data = whole[:-6]
    after = rewritten("k", data, left)
    assert after is not None
    counts = [decode_object("k", each).rejected.num_rows for each in (data, after)]
    assert counts == [1, 1]


def test_an_object_without_the_person_is_not_written_again() -> None:
    assert rewritten("k", gzip.compress(encode(line(event(NOON), visitor="w")) + b"\n"), left) is None
