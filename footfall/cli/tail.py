"""`footfall tail`: what a local collector has taken in and rejected lately."""

from typing import TYPE_CHECKING, Annotated

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake, TenantName, pick_tenant

if TYPE_CHECKING:
    from footfall.local.raw_feed import FeedItem

_HELP = (
    "Show the events that a local collector took in or rejected lately, each rejected one with its reason and what to "
    "do about it.\n\nExample: footfall tail --tenant shop --rejected --follow"
)
_FOLLOW_SECONDS = 0.5
_WIDTH = 200


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command("tail", help=_HELP)(tail)


def tail(
    lake: Lake = DEFAULT_LAKE,
    tenant: TenantName = None,
    rejected: Annotated[
        bool, typer.Option("--rejected", help="Only what was rejected, or accepted with a warning.")
    ] = False,
    follow: Annotated[bool, typer.Option(help="Go on with what comes, until Ctrl-C.")] = False,
    lines: Annotated[int, typer.Option("--lines", min=0, help="How many of the newest events to show at first.")] = 20,
    as_json: Json = False,
) -> None:
    """Show the newest events, and those that come."""
    import time

    import msgspec

    from footfall.events.tenant_file import TenantFile
    from footfall.lake.layout import open_lake
    from footfall.local.raw_feed import RawFeed

    opened = open_lake(lake)
    if tenant is not None:
        pick_tenant(TenantFile(opened.tenants), tenant)
    feed = RawFeed(opened.raw, tenant=tenant, rejected_only=rejected)

    def show(items: "list[FeedItem]") -> None:
        for item in items:
            print(msgspec.json.encode(item).decode() if as_json else _shown(item), flush=True)

    try:
        show(feed.last(lines))
        while follow:
            time.sleep(_FOLLOW_SECONDS)
            show(feed.new(time.time_ns() // 1_000_000))
    except KeyboardInterrupt:
        return
    except BrokenPipeError:
        _forget_stdout()


def _shown(item: "FeedItem") -> str:
    """A line, and below it what is to be said of a rejected event or a warning."""
    from datetime import UTC, datetime

    import msgspec

    when = datetime.fromtimestamp(item.received_at / 1_000, UTC).strftime("%Y-%m-%d %H:%M:%S")
    if item.accepted:
        properties = msgspec.json.encode(item.properties).decode() if item.properties else ""
        parts = [when, item.tenant, "accepted", item.name, f"({item.level})", item.visitor, item.url, properties]
        below = [f"    warning: {warning}" for warning in item.warnings]
    else:
        parts = [when, item.tenant, "REJECTED", item.reason, item.detail]
        below = [f"    what to do: {item.what_to_do}"] if item.what_to_do else []
        below += [f"    sent: {item.text}"] if item.text else []
    return "\n".join(_printable(line) for line in ["  ".join(part for part in parts if part), *below])


def _printable(text: str) -> str:
    """One line that a terminal shows as it is: what clients send may hold the terminal's own commands."""
    text = "".join(character if character.isprintable() else "\ufffd" for character in text)
    return text if len(text) <= _WIDTH else f"{text[: _WIDTH - 1]}…"


def _forget_stdout() -> None:
    """Whoever read the output has gone: nothing is to be written at the end either."""
    import os
    import sys

    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
