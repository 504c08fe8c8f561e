"""`footfall train`: learn from the lake."""

from typing import Annotated

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake, TenantName, pick_tenant

EngineName = Annotated[str, typer.Argument(metavar="ENGINE", help="What to learn: conversion.")]


def train(
    engine: EngineName,
    lake: Lake = DEFAULT_LAKE,
    tenant: TenantName = None,
    as_of: Annotated[str | None, typer.Option("--as-of", help="Learn up to this UTC time (default: all).")] = None,
    as_json: Json = False,
) -> None:
    """Train an engine's model on the tenant's visits, measure it on the last of them, and save it.

    Example: `footfall train conversion --tenant shop`.
    """
    from footfall.events.tenant_file import TenantFile
    from footfall.lake.layout import open_lake
    from footfall.ml import screen
    from footfall.ml.engines import check_name

    check_name(engine)
    opened = open_lake(lake)
    chosen = pick_tenant(TenantFile(opened.tenants), tenant)
    time = screen.time(as_of)
    from footfall.ml.workflow import train as run

    with screen.working(f"Training {engine} for {chosen.name}"):
        report = run(opened, chosen, engine, time)
    screen.show_training(report, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("train")(train)
