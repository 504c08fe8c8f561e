"""The JSON Schemas of a tenant's events: `footfall tenant schema add`, `list` and `remove`."""

import json
from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake, pick_tenant
from footfall.cli.tenant_store import Name, Region, Table, open_tenants
from footfall.errors import FootfallError
from footfall.events import event_schemas
from footfall.events.tenants import SchemaMode, Tenant

EventName = Annotated[str, typer.Argument(help="The name of the events, such as purchase.")]


def build() -> typer.Typer:
    """The commands below `footfall tenant schema`."""
    schema = typer.Typer(no_args_is_help=True)
    schema.command("add")(add_schema)
    schema.command("list")(list_schemas)
    schema.command("remove")(remove_schema)
    return schema


def add_schema(
    name: Name,
    event: EventName,
    file: Annotated[Path, typer.Argument(help="A file with a JSON Schema of the events' properties.")],
    mode: Annotated[
        str, typer.Option(help="warn: keep what does not match, with a warning; enforce: reject it.")
    ] = "warn",
    lake: Lake = DEFAULT_LAKE,
    table: Table = None,
    region: Region = None,
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
    registry = open_tenants(lake, table, region)
    registry.update(name, lambda tenant: event_schemas.add(tenant, event, cast(SchemaMode, mode), text))
    print(f"{name}: {event} is checked by {file} ({mode}).")


def list_schemas(
    name: Name, lake: Lake = DEFAULT_LAKE, table: Table = None, region: Region = None, as_json: Json = False
) -> None:
    """List a tenant's schemas; with --json, their text too.

    Example: footfall tenant schema list shop
    """
    tenant = pick_tenant(open_tenants(lake, table, region), name)
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


def remove_schema(
    name: Name, event: EventName, lake: Lake = DEFAULT_LAKE, table: Table = None, region: Region = None
) -> None:
    """Have a tenant's events of one name checked no longer.

    Example: footfall tenant schema remove shop purchase
    """

    def change(tenant: Tenant) -> Tenant:
        if event_schemas.find(tenant.schemas, event) is None:
            known = ", ".join(schema.event for schema in tenant.schemas) or "none"
            raise FootfallError(f"the tenant {name} has no schema for {event!r}; it has: {known}.")
        return event_schemas.remove(tenant, event)

    open_tenants(lake, table, region).update(name, change)
    print(f"{name}: {event} is checked no longer.")
