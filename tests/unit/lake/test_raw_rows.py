"""Raw objects as rows: whatever has become of the bytes."""

import gzip

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.events.raw_line import RawLine, encode
from footfall.lake.raw_rows import EVENT_ROWS, LEDGER_ROWS, REJECTED_ROWS, DecodedObjects, decode_object, decode_objects
from tests.histories import raw_lines
from tests.lakes import DAY, NOON, event, line, rejected

KEY = "2025/10/09/12/a.json.gz"
GOOD = encode(line(event(NOON, properties={"a": 1}), rejected=[rejected(1)]))


def packed(*lines: bytes) -> bytes:
    return gzip.compress(b"".join(item + b"\n" for item in lines))


def counts(decoded: DecodedObjects) -> tuple[int, int, int]:
    rows = decoded.ledger.to_pylist()
    return tuple(sum(row[name] for row in rows) for name in ("lines", "events", "rejected"))


def test_a_sound_object_gives_its_events_its_rejections_and_its_counts() -> None:
    decoded = decode_object(KEY, packed(GOOD, GOOD))
    assert counts(decoded) == (2, 2, 2)
    assert decoded.events.column("properties").to_pylist() == ['{"a":1}', '{"a":1}']
    assert decoded.events.select(["raw_line", "raw_index"]).to_pylist() == [
        {"raw_line": 0, "raw_index": 0},
        {"raw_line": 1, "raw_index": 0},
    ]
    assert decoded.rejected.column("raw_index").to_pylist() == [1, 1]


@pytest.mark.parametrize(
    "damaged",
    [
        pytest.param(b"", id="an empty line"),
        pytest.param(b"{}", id="another shape"),
        pytest.param(b"\xff\xfe", id="no UTF-8"),
        pytest.param(GOOD[:-1], id="cut off"),
        pytest.param(GOOD.replace(b'{"a":1}', b'{"a":1,"a":2}'), id="a duplicate key"),
        pytest.param(GOOD.replace(b'{"a":1}', b'{"a":1e999}'), id="a number beyond a double"),
        pytest.param(GOOD.replace(b'{"a":1}', b'{"a":"\\ud800"}'), id="a lone surrogate"),
        pytest.param(GOOD.replace(b'{"a":1}', b'{"a": 1}'), id="another spacing"),
        pytest.param(GOOD.replace(b'{"a":1}', b'{"a":' + b"[" * 9000 + b"]" * 9000 + b"}"), id="far too deep"),
    ],
)
def test_a_damaged_line_is_one_row_of_quarantine_and_the_others_are_read(damaged: bytes) -> None:
    decoded = decode_object(KEY, packed(GOOD, damaged, GOOD))
    assert counts(decoded) == (3, 2, 3)
    found = [row for row in decoded.rejected.to_pylist() if row["raw_index"] == -1]
    assert [(row["raw_line"], row["reason"], row["tenant"]) for row in found] == [(1, "line_damaged", "")]
    assert found[0]["received_at_ms"] == NOON + 1_000


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"not gzip", id="no gzip"),
        pytest.param(packed(GOOD)[:-9], id="cut off"),
        pytest.param(packed(GOOD) + b"trailing", id="something after it"),
        pytest.param(gzip.compress(GOOD), id="no newline at the end"),
    ],
)
def test_a_damaged_object_is_told_in_quarantine(data: bytes) -> None:
    decoded = decode_object(KEY, data)
    assert decoded.ledger.num_rows > 0, "the ledger must hold it, or every run would read it again"
    if data:
        assert "line_damaged" in decoded.rejected.column("reason").to_pylist()


def test_members_one_after_the_other_are_one_object() -> None:
    assert counts(decode_object(KEY, packed(GOOD) + packed(GOOD))) == (2, 2, 2)


def test_the_ledger_tells_tenants_and_days_apart() -> None:
    lines = [line(event(NOON)), line(event(NOON), tenant="blog"), line(event(NOON), received=NOON + DAY)]
    decoded = decode_object(KEY, packed(*map(encode, lines)))
    found = [(row["tenant"], row["day_number"] - NOON // DAY, row["events"]) for row in decoded.ledger.to_pylist()]
    assert found == [("blog", 0, 1), ("shop", 0, 1), ("shop", 1, 1)]


@given(st.binary(max_size=300), st.integers(0, 400))
def test_no_bytes_raise_and_all_lines_are_counted(noise: bytes, cut: int) -> None:
    sound = packed(GOOD, noise.replace(b"\n", b""), GOOD)
    for data in (noise, sound[:cut] + noise, packed(noise)):
        decoded = decode_object(KEY, data)
        _, events, refused = counts(decoded)
        assert (events, refused) == (decoded.events.num_rows, decoded.rejected.num_rows)


@given(st.lists(st.integers(0, 3), max_size=9), st.integers(1, 5))
def test_objects_read_together_give_the_rows_of_each(lines: list[int], at_once: int) -> None:
    objects = [(f"2025/10/09/12/{number}.json.gz", packed(*[GOOD] * count)) for number, count in enumerate(lines)]
    together = list(decode_objects(objects, at_once=at_once))
    alone = [decode_object(key, data) for key, data in objects]
    for name, schema in (("events", EVENT_ROWS), ("rejected", REJECTED_ROWS), ("ledger", LEDGER_ROWS)):
        found, expected = (
            pa.concat_tables([schema.empty_table(), *(getattr(rows, name) for rows in decoded)]).to_pylist()
            for decoded in (together, alone)
        )
        assert found == expected
    # Of a large object's lines, of two rows each, some come at a time; those of small ones come together.
    assert all(0 <= rows.events.num_rows + rows.rejected.num_rows - at_once < 2 for rows in together[:-1])


@given(st.lists(raw_lines(), max_size=4), st.sets(st.sampled_from(EVENT_ROWS.names)))
def test_columns_that_are_asked_for_are_those_of_all(lines: list[RawLine], columns: set[str]) -> None:
    data = packed(*map(encode, lines))
    asked = list(decode_objects([(KEY, data)], columns=columns))
    whole = decode_object(KEY, data)
    for rows in asked:
        assert rows.events.equals(whole.events.select([name for name in EVENT_ROWS.names if name in columns]))
        assert (rows.rejected, rows.ledger) == (whole.rejected, whole.ledger)
    assert len(asked) == 1
