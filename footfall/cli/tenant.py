"""`footfall tenant`: add a tenant, list them, give one a new write key, show and change its settings."""

import json
import time
from pathlib import Path
from typing import Annotated, cast, get_args

import msgspec
import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake, pick_tenant
from footfall.errors import FootfallError
from footfall.events import event_schemas, tenant_settings
from footfall.events.tenant_file import TenantFile, check_name
from footfall.events.tenants import SchemaMode, Tenant
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
    schema = typer.Typer(no_args_is_help=True)
    schema.command("add")(add_schema)
    schema.command("list")(list_schemas)
    schema.command("remove")(remove_schema)
    tenant.add_typer(schema, name="schema", help="JSON Schemas for events' properties: add, list or remove one.")
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


EventName = Annotated[str, typer.Argument(help="The name of the events, such as purchase.")]


def add_schema(
    name: Name,
    event: EventName,
    file: Annotated[Path, typer.Argument(help="A file with a JSON Schema of the events' properties.")],
    mode: Annotated[
        str, typer.Option(help="warn: keep what does not match, with a warning; enforce: reject it.")
    ] = "warn",
    lake: Lake = DEFAULT_LAKE,
) -> None:
    """Have the properties of a tenant's events of one name checked by a JSON Schema, in place of the one there was.

    Example: footfall tenant schema add shop purchase purchase.schema.json --mode enforce
    """
    if mode not in get_args(SchemaMode):
        raise FootfallError(f"--mode takes one of {', '.join(get_args(SchemaMode))}, not {mode!r}.")
    try:
        text = file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise FootfallError(f"{file} cannot be read: {error}. Name a file with a JSON Schema.") from error
    registry = TenantFile(open_lake(lake).tenants)
    registry.update(name, lambda tenant: event_schemas.add(tenant, event, cast(SchemaMode, mode), text))
    print(f"{name}: {event} is checked by {file} ({mode}).")


def list_schemas(name: Name, lake: Lake = DEFAULT_LAKE, as_json: Json = False) -> None:
    """List a tenant's schemas; with --json, their text too.

    Example: footfall tenant schema list shop
    """
    tenant = pick_tenant(TenantFile(open_lake(lake).tenants), name)
    if as_json:
        rows = [
            {"event": schema.event, "mode": schema.mode, "schema": json.loads(schema.schema)}
            for schema in tenant.schemas
        ]
        print(json.dumps(rows))
        return
    for schema in tenant.schemas:
        print(f"{schema.event}  {schema.mode}")
    if not tenant.schemas:
        print(f"{name} has no schemas yet. Add one: footfall tenant schema add {name} EVENT FILE")


def remove_schema(name: Name, event: EventName, lake: Lake = DEFAULT_LAKE) -> None:
    """Have a tenant's events of one name checked no longer.

    Example: footfall tenant schema remove shop purchase
    """

    def change(tenant: Tenant) -> Tenant:
        if event_schemas.find(tenant.schemas, event) is None:
            known = ", ".join(schema.event for schema in tenant.schemas) or "none"
            raise FootfallError(f"the tenant {name} has no schema for {event!r}; it has: {known}.")
        return event_schemas.remove(tenant, event)

    TenantFile(open_lake(lake).tenants).update(name, change)
    print(f"{name}: {event} is checked no longer.")


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
