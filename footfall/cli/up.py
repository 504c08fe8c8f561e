"""`footfall up`: the collector of a local lake, its OpenSearch node, and the ETL now and then."""

from typing import TYPE_CHECKING, Annotated

import typer

from footfall.cli.options import DEFAULT_LAKE, Lake

if TYPE_CHECKING:
    from footfall.lake.layout import LocalLake

_HELP = (
    "Serve the collector of a local lake on 127.0.0.1, with an OpenSearch node for profiles, and take in what is new "
    "every minute. Ctrl-C stops all.\n\nExample: footfall up --lake lake --port 8080"
)


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("up", help=_HELP)(up)


def up(
    lake: Lake = DEFAULT_LAKE,
    port: Annotated[int, typer.Option("--port", min=0, max=65_535, help="The collector's port; 0: a free one.")] = 8080,
    opensearch: Annotated[bool, typer.Option(help="Start an OpenSearch node too.")] = True,
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
        server = stack.enter_context(LocalServer(opened, port))
        _say(f"collector   {server.url}/v1/events")
        if opensearch:
            node = stack.enter_context(lake_node(opened, shared=True, progress=_say))
            _say(f"OpenSearch  {node}")
        _say(_next_steps(opened, server.url))
        while not stop.wait(etl_every or None):
            _take_in(opened)
        _say("Stopping.")


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


def _take_in(lake: "LocalLake") -> None:
    """One run of the ETL. Whatever goes wrong with it, the collector goes on."""
    import traceback

    from footfall.errors import FootfallError
    from footfall.local.etl_run import run_etl

    try:
        report = run_etl(lake, "duckdb")
    except FootfallError as error:
        _say(f"etl: {error}")
    except Exception:
        _say(f"etl failed; the collector goes on.\n{traceback.format_exc()}")
    else:
        if report.objects:
            _say(f"etl: {report.new_events:,} new events, {report.rejected:,} rejected.")


def _say(text: str) -> None:
    print(text, flush=True)
