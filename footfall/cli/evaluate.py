"""`footfall evaluate`: how good the latest model is."""

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake, TenantName, pick_tenant
from footfall.cli.train import EngineName


def evaluate(engine: EngineName, lake: Lake = DEFAULT_LAKE, tenant: TenantName = None, as_json: Json = False) -> None:
    """Measure an engine's latest model on its test window, on what the lake holds now.

    Example: `footfall evaluate conversion --tenant shop --json`.
    """
    from footfall.events.tenant_file import TenantFile
    from footfall.lake.layout import open_lake
    from footfall.ml import screen
    from footfall.ml.engines import check_name

    check_name(engine)
    opened = open_lake(lake)
    chosen = pick_tenant(TenantFile(opened.tenants), tenant)
    from footfall.ml.workflow import evaluate as run

    with screen.working(f"Evaluating {engine} for {chosen.name}"):
        report = run(opened, chosen, engine)
    screen.show_evaluation(report, as_json=as_json)


def register(app: typer.Typer) -> None:
    """Add the verb to the command."""
    app.command("evaluate")(evaluate)
