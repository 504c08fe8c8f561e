"""`footfall replay`: take a window of raw in again."""

import dataclasses
import json
from typing import Annotated

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "replay",
        help="Take a window of raw in again; what is stored as it should be is left as it is.\n\n"
        "Example: footfall replay --from 2026-03-01 --to 2026-03-02T12:00",
    )(replay)


def replay(
    start: Annotated[str, typer.Option("--from", help="What was received from this time on (UTC).")],
    end: Annotated[str, typer.Option("--to", help="Up to this time, which is left out (UTC).")],
    lake: Lake = DEFAULT_LAKE,
    engine: Annotated[str, typer.Option("--engine", help="duckdb, or spark.")] = "duckdb",
    as_json: Json = False,
) -> None:
    """Take in again the raw objects of a window, and what is new."""
    from rich.console import Console

    from footfall.errors import FootfallError
    from footfall.events.time_text import epoch_ms
    from footfall.lake.layout import open_lake
    from footfall.local.replay_run import run_replay

    opened = open_lake(lake)
    first, last = epoch_ms(start), epoch_ms(end)
    if first >= last:
        raise FootfallError(f"--from {start} is not before --to {end}: nothing lies between them.")
    with Console(stderr=True).status("reading the ledger") as status:
        report = run_replay(opened, first, last, engine, lambda step: status.update(f"{step} done"))
    if as_json:
        print(json.dumps(dataclasses.asdict(report)))
        return
    print(
        f"{report.objects} raw objects taken in: {report.events} events, "
        f"{report.new_events} of them new or changed, and {report.rejected} rejected."
    )
