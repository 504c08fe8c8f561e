"""`footfall upkeep`: few files, few snapshots, and none that nothing needs."""

import json
from typing import Annotated

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "upkeep",
        help="Join small files, forget old snapshots, remove files that nothing needs; no row changes.\n\n"
        "Example: footfall upkeep --lake lake",
    )(upkeep)


def upkeep(
    lake: Lake = DEFAULT_LAKE,
    engine: Annotated[str, typer.Option("--engine", help="duckdb, or spark (Iceberg's procedures).")] = "duckdb",
    grace: Annotated[
        str, typer.Option("--grace", help="Files that nothing names are removed once they are so old: 3d, 12h, 0.")
    ] = "3d",
    as_json: Json = False,
) -> None:
    """Do the upkeep that is due, for all tenants."""
    import msgspec
    from rich.console import Console

    from footfall.cli.duration import milliseconds
    from footfall.lake.layout import open_lake
    from footfall.local.upkeep_run import run_upkeep

    opened = open_lake(lake)
    grace_ms = milliseconds(grace)
    with Console(stderr=True).status("reading the tables") as status:
        report = run_upkeep(opened, engine, grace_ms=grace_ms, progress=lambda step: status.update(f"{step} done"))
    if as_json:
        print(json.dumps(msgspec.to_builtins(report)))
        return
    kept = report.retention
    if kept.events or kept.quarantined or kept.objects:
        print(
            f"Retention: {kept.events:,} events, {kept.quarantined:,} rejected ones "
            f"and {kept.objects:,} raw objects removed."
        )
    for name, joined in report.compacted.items():
        print(
            f"{name}: {joined.files_before} files joined into {joined.files_after} "
            f"({joined.bytes_before:,} bytes, now {joined.bytes_after:,})."
        )
    for name, joined in report.manifests.items():
        print(f"{name}: {joined.files_before} manifests joined into {joined.files_after}.")
    for what, gone in (("of expired snapshots", report.expired), ("that nothing names", report.orphans)):
        if gone.files:
            print(f"{gone.files} files {what} removed ({gone.bytes:,} bytes).")
    removed = kept.events or kept.quarantined or kept.objects or report.expired.files or report.orphans.files
    if not (removed or report.compacted or report.manifests):
        print("Nothing to do: the files are in order.")
