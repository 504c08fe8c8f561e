"""The page of the docs that describes the tables, written from their declarations."""

from pathlib import Path

from footfall.lake.tables import TABLES, Table

_HEAD = """# Tables

<!-- Written by `python -m footfall.lake.documentation`; change footfall/lake/tables.py and run it again. -->

Iceberg tables in the database `footfall`. Timestamps have no zone and are UTC; money is decimal(18,4). Each query is
bound to one tenant. The view `visitors` (first and last seen, totals, first channel) adds up `visitor_days`;
`identities_now`, `persons`, `sessions_by_person` and `entities_now` are explained in [Identity](identity.md).

Where a row comes from stands in `raw_object`, `raw_line` and `raw_index`. No table but `predictions` and `ledger` depends
on when or how often the ETL ran: built again from raw, they hold the same rows.
"""


def tables_page() -> str:
    """The page, as Markdown."""
    return "\n".join([_HEAD, *(_section(table) for table in TABLES)])


def _section(table: Table) -> str:
    partition = ", ".join(_partition(name, transform) for name, transform in table.partition)
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
