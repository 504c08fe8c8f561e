"""`footfall events`: the names of the events that came, and the types of their properties."""

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake, TenantName, pick_tenant

_HELP = (
    "List the names of the events in a local lake's raw, those without a schema, and properties that come as more "
    "than one type.\n\nExample: footfall events --tenant shop"
)


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("events", help=_HELP)(events)


def events(lake: Lake = DEFAULT_LAKE, tenant: TenantName = None, as_json: Json = False) -> None:
    """Read raw and list what is in it."""
    import msgspec
    from rich.console import Console
    from rich.progress import Progress

    from footfall.events.tenant_file import TenantFile
    from footfall.lake.layout import open_lake
    from footfall.local.event_catalogue import catalogue

    opened = open_lake(lake)
    registry = TenantFile(opened.tenants)
    tenants = registry.all() if tenant is None else (pick_tenant(registry, tenant),)
    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("reading raw objects", total=None)
        kinds = catalogue(opened.raw, tenants, lambda done, total: bar.update(task, completed=done, total=total))
    if as_json:
        print(
            msgspec.json.encode([msgspec.to_builtins(kind) | {"drifting": [*kind.drifting]} for kind in kinds]).decode()
        )
        return
    for kind in kinds:
        declared = "has a schema" if kind.declared else "no schema"
        warned = f"  warnings: {kind.warnings:,}" if kind.warnings else ""
        print(f"{kind.tenant}  {kind.name!r}  {kind.events:,}  {declared}{warned}")
        for name, types in kind.drifting.items():
            told = ", ".join(f"{count:,} {known}" for known, count in sorted(types.items()))
            print(f"    {name!r} comes as more than one type: {told}")
    if not kinds:
        print("No events yet.")
