"""Rows are put together to pieces: nothing is lost, each is in order, and days are not scattered over many."""

from collections import Counter
from datetime import date, datetime, timedelta

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from footfall.lake.row_pieces import in_pieces
from footfall.lake.schemas import arrow_schema
from footfall.lake.tables import EVENTS, LATE_EVENTS, Table

MOST = 10
NOON = datetime.fromisoformat("2025-10-01T12:00:00")


def batch(days: list[int], first: int, table: Table) -> pa.RecordBatch:
    """Events of these days, each with a number for its id; their visitors are in no order."""
    schema = arrow_schema(table)
    rows = [
        {
            "tenant": "shop",
            "visitor": f"v{(first + place) * 7 % 5}",
            "event_id": f"{first + place:05}",
            "event_time": NOON + timedelta(days=day, minutes=place),
            "raw_object": "a",
        }
        for place, day in enumerate(days)
    ]
    return pa.RecordBatch.from_pylist(rows, schema=schema)


def batches(days: list[list[int]], table: Table = EVENTS) -> list[pa.RecordBatch]:
    firsts = [sum(len(each) for each in days[:number]) for number in range(len(days))]
    return [batch(each, first, table) for each, first in zip(days, firsts, strict=True)]


def days_of(piece: pa.Table) -> Counter[date | None]:
    return Counter(piece.column("event_time").cast(pa.date32(), safe=False).to_pylist())


@given(st.lists(st.lists(st.integers(0, 6), max_size=MOST), max_size=12))
def test_each_row_is_in_one_piece_and_each_piece_in_order(days: list[list[int]]) -> None:
    given_rows = batches(days)
    pieces = list(in_pieces(given_rows, EVENTS, MOST))
    rows = [row for piece in pieces for row in piece.to_pylist()]
    assert Counter(row["event_id"] for row in rows) == Counter(
        name for each in given_rows for name in each.column("event_id").to_pylist()
    )
    for piece in pieces:
        keys = list(zip(*(piece.column(name).to_pylist() for name in EVENTS.sort), strict=True))
        assert keys == sorted(keys)
        assert piece.schema == arrow_schema(EVENTS)
        assert max(days_of(piece).values()) <= MOST
    # What is held while rows come is bounded, and then no day is in more pieces than it must be.
    if sum(map(len, days)) <= 2 * MOST:
        where = Counter(day for piece in pieces for day in days_of(piece))
        rows_of = Counter(day for each in days for day in each)
        assert all(count == 1 or rows_of[(day - NOON.date()).days] > MOST for day, count in where.items() if day)


def test_days_of_few_rows_share_a_piece() -> None:
    mixed = [[0, 1, 2, 0, 1], [2, 1, 0, 0]]
    (piece,) = in_pieces(batches(mixed), EVENTS, MOST)
    assert sorted(days_of(piece).values()) == [2, 3, 4]


def test_the_largest_day_goes_first_where_many_are_held() -> None:
    mixed = [[9, 9, 9, 1, 2], [9, 9, 9, 3, 4], [5, 6, 7, 1, 2], [9, 9, 9, 8, 0], [3, 4, 5, 6, 7], [8, 0]]
    coming = iter(batches(mixed))
    pieces = in_pieces(coming, EVENTS, MOST)
    assert days_of(next(pieces)) == {date(2025, 10, 10): 9}
    assert len(list(coming)) == 1, "it went as soon as more than twenty rows were held"
    assert sum(piece.num_rows for piece in pieces) == 25 - 9


def test_a_table_without_days_is_cut_where_a_piece_is_full() -> None:
    pieces = list(in_pieces(batches([[0] * 10, [1] * 10, [2] * 5], LATE_EVENTS), LATE_EVENTS, MOST))
    assert [piece.num_rows for piece in pieces] == [10, 10, 5]


def test_no_rows_are_no_piece_and_a_row_of_no_day_is_kept() -> None:
    assert list(in_pieces([], EVENTS, MOST)) == []
    nameless = pa.RecordBatch.from_pylist([{"tenant": "shop"}, {"tenant": "a"}], schema=arrow_schema(EVENTS))
    mixed = pa.Table.from_batches([*batches([[0]]), nameless]).combine_chunks()
    (piece,) = in_pieces(mixed.to_batches(), EVENTS, MOST)
    assert piece.column("tenant").to_pylist() == ["a", "shop", "shop"]
