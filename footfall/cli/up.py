"""`footfall up`: the collector of a local lake, a demo shop, its OpenSearch node, and the ETL now and then."""

from typing import TYPE_CHECKING, Annotated

import typer

from footfall.cli.options import DEFAULT_LAKE, Lake

if TYPE_CHECKING:
    from footfall.lake.layout import LocalLake
    from footfall.local.site import Site

_HELP = (
    "Serve the collector of a local lake on 127.0.0.1, with a demo shop to try the tracker on, and an OpenSearch node "
    "for profiles; take in what is new every minute. Ctrl-C stops all.\n\nExample: footfall up --lake lake --port 8080"
)
_NO_KEY = "this lake has tenants, and keeps their write keys hashed. Name the key: footfall up --shop-key KEY"


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("up", help=_HELP)(up)


def up(
    lake: Lake = DEFAULT_LAKE,
    port: Annotated[int, typer.Option("--port", min=0, max=65_535, help="The collector's port; 0: a free one.")] = 8080,
    opensearch: Annotated[bool, typer.Option(help="Start an OpenSearch node too.")] = True,
    shop: Annotated[bool, typer.Option(help="Serve the demo shop at /shop/, and the tracker.")] = True,
    shop_key: Annotated[
        str, typer.Option(metavar="KEY", help="The write key that the shop sends with, in a lake with tenants.")
    ] = "",
    etl_every: Annotated[int, typer.Option(min=0, help="Seconds between runs of the ETL; 0: none.")] = 60,
) -> None:
    """Serve until a signal says stop."""
    import signal
    import threading
    from contextlib import ExitStack

    from footfall.lake.layout import open_lake
    from footfall.local.lake_node import lake_node
    from footfall.local.server import LocalServer

    opened = open_lake(lake, create=True)
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    with ExitStack() as stack:
        site, why_not = _shop(opened, shop_key) if shop else (None, "")
        server = stack.enter_context(LocalServer(opened, port, site))
        _say(f"collector   {server.url}/v1/events")
        if shop:
            _say(f"demo shop   {f'not served: {why_not}' if site is None else f'{server.url}/shop/'}")
        if opensearch:
            node = stack.enter_context(lake_node(opened, shared=True, progress=_say))
            _say(f"OpenSearch  {node}")
        _say(_next_steps(opened, server.url))
        recent = False  # nobody knows what was put among the raw objects before
        while not stop.wait(etl_every or None):
            _take_in(opened, recent=recent)
            recent = True
        _say("Stopping.")


def _shop(lake: "LocalLake", given_key: str) -> "tuple[Site | None, str]":
    """The demo shop, or why there is none.

    Raises:
        FootfallError: the key that was given is no tenant's.
    """
    import time

    from footfall.errors import FootfallError
    from footfall.events.tenant_file import TenantFile
    from footfall.local.shop import tracker_files
    from footfall.local.shop.site import ShopSite
    from footfall.local.shop.write_key import shop_key

    now = time.time_ns() // 1_000_000
    if given_key and TenantFile(lake.tenants).by_write_key(given_key, now) is None:
        raise FootfallError(f"--shop-key: no tenant of {lake.root} has this key. Get one: footfall tenant add NAME")
    try:
        built = tracker_files.read(tracker_files.folder())
    except FootfallError as error:
        return None, str(error)
    key = given_key or shop_key(lake, now)
    return (None, _NO_KEY) if key is None else (ShopSite(key, built), "")


def _next_steps(lake: "LocalLake", url: str) -> str:
    from footfall.events.tenant_file import TenantFile

    names = ", ".join(tenant.name for tenant in TenantFile(lake.tenants).all())
    root = lake.root
    known = f"Tenants: {names}." if names else f"No tenant yet: footfall tenant add NAME --lake {root}"
    batch = (
        '{"write_key": "KEY", "sent_at": \'$(date +%s000)\', "visitor": "me", "events": '
        '[{"id": "\'$(date +%s%N)\'", "name": "page_view", "level": "mid", "time": \'$(date +%s000)\'}]}'
    )
    return f"{known}\nSend one event:\n  curl {url}/v1/events --data '{batch}'\nCtrl-C stops all."


def _take_in(lake: "LocalLake", *, recent: bool) -> None:
    """One run of the ETL. Whatever goes wrong with it, the collector goes on."""
    import traceback

    from footfall.errors import FootfallError
    from footfall.local.etl_run import run_etl

    try:
        report = run_etl(lake, "duckdb", recent=recent)
    except FootfallError as error:
        _say(f"etl: {error}")
    except Exception:
        _say(f"etl failed; the collector goes on.\n{traceback.format_exc()}")
    else:
        if report.objects:
            _say(f"etl: {report.new_events:,} new events, {report.rejected:,} rejected.")


def _say(text: str) -> None:
    print(text, flush=True)
