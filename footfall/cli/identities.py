"""`footfall identities`: which visitor is which user, and undoing what is wrong."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake, TenantName, pick_tenant

if TYPE_CHECKING:
    from footfall.lake.layout import LocalLake

Visitor = Annotated[str, typer.Argument(help="The visitor's id.", show_default=False)]


def register(app: typer.Typer) -> None:
    """Add the verb and its parts."""
    verb = typer.Typer(name="identities", help="Which visitor is which user.", no_args_is_help=True)
    verb.command("list")(list_links)
    verb.command("show")(show)
    verb.command("unlink")(unlink)
    app.add_typer(verb)


def list_links(
    user: Annotated[str, typer.Option("--user", help="Only the visitors of this user.")] = "",
    most: Annotated[int, typer.Option("--most", min=1, help="How many to list.")] = 100,
    lake: Lake = DEFAULT_LAKE,
    tenant: TenantName = None,
    as_json: Json = False,
) -> None:
    """List the links of visitors to users that stand.

    Example: footfall identities list --user u-17
    """
    from footfall.local.identities import links

    opened, name = _open(lake, tenant)
    found = links(opened, name, user=user, most=most)
    if as_json:
        _print_json(found)
    elif found:
        _print_table(("visitor", "user_id", "person", "linked_at", "until_time", "cause"), found)
    else:
        print(f"No visitor of {name} is linked to {user or 'a user'}, as of the last `footfall etl`.")


def show(visitor: Visitor, lake: Lake = DEFAULT_LAKE, tenant: TenantName = None, as_json: Json = False) -> None:
    """Show what was said of who a visitor is, by which events, and what was undone.

    Example: footfall identities show 8a51c2
    """
    from footfall.local.identities import identity

    opened, name = _open(lake, tenant)
    found = identity(opened, name, visitor)
    if as_json:
        _print_json(found)
        return
    columns = ("user_id", "person", "cause", "event_id", "undone_at")
    if found.links:
        _print_table(("linked_at", *columns), found.links)
    if found.aliases:
        print(f"{visitor} was given up for:")
        _print_table(("aliased_at", *(column for column in columns if column != "cause")), found.aliases)


def unlink(
    visitor: Visitor,
    user: Annotated[str, typer.Argument(help="The user that it is not.", show_default=False)],
    by: Annotated[str, typer.Option("--by", help="Who orders it; kept with the order.")] = "",
    lake: Lake = DEFAULT_LAKE,
    tenant: TenantName = None,
    as_json: Json = False,
) -> None:
    """Undo the link of a visitor to a user: all that was said of it until now. `footfall etl` carries it out.

    The order is kept in raw and never changed. A later event that names the user is a new link.

    Example: footfall identities unlink 8a51c2 u-17 --by ann
    """
    import time

    from footfall.local.identities import unlink as order

    opened, name = _open(lake, tenant)
    action = order(opened, name, visitor, user, at=time.time_ns() // 1_000_000, by=by)
    if as_json:
        _print_json(action)
    else:
        print(f"{visitor} is not {user}: recorded as {action.id}. Next: footfall etl --lake {lake}")


def _open(lake: Lake, tenant: str | None) -> "tuple[LocalLake, str]":
    from footfall.events.tenant_file import TenantFile
    from footfall.lake.layout import open_lake

    opened = open_lake(lake)
    return opened, pick_tenant(TenantFile(opened.tenants), tenant).name


def _print_json(found: object) -> None:
    import msgspec

    print(msgspec.json.encode(found).decode())


def _print_table(columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(*(column.replace("_", " ") for column in columns))
    for row in rows:
        table.add_row(*(Text(_cell(row[column])) for column in columns))
    Console().print(table)


def _cell(value: object) -> str:
    if value is None:
        return ""
    return f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, datetime) else str(value)
