"""`footfall erase`: erase a person from every store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake, TenantName, pick_tenant
from footfall.errors import FootfallError

if TYPE_CHECKING:
    from collections.abc import Collection

    from footfall.lake.receipts import Receipt


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "erase",
        help="Erase a visitor, or a user with its visitors, from every store, with a receipt.\n\n"
        "Example: footfall erase --tenant shop --visitor 2f6c1a",
    )(erase)


def erase(
    visitor: Annotated[list[str] | None, typer.Option("--visitor", help="A visitor's id; may be repeated.")] = None,
    user: Annotated[list[str] | None, typer.Option("--user", help="A user's id, its visitors with it.")] = None,
    now: Annotated[bool, typer.Option("--now", help="Forget the old snapshots at once, not in seven days.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Finish what was interrupted or is due.")] = False,
    lake: Lake = DEFAULT_LAKE,
    tenant: TenantName = None,
    as_json: Json = False,
) -> None:
    """Erase somebody from every store, or finish what was begun."""
    from rich.console import Console

    from footfall.events.tenant_file import TenantFile
    from footfall.lake.layout import open_lake
    from footfall.local import erase_run
    from footfall.local.profile_erasure import erase_from_node

    if resume == bool(visitor or user):
        raise FootfallError("say whom to erase with --visitor ID or --user ID, or give --resume alone.")
    opened = open_lake(lake)
    with Console(stderr=True).status("reading") as status:

        def told(step: str) -> None:
            status.update(f"{step} done")

        def profiles(name: str, visitors: Collection[str]) -> int | None:
            return erase_from_node(opened, name, visitors, told)

        if resume:
            receipts = erase_run.resume(opened, erase_profiles=profiles, progress=told)
        else:
            chosen = pick_tenant(TenantFile(opened.tenants), tenant)
            receipts = [
                erase_run.run_erase(
                    opened,
                    chosen,
                    visitor or [],
                    user or [],
                    erase_profiles=profiles,
                    at_once=now,
                    progress=told,
                )
            ]
    _show(receipts, as_json)


def _show(receipts: list[Receipt], as_json: bool) -> None:
    import msgspec

    if as_json:
        print(msgspec.json.encode(receipts).decode())
        return
    if not receipts:
        print("Nothing to finish: no erasure was interrupted, and none is due.")
    for receipt in receipts:
        print(f"erasure {receipt.id} of {receipt.tenant}: {'complete' if receipt.complete else 'not complete yet'}")
        for name, line in receipt.stores.items():
            removed = ", ".join(f"{count:,} {what}" for what, count in line.removed.items())
            print("  " + "  ".join(part for part in (f"{name:14}", f"{line.state:12}", removed, line.note) if part))
