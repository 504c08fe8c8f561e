"""`footfall demo`: a shop's simulated traffic, all the way from HTTP to profiles."""

from typing import Annotated

import typer

from footfall.cli.options import DEFAULT_LAKE, Lake
from footfall.errors import FootfallError

_HELP = (
    "Simulate a shop's traffic, send it through the collector, and run everything on it: ETL, the books, queries, a "
    "model, profiles. Exit 1 where the lake does not hold what was sent. Again in the same lake it stores nothing new."
    "\n\nExample: footfall demo --events 20000 --lake demo"
)


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("demo", help=_HELP)(demo)


def demo(
    lake: Lake = DEFAULT_LAKE,
    events: Annotated[int, typer.Option("--events", min=100, help="How many events to send.")] = 100_000,
    seed: Annotated[int, typer.Option("--seed", help="The traffic follows from it.")] = 7,
    port: Annotated[int, typer.Option("--port", min=0, max=65_535, help="The collector's port; 0: a free one.")] = 0,
    engine: Annotated[str, typer.Option("--engine", help="The ETL's engine: duckdb or spark.")] = "duckdb",
) -> None:
    """Run the demo, print what it found, and write the report."""
    from rich.console import Console

    from footfall.local.demo import REPORT, Demo
    from footfall.local.demo_screen import DemoScreen
    from footfall.local.demo_table import demo_table

    if engine not in ("duckdb", "spark"):
        raise FootfallError(f"there is no engine {engine!r}: use duckdb or spark.")
    output, errors = Console(), Console(stderr=True)
    result = Demo(lake, seed, events, DemoScreen(output, errors), port=port, engine=engine).run()
    output.print()
    output.print(demo_table(result))
    output.print(f"\nThe report, with charts: {lake / REPORT}", highlight=False, soft_wrap=True)
    for problem in result.problems:
        errors.print(f"footfall: {problem}", highlight=False, markup=False, soft_wrap=True)
    if result.problems:
        raise typer.Exit(1)
