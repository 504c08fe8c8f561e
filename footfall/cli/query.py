"""`footfall query`: ask the lake in SQL."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake, TenantName, pick_tenant
from footfall.errors import FootfallError

if TYPE_CHECKING:
    import pyarrow as pa

FORMATS = ("table", "csv", "json")


def query(
    name: Annotated[str | None, typer.Argument(help="A saved query; --list shows them.")] = None,
    sql: Annotated[str | None, typer.Option("--sql", help="A query in Athena's SQL.")] = None,
    param: Annotated[list[str] | None, typer.Option("--param", help="A parameter's value: name=value.")] = None,
    output: Annotated[str, typer.Option("--format", help="table, csv or json.")] = "table",
    engine: Annotated[str, typer.Option("--engine", help="duckdb.")] = "duckdb",
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="The lake as it was at this time (UTC), as far as it is kept.")
    ] = None,
    listed: Annotated[bool, typer.Option("--list", help="List the saved queries.")] = False,
    lake: Lake = DEFAULT_LAKE,
    tenant: TenantName = None,
    as_json: Json = False,
) -> None:
    """Ask the lake in Athena's SQL: a saved query by its name, or your own text.

    Examples: `footfall query top_pages --param pages=20`;
    `footfall query --sql "select name, count(*) as events from events group by name" --format csv`.
    """
    if as_json:
        output = "json"
    if output not in FORMATS:
        raise FootfallError(f"there is no format {output!r}: give one of {', '.join(FORMATS)}.")
    if engine in ("trino", "athena"):
        raise FootfallError(f"the engine {engine} is not yet on this version: use --engine duckdb.")
    if engine != "duckdb":
        raise FootfallError(f"there is no engine {engine!r}: use --engine duckdb.")
    if listed:
        _list(output)
        return
    if (name is None) == (sql is None):
        raise FootfallError("name one saved query or give --sql TEXT; `footfall query --list` shows the saved ones.")
    _run(name, sql, param or [], output, lake, tenant, as_of)


def _run(
    name: str | None, sql: str | None, param: list[str], output: str, lake: Lake, tenant: str | None, as_of: str | None
) -> None:
    from footfall.events.tenant_file import TenantFile
    from footfall.events.time_text import epoch_ms
    from footfall.lake.layout import open_lake
    from footfall.query.catalog import load
    from footfall.query.embedded import run
    from footfall.query.parameters import bind, guess, pairs

    given = pairs(param)
    if name is not None:
        saved = load(name)
        text, values = saved.sql, bind(saved.parameters, given, name)
        if saved.kind == "views":
            text = f"select * from {name}"
    else:
        text, values = sql or "", {key: guess(value) for key, value in given.items()}
    opened = open_lake(lake)
    chosen = pick_tenant(TenantFile(opened.tenants), tenant)
    at = None if as_of is None else epoch_ms(as_of)
    _print(run(opened, chosen.name, text, values, at), output)


def _print(result: pa.Table, output: str) -> None:
    from footfall.query.output import csv_text, json_text, rich_table

    if output == "table":
        from rich.console import Console

        screen = Console()
        screen.print(rich_table(result, screen.width))
        return
    text = csv_text(result) if output == "csv" else json_text(result) + "\n"
    sys.stdout.buffer.write(text.encode())
    sys.stdout.buffer.flush()


def _list(output: str) -> None:
    import pyarrow as pa

    from footfall.query.catalog import load_all

    saved = [found for found in load_all() if found.kind != "features"]
    _print(
        pa.table(
            {
                "name": [found.name for found in saved],
                "question": [found.question for found in saved],
                "parameters": [
                    ", ".join(f"{item.name}={item.default or ''}" for item in found.parameters) for found in saved
                ],
            }
        ),
        output,
    )


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("query")(query)
