"""`footfall etl`: take in what is new."""

import dataclasses
import json
from typing import Annotated

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("etl", help="Take in the raw objects that are new.\n\nExample: footfall etl --lake lake")(etl)


def etl(
    lake: Lake = DEFAULT_LAKE,
    engine: Annotated[str, typer.Option("--engine", help="duckdb, or spark (local Spark, the script Glue runs).")] = (
        "duckdb"
    ),
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Build every table anew, beside the old ones.")] = False,
    everything: Annotated[
        bool, typer.Option("--all", help="Take in late events that would wait for others of their day, too.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Run the ETL of all tenants."""
    from rich.console import Console

    from footfall.lake.layout import open_lake
    from footfall.local.etl_run import run_etl

    opened = open_lake(lake)
    screen = Console(stderr=True)
    with screen.status("reading the ledger") as status:
        report = run_etl(
            opened,
            engine,
            rebuild=rebuild,
            everything=everything,
            progress=lambda step: status.update(f"{step} done"),
        )
    if as_json:
        print(json.dumps(dataclasses.asdict(report)))
        return
    if report.unlinks:
        print(f"The tables follow the operators' unlinks now: {report.unlinks} in all.")
    if report.reworked:
        print(f"{report.reworked} visitors' days of history were worked out again, by rules that have changed.")
    if report.objects:
        print(
            f"{report.objects} raw objects taken in: {report.events} events, "
            f"{report.new_events} of them new, and {report.rejected} rejected."
        )
    elif report.new_events:
        print(f"{report.new_events} late events that waited were taken in; every raw object is in the ledger.")
    elif not report.unlinks:
        print("Nothing new: every raw object is in the ledger.")
    if report.waiting:
        print(f"{report.waiting} events came days late and wait for others of their day; --all takes them in now.")
