"""`footfall predict`: score the visitors."""

from typing import Annotated

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake, TenantName, pick_tenant
from footfall.cli.train import EngineName


def predict(
    engine: EngineName,
    lake: Lake = DEFAULT_LAKE,
    tenant: TenantName = None,
    as_of: Annotated[
        str | None, typer.Option("--as-of", help="Score as of this UTC time (default: the last visit).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Score each visitor by an engine's latest model, into the table `predictions`.

    Example: `footfall predict conversion --tenant shop`.
    """
    from footfall.events.tenant_file import TenantFile
    from footfall.lake.layout import open_lake
    from footfall.ml import screen
    from footfall.ml.engines import check_name

    check_name(engine)
    opened = open_lake(lake)
    chosen = pick_tenant(TenantFile(opened.tenants), tenant)
    time = screen.time(as_of)
    from footfall.ml.workflow import predict as run

    with screen.working(f"Scoring {engine} for {chosen.name}"):
        report = run(opened, chosen, engine, time)
    screen.show_prediction(report, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("predict")(predict)
