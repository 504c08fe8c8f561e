"""Erasing a person from a local lake: every store, one after the other, with a receipt."""

import re
import shutil
import time
import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from footfall.collector.import_parts import is_alive
from footfall.collector.sinks.adoption import adopt
from footfall.etl.erasure_run import STEPS as CARRIED_OUT
from footfall.etl.erasure_run import EraseElsewhere, Stores, carry_out, finish, order
from footfall.events.tenant_file import TenantFile
from footfall.events.tenants import Tenant
from footfall.lake.actions import ActionLog, FileActionStore
from footfall.lake.catalog import open_catalog
from footfall.lake.engines.duckdb import DuckDBEngine
from footfall.lake.engines.embedded_maintenance import EmbeddedMaintenance
from footfall.lake.file_uri import file_uri
from footfall.lake.layout import LocalLake
from footfall.lake.lease import lease
from footfall.lake.locations import ERASURES, erasure_store
from footfall.lake.raw_store import FileRawStore
from footfall.lake.receipts import Erasures, Receipt, StoreLine
from footfall.lake.tombstones import Person

STEPS = ("request", *CARRIED_OUT, "files", "profiles")

EraseProfiles = Callable[[str, Collection[str]], int | None]
"""Removes visitors' profiles of a tenant; None where none were ever loaded."""

Progress = Callable[[str], None]


def run_erase(
    lake: LocalLake,
    tenant: Tenant,
    visitors: Sequence[str],
    users: Sequence[str],
    *,
    erase_profiles: EraseProfiles,
    at_once: bool = False,
    progress: Progress = lambda step: None,
) -> Receipt:
    """Erase visitors, or users with their visitors, from every store.

    Args:
        lake: the lake.
        tenant: whose visitors they are.
        visitors: the ids of visitors.
        users: the ids of users.
        erase_profiles: removes their profiles.
        at_once: forget the snapshots from before at once, not after SNAPSHOTS_STAY_MS.
        progress: called with each of STEPS once it is done.

    Raises:
        FootfallError: an id is empty, or a store refuses; in the latter case `resume` does what is left.
    """
    adopt(lake.raw)
    with lease(lake, lambda holder: progress(f"waiting for the run of process {holder}")):
        request = order(erasures(lake), tenant, visitors, users, at_once=at_once)
        progress("request")
        with _stores(lake, erase_profiles) as stores:
            return carry_out(stores, request, progress)


def resume(
    lake: LocalLake,
    *,
    erase_profiles: EraseProfiles,
    progress: Progress = lambda step: None,
    now: int | None = None,
) -> list[Receipt]:
    """Finish the erasures that were interrupted, and those whose snapshots are due by `now` (epoch ms).

    Returns:
        Their receipts.
    """
    with (
        lease(lake, lambda holder: progress(f"waiting for the run of process {holder}")),
        _stores(lake, erase_profiles) as stores,
    ):
        return finish(stores, progress, now=now)


def is_any_due(lake: LocalLake) -> bool:
    """Whether an erasure was interrupted, or snapshots are to be forgotten by now."""
    kept, now = erasures(lake), int(time.time() * 1000)
    due = (receipt for receipt in kept.receipts() if not receipt.complete and receipt.snapshots_due <= now)
    return bool(kept.requests()) or next(due, None) is not None


def erasures(lake: LocalLake) -> Erasures:
    """The requests and receipts of a lake."""
    return Erasures(erasure_store(str(lake.raw)))


@contextmanager
def _stores(lake: LocalLake, erase_profiles: EraseProfiles) -> Iterator[Stores]:
    catalog = open_catalog(lake)
    engine = DuckDBEngine(catalog)
    others: dict[str, EraseElsewhere] = {
        "files": partial(_remove_files, lake),
        "profiles": partial(_remove_profiles, erase_profiles),
    }
    try:
        yield Stores(
            engine,
            EmbeddedMaintenance(catalog, file_uri(lake.warehouse)),
            FileRawStore(lake.raw),
            TenantFile(lake.tenants).all(),
            ActionLog(FileActionStore(lake.raw)),
            erasures(lake),
            others,
        )
    finally:
        engine.close()


def _remove_profiles(erase_profiles: EraseProfiles, person: Person) -> StoreLine:
    removed = erase_profiles(person.tenant, person.visitors)
    return StoreLine("done", {"profiles": removed}) if removed else StoreLine("nothing held")


def _remove_files(lake: LocalLake, person: Person) -> StoreLine:
    """Remove models, reports and whatever else lies in the lake's folder and names the person."""
    kept = {lake.raw, lake.warehouse, lake.root / ERASURES}
    removed = 0
    for path in lake.raw.rglob(".*.tmp"):
        # Half of a raw object; whoever writes it has the number in its name, unless it was killed.
        owner = path.name.split(".")[-2]
        if not (owner.isdecimal() and is_alive(int(owner))):
            path.unlink(missing_ok=True)
            removed += 1
    for path in sorted(lake.root.rglob("*")):
        inside = any(folder in path.parents or folder == path for folder in kept)
        if inside or not path.is_file() or path == lake.tenants or path.name.startswith(lake.catalog.name):
            continue
        if not _names(path, person):
            continue
        removed += 1
        version = _model_version(lake, path)
        if version is None:
            path.unlink()
        elif version.exists():
            shutil.rmtree(version)
            (version.parent / "latest").unlink(missing_ok=True)
    return StoreLine("done", {"files": removed}) if removed else StoreLine("nothing held")


def _model_version(lake: LocalLake, path: Path) -> Path | None:
    """The folder of the model that a file belongs to: a model is removed whole, and trained again."""
    if lake.models not in path.parents:
        return None
    parts = path.relative_to(lake.models).parts
    return lake.models.joinpath(*parts[:3]) if len(parts) > 3 else None


def _names(path: Path, person: Person) -> bool:
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = zlib.decompressobj(wbits=47).decompress(data)
    if person.named_in("", data):
        return True
    # A long id is nothing else wherever it stands; a short one may be any word.
    return any(
        re.search(rb"(?<![\w-])" + re.escape(identity.encode()) + rb"(?![\w-])", data)
        for identity in person.visitors | person.users
        if len(identity) >= 8
    )
