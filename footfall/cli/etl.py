"""`footfall etl`: take in what is new."""

import dataclasses
import json
from collections.abc import Callable
from typing import Annotated, Literal

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake

Listing = Literal["all", "recent"]
LEAST_MEMORY = 3


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
    listed: Annotated[
        Listing,
        typer.Option(
            "--list",
            help="The raw objects to look through: all, or recent (of the last 25 hours and imported; once a week "
            "all), for a lake of years on which this runs by the hour.",
        ),
    ] = "all",
    memory: Annotated[
        float | None,
        typer.Option(
            "--memory",
            min=LEAST_MEMORY,
            help="About how many GiB of memory a run by duckdb may take: 3, or more, with which it takes in more of a "
            "large backlog at once, for less CPU.",
        ),
    ] = None,
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
            recent=listed == "recent",
            memory=memory,
            progress=_telling(status.update),
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
        print(f"{report.new_events} late events that waited were taken in; no raw object is new.")
    elif not report.unlinks:
        which = "every recent" if listed == "recent" else "every"
        print(f"Nothing new: {which} raw object is in the ledger.")
    if report.waiting:
        print(f"{report.waiting} events came days late and wait for others of their day; --all takes them in now.")


def _telling(show: Callable[[str], None]) -> Callable[[str], None]:
    """Show the step that is done, behind the part that is: there may be hundreds of parts."""
    part = ""

    def told(step: str) -> None:
        nonlocal part
        if step.startswith("part "):
            part = step
            show(f"{part} done")
        else:
            show(f"{part} done; {step}" if part else f"{step} done")

    return told
