"""The write keys of a tenant: `footfall tenant add-key`, `keys`, `rotate-key` and `end-key`."""

import json
from datetime import UTC, datetime
from typing import Annotated

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake, pick_tenant
from footfall.cli.tenant_store import Name, Region, Table, now, open_tenants

KeyId = Annotated[str, typer.Argument(help="The key's id, as `footfall tenant keys` shows it.", metavar="ID")]
Hours = Annotated[float, typer.Option("--overlap-hours", min=0, max=8_760, help="How long the old keys still work.")]


def add_key(
    name: Name,
    events: Annotated[
        str, typer.Option(help="The names of events that may be sent with it, with commas; all where none are given.")
    ] = "",
    lake: Lake = DEFAULT_LAKE,
    table: Table = None,
    region: Region = None,
    as_json: Json = False,
) -> None:
    """Give a tenant one more write key, shown this once. The others stay as they are.

    Example: footfall tenant add-key shop --events page_view,search
    """
    names = tuple(part.strip() for part in events.split(",") if part.strip())
    show_key(name, open_tenants(lake, table, region).add_key(name, now(), names), as_json)


def keys(
    name: Name, lake: Lake = DEFAULT_LAKE, table: Table = None, region: Region = None, as_json: Json = False
) -> None:
    """List a tenant's write keys that work: their ids, not the keys; what may be sent with each, and its end.

    Example: footfall tenant keys shop
    """
    at = now()
    tenant = pick_tenant(open_tenants(lake, table, region), name)
    rows = [
        {
            "id": key.id,
            "created_at": _time(key.created_at),
            "ends_at": _time(key.expires_at) if key.expires_at else None,
            "event_names": list(key.event_names),
        }
        for key in tenant.keys
        if key.works(at)
    ]
    if as_json:
        print(json.dumps(rows))
        return
    for row, key in zip(rows, (key for key in tenant.keys if key.works(at)), strict=True):
        events = ", ".join(key.event_names) or "all"
        print(f"{row['id']}  made: {row['created_at']}  ends: {row['ends_at'] or 'never'}  events: {events}")
    if not rows:
        print(f"No key of {name} works. Make one: footfall tenant add-key {name}")


def rotate_key(
    name: Name,
    key: Annotated[str, typer.Option(help="The id of the one key to replace; all of them where none is given.")] = "",
    overlap_hours: Hours = 24,
    lake: Lake = DEFAULT_LAKE,
    table: Table = None,
    region: Region = None,
    as_json: Json = False,
) -> None:
    """Give a tenant a new write key in place of the old ones, shown this once. They work for 24 hours more.

    Example: footfall tenant rotate-key shop --overlap-hours 48
    """
    registry = open_tenants(lake, table, region)
    show_key(name, registry.rotate(name, now(), int(overlap_hours * 3_600), key), as_json)


def end_key(
    name: Name,
    key: KeyId,
    overlap_hours: Hours = 0,
    lake: Lake = DEFAULT_LAKE,
    table: Table = None,
    region: Region = None,
) -> None:
    """Let a write key of a tenant end, with no other in its place: at once, or some hours from now.

    Example: footfall tenant end-key shop 3f9a1c07
    """
    open_tenants(lake, table, region).end_key(name, key, now(), int(overlap_hours * 3_600))
    print(f"{name}: the key {key} ends {f'in {overlap_hours:g} hours' if overlap_hours else 'now'}.")


def show_key(tenant: str, write_key: str, as_json: bool) -> None:
    """Print a new key: it is kept nowhere."""
    if as_json:
        print(json.dumps({"tenant": tenant, "write_key": write_key}))
    else:
        print(f"tenant:    {tenant}\nwrite key: {write_key}\nKeep the key: it is not shown again.")


def _time(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")
