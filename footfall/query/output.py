"""Results as text: CSV and JSON for programs, a table for people."""

import json
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyarrow as pa


def csv_text(result: pa.Table) -> str:
    """The rows by RFC 4180: a header line, CRLF after each line, NULL as nothing, an empty string as "" ."""
    lines = [_csv_line(result.column_names)]
    lines.extend(_csv_line(row) for row in _rows(result))
    return "".join(lines)


def _csv_line(values: list[Any]) -> str:
    fields = []
    for value in values:
        if value is None:
            fields.append("")
            continue
        text = plain(value)
        quoted = text == "" or any(mark in text for mark in '",\r\n')
        fields.append('"' + text.replace('"', '""') + '"' if quoted else text)
    # A lone NULL would be an empty line, which readers of CSV skip.
    return (",".join(fields) if len(fields) != 1 or fields[0] else '""') + "\r\n"


def json_text(result: pa.Table) -> str:
    """The rows as a JSON list of objects: decimals as numbers with all their digits, times as ISO 8601 in UTC."""
    objects = (
        "{"
        + ", ".join(f"{json.dumps(name)}: {_json(value)}" for name, value in zip(result.column_names, row, strict=True))
        + "}"
        for row in _rows(result)
    )
    return "[" + ",\n ".join(objects) + "]"


def _json(value: Any) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list):
        return "[" + ", ".join(_json(item) for item in value) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(name)}: {_json(item)}" for name, item in value.items()) + "}"
    if isinstance(value, datetime):
        return json.dumps(value.isoformat(timespec="milliseconds") + "Z")
    if isinstance(value, date):
        return json.dumps(value.isoformat())
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return "null"
    return json.dumps(value, ensure_ascii=False)


def plain(value: Any) -> str:
    """A value as text: true and false, times as `2026-01-31 12:00:00.000`, lists as `[a, b]`, rows as `{x=1, y=2}`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, datetime):
        return value.isoformat(sep=" ", timespec="milliseconds" if value.microsecond % 1000 == 0 else "microseconds")
    if isinstance(value, list):
        return "[" + ", ".join("null" if item is None else plain(item) for item in value) + "]"
    if isinstance(value, dict):
        fields = (f"{name}={'null' if item is None else plain(item)}" for name, item in value.items())
        return "{" + ", ".join(fields) + "}"
    return str(value)


def _rows(result: pa.Table) -> Iterator[list[Any]]:
    for batch in result.to_batches():
        columns = [column.to_pylist() for column in batch.columns]
        for row in zip(*columns, strict=True):
            yield list(row)


def _shown(value: Any) -> str:
    """A value for people: NULL as nothing, a fraction with four digits after the point at most."""
    if value is None:
        return ""
    if isinstance(value, float) and value == value and abs(value) < 1e15:
        return f"{value:.4f}".rstrip("0").rstrip(".")
    return plain(value)


def rich_table(result: pa.Table, width: int) -> Any:
    """The rows as a table of rich, numbers to the right, its columns closer together where they fit this width so."""
    from rich import box
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    rows = [[_shown(value) for value in row] for row in _rows(result)]
    natural = [max(map(cell_len, column)) for column in zip(result.column_names, *rows, strict=True)]
    wide = sum(natural) + 2 * (len(natural) - 1) <= width
    table = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False, padding=(0, int(wide), 0, 0))
    for field in result.schema:
        number = pa.types.is_integer(field.type) or pa.types.is_floating(field.type) or pa.types.is_decimal(field.type)
        table.add_column(Text(field.name), justify="right" if number else "left", overflow="fold")
    for row in rows:
        table.add_row(*map(Text, row))
    return table
