"""`footfall health`: is all well, and if not, what is wrong."""

import dataclasses
import json
import time
from typing import Annotated

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake, TenantName, pick_tenant


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "health",
        help="Say whether all is well with what comes in: how fresh and how sound it is; exit 1 where it is not.\n\n"
        "Example: footfall health --lake lake",
    )(health)


def health(
    lake: Lake = DEFAULT_LAKE,
    tenant: TenantName = None,
    max_age: Annotated[
        float, typer.Option("--max-age", min=0, help="Hours that the newest event may be old; 0: any.")
    ] = 24,
    as_json: Json = False,
) -> None:
    """Show what is wrong, and the way out."""
    from footfall.events.tenant_file import TenantFile
    from footfall.lake.layout import open_lake
    from footfall.local.health_run import run_health

    opened = open_lake(lake)
    if tenant is not None:
        pick_tenant(TenantFile(opened.tenants), tenant)
    found = run_health(opened, tenant, time.time_ns() // 1_000_000, max_age)
    if as_json:
        print(json.dumps({"ok": not found, "findings": [dataclasses.asdict(finding) for finding in found]}))
    elif not found:
        print("All is well.")
    else:
        for finding in found:
            print(f"{finding.tenant or 'the lake'}: {finding.check}: {finding.found}; {finding.way_out}.")
    if found:
        raise typer.Exit(1)
