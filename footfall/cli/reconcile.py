"""`footfall reconcile`: prove that nothing was lost."""

import dataclasses
import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake, TenantName, pick_tenant

if TYPE_CHECKING:
    from footfall.etl.gaps import Gap

_ALWAYS = ("received", "stored", "duplicate", "quarantined")


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "reconcile",
        help="Prove from raw what became of all that was received; exit 1 where something is missing.\n\n"
        "Example: footfall reconcile --days 7",
    )(reconcile)


def reconcile(
    lake: Lake = DEFAULT_LAKE,
    tenant: TenantName = None,
    days: Annotated[
        int | None,
        typer.Option(
            "--days", min=1, help="All, or what was received in the last so many days (UTC), today among them."
        ),
    ] = None,
    gaps: Annotated[
        bool, typer.Option("--gaps", help="Look for lines that a collector numbered and no raw object holds, too.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Show the books of every tenant and day."""
    from rich import box
    from rich.console import Console
    from rich.progress import Progress
    from rich.table import Table

    from footfall.etl.books import first_day
    from footfall.etl.gaps import find_gaps
    from footfall.events.tenant_file import TenantFile
    from footfall.lake.layout import open_lake
    from footfall.lake.raw_store import FileRawStore
    from footfall.local.reconcile_run import run_reconcile

    opened = open_lake(lake)
    if tenant is not None:
        pick_tenant(TenantFile(opened.tenants), tenant)
    first = None if days is None else first_day(days, time.time_ns() // 1_000_000)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("comparing raw objects", total=None)
        books = run_reconcile(opened, tenant, lambda done, total: bar.update(task, completed=done, total=total), first)
        if gaps:
            task = bar.add_task("looking for gaps", total=None)
            store = FileRawStore(opened.raw)
            found = find_gaps(store, lambda done, total: bar.update(task, completed=done, total=total), first)
        else:
            found = []
    balanced = all(day.balanced for day in books)
    columns = (
        *("received", "stored", "late", "duplicate", "quarantined"),
        *("erased", "expired", "missing", "invented", "waiting"),
    )
    totals = {column: sum(getattr(day, column) for day in books) for column in columns}
    if as_json:
        listed = [day.told() for day in books]
        told = {"gaps": [dataclasses.asdict(gap) for gap in found]} if gaps else {}
        print(json.dumps({"balanced": balanced, **totals, "days": listed, **told}))
    else:
        shown = [column for column in columns if column in _ALWAYS or totals[column]]
        table = Table("tenant", "day", box=box.SIMPLE)
        for column in shown:
            table.add_column(column, justify="right")
        for day in books:
            table.add_row(day.tenant or "(none)", day.day, *(f"{getattr(day, column):,}" for column in shown))
        table.add_section()
        table.add_row("all", "", *(f"{totals[column]:,}" for column in shown))
        Console().print(table)
        if totals["waiting"]:
            print(f"{totals['waiting']} wait in raw objects that no run has taken in yet: run `footfall etl`.")
        if totals["late"]:
            print(
                f"{totals['late']} came days late and wait for others of their day: `footfall etl --all` stores them."
            )
        print("The books balance: nothing is lost." if balanced else "THE BOOKS DO NOT BALANCE.")
        if gaps:
            _show(found)
    if not balanced:
        raise typer.Exit(1)


def _show(gaps: "list[Gap]") -> None:
    for gap in gaps:
        between = " and ".join(
            f"{datetime.fromtimestamp(at / 1000, UTC):%Y-%m-%d %H:%M:%S.%f}"[:-3] for at in (gap.after, gap.before)
        )
        print(
            f"{gap.lines} lines of the collector {gap.instance} are nowhere in raw, between {between} UTC: "
            "answered 503, or lost."
        )
    if not gaps:
        print("No gap before raw: each line that a collector has numbered is there.")
