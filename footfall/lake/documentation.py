"""The page of the docs that describes the tables, written from their declarations."""

from pathlib import Path

from footfall.lake.tables import TABLES, Table

_HEAD = """# Tables

<!-- Written by `python -m footfall.lake.documentation`; change footfall/lake/tables.py and run it again. -->

Iceberg tables in the database `footfall`. Timestamps have no zone and are UTC; money is decimal(18,4). Each query is
bound to one tenant. The view `visitors` (first and last seen, totals, first channel) adds up `visitor_days`;
`identities_now`, `persons`, `sessions_by_person` and `entities_now` are explained in [Identity](identity.md).

## How page views, engagement and visits are counted

- **An event belongs to a page view** of its visit: the latest at or before it with the same `page_url`; where there is
  none, the latest page view. Two tabs that take turns so keep their own events.
- **Engagement** is a sum: each `engagement` (the tracker's heartbeat) and `page_leave` tells the milliseconds of
  attention since the page's last report, and `engaged_ms` of a page view, a visit and a visitor's day adds these up.
  Other events' `engaged_ms` do not count. `scroll_depth` is the deepest; a web vital's last word, which is its largest,
  stands.
- **A visit bounces** if it has one page view at most, under 10 seconds of engagement, no high-level event and no
  conversion.
- **Bots** are judged a visitor and UTC day at a time: see [Bots](bots.md).

A visitor opens `/shoes`, and 20 seconds later `/socks` in another tab, and goes back and forth:

| second | event | on page | tells | belongs to |
|---|---|---|---|---|
| 0 | page_view | /shoes | | /shoes |
| 15 | engagement | /shoes | 15,000 ms, depth 30 | /shoes |
| 20 | page_view | /socks | | /socks |
| 35 | engagement | /socks | 12,000 ms, depth 50 | /socks |
| 40 | click | /shoes | | /shoes |
| 55 | engagement | /shoes | 9,000 ms, depth 60 | /shoes |
| 60 | page_leave | /socks | 4,000 ms, depth 50 | /socks |
| 70 | page_leave | /shoes | 1,500 ms, depth 60 | /shoes |

So `/shoes` has 5 events, a click, 25,500 ms of engagement and a depth of 60; `/socks` has 3 events, 16,000 ms and 50.

**Columns of an older lake.** A version of Footfall that declares more columns adds them to the tables that it finds:
rows written before have NULL in those of `events` until `footfall etl --rebuild` reads raw again; the derived tables
fill theirs by themselves with the next `footfall etl`. A column that is renamed keeps its rows.

Where a row comes from stands in `raw_object`, `raw_line` and `raw_index`. No table but `predictions`, `ledger`, `rules`
and `late_events` (what [waits](operations.md#the-etl) to be taken in) depends on when or how often the ETL ran: built
again from raw, they hold the same rows.
"""


def tables_page() -> str:
    """The page, as Markdown."""
    return "\n".join([_HEAD, *(_section(table) for table in TABLES)])


def _section(table: Table) -> str:
    partition = ", ".join(_partition(name, transform) for name, transform in table.partition) or "none"
    rows = "\n".join(f"| {column.name} | {column.type} | {column.doc} |" for column in table.columns)
    return (
        f"## {table.name}\n\nA row is {table.row}. Partition: {partition}. Sorted by {', '.join(table.sort)}. "
        f"Unique: {', '.join(table.key)}.\n\n| column | type | meaning |\n|---|---|---|\n{rows}\n"
    )


def _partition(column: str, transform: str) -> str:
    if transform == "identity":
        return column
    if transform.startswith("bucket["):
        return f"{transform.removeprefix('bucket[').removesuffix(']')} buckets of {column}"
    return f"{transform} of {column}"


if __name__ == "__main__":
    (Path(__file__).resolve().parents[2] / "docs" / "tables.md").write_text(tables_page(), encoding="utf-8")
