"""`footfall reconcile`: prove that nothing was lost."""

import dataclasses
import json

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake, TenantName, pick_tenant

_ALWAYS = ("received", "stored", "duplicate", "quarantined")


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "reconcile",
        help="Prove from raw what became of all that was received; exit 1 where something is missing.\n\n"
        "Example: footfall reconcile --lake lake",
    )(reconcile)


def reconcile(lake: Lake = DEFAULT_LAKE, tenant: TenantName = None, as_json: Json = False) -> None:
    """Show the books of every tenant and day."""
    from rich import box
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table

    from footfall.events.tenant_file import TenantFile
    from footfall.lake.layout import open_lake
    from footfall.local.reconcile_run import run_reconcile

    opened = open_lake(lake)
    if tenant is not None:
        pick_tenant(TenantFile(opened.tenants), tenant)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("comparing raw objects", total=None)
        days = run_reconcile(opened, tenant, lambda done, total: bar.update(task, completed=done, total=total))
    balanced = all(day.balanced for day in days)
    columns = ("received", "stored", "duplicate", "quarantined", "erased", "expired", "missing", "invented", "waiting")
    totals = {column: sum(getattr(day, column) for day in days) for column in columns}
    if as_json:
        listed = [{**dataclasses.asdict(day), "balanced": day.balanced} for day in days]
        print(json.dumps({"balanced": balanced, **totals, "days": listed}))
    else:
        shown = [column for column in columns if column in _ALWAYS or totals[column]]
        table = Table("tenant", "day", box=box.SIMPLE)
        for column in shown:
            table.add_column(column, justify="right")
        for day in days:
            table.add_row(day.tenant or "(none)", day.day, *(f"{getattr(day, column):,}" for column in shown))
        table.add_section()
        table.add_row("all", "", *(f"{totals[column]:,}" for column in shown))
        Console().print(table)
        if totals["waiting"]:
            print(f"{totals['waiting']} wait in raw objects that no run has taken in yet: run `footfall etl`.")
        print("The books balance: nothing is lost." if balanced else "THE BOOKS DO NOT BALANCE.")
    if not balanced:
        raise typer.Exit(1)
