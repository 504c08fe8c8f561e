"""Results as CSV, JSON and tables."""

import csv
import io
import json
from datetime import date, datetime
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from footfall.query.output import csv_text, json_text, rich_table


def test_csv_is_a_header_line_and_a_line_a_row() -> None:
    result = pa.table({"name": ["a", None], "n": pa.array([1, None], pa.int64())})

    assert csv_text(result) == "name,n\r\na,1\r\n,\r\n"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, '""'),
        ("", '""'),
        ('say "hi", twice', '"say ""hi"", twice"'),
        ("two\nlines", '"two\nlines"'),
        (True, "true"),
        (Decimal("1.50"), "1.50"),
        (0.1, "0.1"),
        (date(2024, 2, 29), "2024-02-29"),
        (datetime.fromisoformat("2024-02-29T01:02:03"), "2024-02-29 01:02:03.000"),
        (
            [{"item": "a", "value": None}, {"item": "b", "value": Decimal("1.50")}],
            '"[{item=a, value=null}, {item=b, value=1.50}]"',
        ),
    ],
)
def test_a_value_is_written_to_csv(value: object, text: str) -> None:
    assert csv_text(pa.table({"v": [value]})) == f"v\r\n{text}\r\n"


@given(st.lists(st.tuples(st.text(), st.text()), max_size=5))
@settings(max_examples=200)
def test_text_survives_csv(rows: list[tuple[str, str]]) -> None:
    clean = [(a.encode("utf-8", "replace").decode(), b.encode("utf-8", "replace").decode()) for a, b in rows]
    table = pa.table(
        {"a": pa.array([a for a, _ in clean], pa.string()), "b": pa.array([b for _, b in clean], pa.string())}
    )

    read = list(csv.reader(io.StringIO(csv_text(table), newline=""), strict=True))

    assert read == [["a", "b"], *([a, b] for a, b in clean)]


def test_json_is_a_list_of_objects_with_exact_decimals() -> None:
    result = pa.table(
        {
            "n": [1, None],
            "value": pa.array([Decimal("12345678901234.5678"), None], pa.decimal128(18, 4)),
            "list": [["a"], []],
        }
    )

    assert json.loads(json_text(result), parse_float=Decimal) == [
        {"n": 1, "value": Decimal("12345678901234.5678"), "list": ["a"]},
        {"n": None, "value": None, "list": []},
    ]


def test_json_of_no_rows_is_an_empty_list() -> None:
    assert json.loads(json_text(pa.table({"n": pa.array([], pa.int64())}))) == []


@pytest.mark.parametrize(("width", "gap"), [(80, " "), (120, "  ")])
def test_a_table_is_as_wide_as_the_screen_lets_it(width: int, gap: str) -> None:
    day = {"day": "2015-05-17", "visitors": 253, "new_visitors": 253, "sessions": 313, "page_views": 368}
    day |= {"events": 1173, "conversions": 0, "value": Decimal("12.5000")}
    screen = Console(width=width, file=io.StringIO(), record=True)
    screen.print(rich_table(pa.Table.from_pylist([day]), width))
    header, _, row = screen.export_text().splitlines()
    assert header == gap.join(["day       ", *list(day)[1:-1], "  value"])
    assert row.split() == [str(value) for value in day.values()]
    assert len(row) == len(header)
