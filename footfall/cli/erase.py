"""`footfall erase`: erase a person from every store, or order it where the lake is on AWS."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from footfall.cli.options import DEFAULT_LAKE, Json, Lake, TenantName, pick_tenant
from footfall.cli.tenant_store import Region, Table, open_tenants
from footfall.errors import FootfallError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from footfall.lake.receipts import Erasures, Receipt

_JOB = "footfall-ENVIRONMENT-erase"


def register(app: typer.Typer) -> None:
    """Add the verb."""
    app.command(
        "erase",
        help="Erase a visitor, or a user with its visitors, from every store, with a receipt.\n\n"
        "Example: footfall erase --tenant shop --visitor 2f6c1a\n\n"
        "On AWS this writes an order, which the erasure job carries out.",
    )(erase)


def erase(
    visitor: Annotated[list[str] | None, typer.Option("--visitor", help="A visitor's id; may be repeated.")] = None,
    user: Annotated[list[str] | None, typer.Option("--user", help="A user's id, its visitors with it.")] = None,
    now: Annotated[bool, typer.Option("--now", help="Forget the old snapshots at once, not in seven days.")] = False,
    resume: Annotated[bool, typer.Option("--resume", help="Finish what was interrupted or is due.")] = False,
    receipts: Annotated[bool, typer.Option("--receipts", help="Show the receipts of all erasures.")] = False,
    raw_bucket: Annotated[
        str | None,
        typer.Option(
            "--raw-bucket",
            envvar="FOOTFALL_RAW_BUCKET",
            help="The bucket of raw, in place of a lake's folder: the output RawBucket of the stack.",
        ),
    ] = None,
    table: Table = None,
    region: Region = None,
    lake: Lake = DEFAULT_LAKE,
    tenant: TenantName = None,
    as_json: Json = False,
) -> None:
    """Erase somebody from every store, finish what was begun, or show what was done."""
    if [bool(visitor or user), resume, receipts].count(True) != 1:
        raise FootfallError("say whom to erase with --visitor ID or --user ID, or give --resume or --receipts alone.")
    if not raw_bucket:
        if table:
            raise FootfallError("with --table, or FOOTFALL_TENANTS_TABLE, name the lake's --raw-bucket too.")
        _in_folder(lake, tenant, visitor or [], user or [], now=now, resume=resume, receipts=receipts, as_json=as_json)
    elif resume:
        raise FootfallError(f"on AWS the job {_JOB} goes on with what was interrupted; give no --resume.")
    elif receipts:
        with _asking_aws():
            _show_all(_erasures(raw_bucket), as_json)
    elif not table:
        raise FootfallError("with --raw-bucket, name the tenants' --table too.")
    else:
        _order(raw_bucket, (lake, table, region), tenant, visitor or [], user or [], now=now, as_json=as_json)


def _in_folder(
    lake: Path,
    tenant: str | None,
    visitors: Sequence[str],
    users: Sequence[str],
    *,
    now: bool,
    resume: bool,
    receipts: bool,
    as_json: bool,
) -> None:
    from rich.console import Console

    from footfall.events.tenant_file import TenantFile
    from footfall.lake.layout import open_lake
    from footfall.local import erase_run
    from footfall.local.profile_erasure import erase_from_node

    opened = open_lake(lake)
    if receipts:
        _show_all(erase_run.erasures(opened), as_json)
        return
    with Console(stderr=True).status("reading") as status:

        def told(step: str) -> None:
            status.update(f"{step} done")

        def profiles(name: str, visitors: Collection[str]) -> int | None:
            return erase_from_node(opened, name, visitors, told)

        if resume:
            done = erase_run.resume(opened, erase_profiles=profiles, progress=told)
        else:
            chosen = pick_tenant(TenantFile(opened.tenants), tenant)
            done = [
                erase_run.run_erase(
                    opened, chosen, visitors, users, erase_profiles=profiles, at_once=now, progress=told
                )
            ]
    _show(done, as_json)
    if not done and not as_json:
        print("Nothing to finish: no erasure was interrupted, and none is due.")


def _order(
    raw_bucket: str,
    registry: tuple[Path, str, str | None],
    tenant: str | None,
    visitors: Sequence[str],
    users: Sequence[str],
    *,
    now: bool,
    as_json: bool,
) -> None:
    """Write an order into the raw bucket, for the job to carry out."""
    import json

    from footfall.etl.erasure_run import order

    chosen = pick_tenant(open_tenants(*registry), tenant)
    with _asking_aws():
        ordered = order(_erasures(raw_bucket), chosen, visitors, users, at_once=now)
    if as_json:
        print(json.dumps({"ordered": ordered.id}))
        return
    print(
        f"erasure {ordered.id} of {ordered.tenant} is ordered. The job {_JOB} carries it out, by its schedule or at "
        f"once:\n  aws glue start-job-run --job-name {_JOB}\n"
        f"What was done:\n  footfall erase --receipts --raw-bucket {raw_bucket}"
    )


def _erasures(raw_bucket: str) -> Erasures:
    from footfall.lake.locations import erasure_store
    from footfall.lake.receipts import Erasures

    return Erasures(erasure_store(f"s3://{raw_bucket}/raw"))


@contextmanager
def _asking_aws() -> Iterator[None]:
    """Says in a line what S3 refuses."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise FootfallError(f"the raw bucket cannot be asked: {error}") from error


def _show_all(erasures: Erasures, as_json: bool) -> None:
    """The receipts, and the orders that nobody has begun to carry out."""
    known = erasures.receipts()
    _show(known, as_json)
    if as_json:
        return
    begun = {receipt.id for receipt in known}
    waiting = [request for request in erasures.requests() if request.id not in begun]
    for request in waiting:
        print(f"erasure {request.id} of {request.tenant}: ordered, not begun")
    if not known and not waiting:
        print("Nobody was erased yet.")


def _show(receipts: Sequence[Receipt], as_json: bool) -> None:
    import msgspec

    if as_json:
        print(msgspec.json.encode(receipts).decode())
        return
    for receipt in receipts:
        print(f"erasure {receipt.id} of {receipt.tenant}: {'complete' if receipt.complete else 'not complete yet'}")
        for name, line in receipt.stores.items():
            removed = ", ".join(f"{count:,} {what}" for what, count in line.removed.items())
            print("  " + "  ".join(part for part in (f"{name:14}", f"{line.state:12}", removed, line.note) if part))
