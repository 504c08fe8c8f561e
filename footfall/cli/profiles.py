"""`footfall profiles`: load the visitors' profiles into OpenSearch, and show one."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake, TenantName, pick_tenant
from footfall.errors import FootfallError

if TYPE_CHECKING:
    from footfall.lake.layout import LocalLake
    from footfall.profiles.document import Profile

Url = Annotated[
    str | None,
    typer.Option("--url", help="An OpenSearch to use instead of the lake's own node.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add the verb and its two parts."""
    verb = typer.Typer(name="profiles", help="Profiles of visitors, served from OpenSearch.", no_args_is_help=True)
    verb.command("load")(load)
    verb.command("show")(show)
    app.add_typer(verb)


def load(lake: Lake = DEFAULT_LAKE, tenant: TenantName = None, url: Url = None, json: Json = False) -> None:
    """Load a tenant's profiles, in place of those that are served.

    Example: footfall profiles load --lake lake --tenant shop
    """
    from datetime import UTC, datetime

    import msgspec
    from rich.console import Console
    from rich.progress import Progress

    from footfall.local.profile_loading import load_profiles

    opened, name = _open(lake, tenant)
    console = Console(stderr=True)
    with _node(opened, url, console.print) as address, Progress(console=console, transient=True) as progress:
        task = progress.add_task(f"loading profiles of {name}", total=None)
        loaded = load_profiles(opened, name, address, now=datetime.now(UTC), each=lambda: progress.advance(task))
    if json:
        print(msgspec.json.encode(loaded).decode())
    else:
        print(f"{loaded.profiles:,} profiles of {name} are served, as {loaded.index}.")


def show(
    visitor: Annotated[str, typer.Argument(help="The visitor's id.")],
    lake: Lake = DEFAULT_LAKE,
    tenant: TenantName = None,
    url: Url = None,
    json: Json = False,
) -> None:
    """Show a visitor's profile.

    Example: footfall profiles show 8a51 --lake lake --tenant shop
    """
    import msgspec
    from rich.console import Console

    from footfall.local.profile_view import profile_view
    from footfall.profiles.client import cluster
    from footfall.profiles.search import ProfileSearch

    opened, name = _open(lake, tenant)
    with _node(opened, url, Console(stderr=True).print) as address, cluster(address) as client:
        found: Profile | None = ProfileSearch(client, name).get(visitor)
    if found is None:
        listing = "select visitor, last_seen from visitor_days order by last_seen desc limit 10"
        raise FootfallError(
            f"{name} has no profile of visitor {visitor!r}. List visitors with `footfall query --lake {lake} "
            f'--tenant {name} --sql "{listing}"`; one seen since the last load needs `footfall profiles load`.'
        )
    if json:
        print(msgspec.json.encode(found).decode())
    else:
        Console().print(profile_view(found))


def _open(lake: Lake, tenant: str | None) -> "tuple[LocalLake, str]":
    from footfall.events.tenant_file import TenantFile
    from footfall.lake.layout import open_lake

    opened = open_lake(lake)
    return opened, pick_tenant(TenantFile(opened.tenants), tenant).name


@contextmanager
def _node(lake: "LocalLake", url: str | None, progress: Callable[[str], None]) -> Iterator[str]:
    if url is not None:
        yield url
        return
    from footfall.local.lake_node import lake_node

    with lake_node(lake, progress=progress) as address:
        yield address
