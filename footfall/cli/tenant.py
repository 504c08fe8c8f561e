"""`footfall tenant`: add a tenant, list them, show and change their settings."""

import json
from typing import Annotated

import msgspec
import typer

from footfall.cli import tenant_keys, tenant_schemas
from footfall.cli.options import DEFAULT_LAKE, Json, Lake, pick_tenant
from footfall.cli.tenant_keys import show_key
from footfall.cli.tenant_store import Name, Region, Table, now, open_tenants
from footfall.events import tenant_settings
from footfall.events.tenant_changes import check_name
from footfall.events.tenants import Tenant


def register(app: typer.Typer) -> None:
    """Add `footfall tenant` to the command."""
    tenant = typer.Typer(no_args_is_help=True)
    tenant.command("add")(add)
    tenant.command("list")(list_tenants)
    tenant.command("add-key")(tenant_keys.add_key)
    tenant.command("keys")(tenant_keys.keys)
    tenant.command("rotate-key")(tenant_keys.rotate_key)
    tenant.command("end-key")(tenant_keys.end_key)
    tenant.command("show")(show)
    tenant.command("set")(set_)
    tenant.add_typer(
        tenant_schemas.build(), name="schema", help="JSON Schemas for events' properties: add, list or remove one."
    )
    app.add_typer(tenant, name="tenant", help="Add a tenant, list them, change their keys and settings.")


def add(
    name: Name, lake: Lake = DEFAULT_LAKE, table: Table = None, region: Region = None, as_json: Json = False
) -> None:
    """Add a tenant, and make the lake where it is new. The write key is shown this once.

    Example: footfall tenant add shop --lake ./lake
    """
    check_name(name)
    tenant, write_key = open_tenants(lake, table, region, create=True).add(name, now())
    show_key(tenant.name, write_key, as_json)


def list_tenants(lake: Lake = DEFAULT_LAKE, table: Table = None, region: Region = None, as_json: Json = False) -> None:
    """List the tenants and how many write keys of each work now.

    Example: footfall tenant list --lake ./lake
    """
    at = now()
    tenants = open_tenants(lake, table, region).all()
    rows = [
        {
            "tenant": tenant.name,
            "keys": sum(key.works(at) for key in tenant.keys),
            "session_gap_seconds": tenant.session_gap_seconds,
            "goal": tenant.goal,
            "time_zone": tenant.time_zone,
        }
        for tenant in tenants
    ]
    if as_json:
        print(json.dumps(rows))
        return
    for row in rows:
        print(
            f"{row['tenant']}  keys: {row['keys']}  session gap: {row['session_gap_seconds']} s"
            f"  goal: {row['goal']}  time zone: {row['time_zone']}"
        )
    if not rows:
        print("No tenants yet. Add one: footfall tenant add NAME")


def show(
    name: Name, lake: Lake = DEFAULT_LAKE, table: Table = None, region: Region = None, as_json: Json = False
) -> None:
    """Show a tenant's settings. Neither its keys nor its salt are shown.

    Example: footfall tenant show shop
    """
    _show_settings(pick_tenant(open_tenants(lake, table, region), name), as_json)


def set_(
    name: Name,
    settings: Annotated[
        list[str], typer.Argument(help="NAME=VALUE each; a list's items are parted by commas.", metavar="NAME=VALUE...")
    ],
    lake: Lake = DEFAULT_LAKE,
    table: Table = None,
    region: Region = None,
    as_json: Json = False,
) -> None:
    """Change settings of a tenant, all of them or, where one is wrong, none. A running collector sees them at once.

    Example: footfall tenant set shop origins=https://shop.example events_per_second=200 time_zone=Europe/Berlin
    """
    registry = open_tenants(lake, table, region)
    _show_settings(registry.update(name, lambda tenant: tenant_settings.change(tenant, settings)), as_json)


def _show_settings(tenant: Tenant, as_json: bool) -> None:
    shown: dict[str, object] = {"tenant": tenant.name}
    shown |= {name: msgspec.to_builtins(getattr(tenant, name)) for name in tenant_settings.SETTINGS}
    if as_json:
        print(json.dumps(shown))
        return
    for name, value in shown.items():
        print(f"{name}: {', '.join(value) if isinstance(value, list | tuple) else value}")
