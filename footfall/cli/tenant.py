"""`footfall tenant`: add a tenant, list them, give one a new write key, show and change its settings."""

import json
import time
from typing import Annotated

import msgspec
import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake, pick_tenant
from footfall.events import tenant_settings
from footfall.events.tenant_file import TenantFile, check_name
from footfall.events.tenants import Tenant
from footfall.lake.layout import open_lake

Name = Annotated[str, typer.Argument(help="The tenant's name: a-z, 0-9 and '-'.")]


def register(app: typer.Typer) -> None:
    """Add `footfall tenant` to the command."""
    tenant = typer.Typer(no_args_is_help=True)
    tenant.command("add")(add)
    tenant.command("list")(list_tenants)
    tenant.command("rotate-key")(rotate_key)
    tenant.command("show")(show)
    tenant.command("set")(set_)
    app.add_typer(tenant, name="tenant", help="Add a tenant, list them, change their keys and settings.")


def add(name: Name, lake: Lake = DEFAULT_LAKE, as_json: Json = False) -> None:
    """Add a tenant, and make the lake where it is new. The write key is shown this once.

    Example: footfall tenant add shop --lake ./lake
    """
    check_name(name)
    tenant, write_key = TenantFile(open_lake(lake, create=True).tenants).add(name, _now())
    _show_key(tenant.name, write_key, as_json)


def list_tenants(lake: Lake = DEFAULT_LAKE, as_json: Json = False) -> None:
    """List the tenants and how many write keys of each work now.

    Example: footfall tenant list --lake ./lake
    """
    now = _now()
    tenants = TenantFile(open_lake(lake).tenants).all()
    rows = [
        {
            "tenant": tenant.name,
            "keys": sum(key.expires_at == 0 or now < key.expires_at for key in tenant.keys),
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


def rotate_key(
    name: Name,
    lake: Lake = DEFAULT_LAKE,
    overlap_hours: Annotated[float, typer.Option(min=0, max=8_760, help="How long the old keys still work.")] = 24,
    as_json: Json = False,
) -> None:
    """Give a tenant a new write key, shown this once. The old keys work for 24 hours more.

    Example: footfall tenant rotate-key shop --overlap-hours 48
    """
    write_key = TenantFile(open_lake(lake).tenants).rotate(name, _now(), int(overlap_hours * 3_600))
    _show_key(name, write_key, as_json)


def show(name: Name, lake: Lake = DEFAULT_LAKE, as_json: Json = False) -> None:
    """Show a tenant's settings. Neither its keys nor its salt are shown.

    Example: footfall tenant show shop
    """
    _show_settings(pick_tenant(TenantFile(open_lake(lake).tenants), name), as_json)


def set_(
    name: Name,
    settings: Annotated[
        list[str], typer.Argument(help="NAME=VALUE each; a list's items are parted by commas.", metavar="NAME=VALUE...")
    ],
    lake: Lake = DEFAULT_LAKE,
    as_json: Json = False,
) -> None:
    """Change settings of a tenant, all of them or, where one is wrong, none. A running collector sees them at once.

    Example: footfall tenant set shop origins=https://shop.example events_per_second=200 time_zone=Europe/Berlin
    """
    registry = TenantFile(open_lake(lake).tenants)
    _show_settings(registry.update(name, lambda tenant: tenant_settings.change(tenant, settings)), as_json)


def _show_settings(tenant: Tenant, as_json: bool) -> None:
    shown: dict[str, object] = {"tenant": tenant.name}
    shown |= {name: msgspec.to_builtins(getattr(tenant, name)) for name in tenant_settings.SETTINGS}
    if as_json:
        print(json.dumps(shown))
        return
    for name, value in shown.items():
        print(f"{name}: {', '.join(value) if isinstance(value, list | tuple) else value}")


def _show_key(tenant: str, write_key: str, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"tenant": tenant, "write_key": write_key}))
    else:
        print(f"tenant:    {tenant}\nwrite key: {write_key}\nKeep the key: it is not shown again.")


def _now() -> int:
    return time.time_ns() // 1_000_000
