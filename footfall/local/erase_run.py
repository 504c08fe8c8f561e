"""Erasing a person from a local lake: every store, one after the other, with a receipt."""

import hashlib
import re
import shutil
import time
import zlib
from collections.abc import Callable, Collection, Sequence
from functools import partial
from pathlib import Path

import msgspec

from footfall.collector.import_parts import is_alive
from footfall.collector.sinks.adoption import adopt
from footfall.errors import FootfallError
from footfall.etl.erasure import find, person_of_user, remove_left_over, rows_held, take_out
from footfall.etl.late_events import USUAL, LatePolicy
from footfall.etl.ledger_commits import commit_names, kept_snapshots
from footfall.etl.pipeline import RUN_TABLES, run
from footfall.etl.replay import mark
from footfall.etl.unlinks import UNLINK, Unlink
from footfall.events.tenant_file import TenantFile
from footfall.events.tenants import Tenant
from footfall.lake.actions import Action, ActionLog, FileActionStore
from footfall.lake.catalog import load, open_catalog
from footfall.lake.engines.duckdb import DuckDBEngine
from footfall.lake.engines.embedded_maintenance import EmbeddedMaintenance
from footfall.lake.engines.maintenance import Removed
from footfall.lake.expiry import expire_before
from footfall.lake.file_uri import file_uri
from footfall.lake.layout import LocalLake
from footfall.lake.lease import lease
from footfall.lake.raw_store import FileRawStore
from footfall.lake.receipts import Erasures, Receipt, Request, StoreLine
from footfall.lake.retention import read_retention
from footfall.lake.suppression import ERASURE, Erasure, keyed_hash, read_suppressions
from footfall.lake.tables import LEDGER, QUARANTINE, TABLES
from footfall.lake.tombstones import Person
from footfall.protocols.foreign_event import named

SNAPSHOTS_STAY_MS = 7 * 86_400_000
"""How long after an erasure the snapshots from before it can still be read, unless they are to go at once."""

STEPS = ("request", "suppression", "found", "marked", "raw", "tables", "files", "profiles", "manifests", "snapshots")

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
    if not all((*visitors, *users)):
        raise FootfallError("an empty id names nobody. Say whom to erase.")
    adopt(lake.raw)
    with lease(lake, lambda holder: progress(f"waiting for the run of process {holder}")):
        person = Person(tenant.name, visitors, users)
        if users:
            with _Lake(lake) as opened:
                # Any event may be the one that tells of a visitor.
                opened.take_in(late=None)
                of_users = person_of_user(opened.engine, tenant.name, users)
                # Who has no browser's id stands in the tables under the user's.
                without_browser = {named("user", user) for user in users}
                person = Person(tenant.name, of_users.visitors | person.visitors | without_browser, users)
        at = int(time.time() * 1000)
        hashes = _hashes(tenant, person)
        digest = hashlib.sha256("\0".join(hashes.visitors + hashes.users).encode()).hexdigest()
        request = Request(
            f"{at}-{digest[:12]}",
            tenant.name,
            at,
            tuple(sorted(person.visitors)),
            tuple(sorted(person.users)),
            at if at_once else at + SNAPSHOTS_STAY_MS,
        )
        Erasures(lake).ask(request)
        progress("request")
        return _carry_out(lake, request, erase_profiles, progress)


def resume(lake: LocalLake, *, erase_profiles: EraseProfiles, progress: Progress = lambda step: None) -> list[Receipt]:
    """Finish the erasures that were interrupted, and those whose snapshots are due. Returns their receipts."""
    with lease(lake, lambda holder: progress(f"waiting for the run of process {holder}")):
        done = [_carry_out(lake, request, erase_profiles, progress) for request in list(Erasures(lake).requests())]
        return [*done, *forget_due(lake, int(time.time() * 1000))]


def forget_due(lake: LocalLake, now: int) -> list[Receipt]:
    """Forget the snapshots from before erasures whose time has come. The caller holds the lease.

    Returns:
        The receipts that this has completed.
    """
    erasures = Erasures(lake)
    done = []
    for receipt in list(erasures.receipts()):
        if not receipt.complete and receipt.cleaned_at and receipt.snapshots_due <= now:
            with _Lake(lake) as opened:
                removed = opened.forget_before(receipt.cleaned_at)
            line = StoreLine("done", {"files": removed.files, "bytes": removed.bytes})
            receipt = _with(receipt, "snapshots", line)
            receipt = msgspec.structs.replace(receipt, complete=_all_done(receipt))
            erasures.save(receipt)
            done.append(receipt)
    return done


class _Lake:
    """The parts of a lake that an erasure works on."""

    def __init__(self, lake: LocalLake) -> None:
        self.lake = lake
        self.catalog = open_catalog(lake)
        self.engine = DuckDBEngine(self.catalog)
        self.maintenance = EmbeddedMaintenance(self.catalog, file_uri(lake.warehouse))
        self.store = FileRawStore(lake.raw)
        self.tenants = TenantFile(lake.tenants).all()
        self.log = ActionLog(FileActionStore(lake.raw))

    def __enter__(self) -> "_Lake":
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.close()

    def take_in(self, late: LatePolicy | None = USUAL) -> None:
        """What is new, and what was marked; of late events what does not wait."""
        run(
            self.engine,
            self.store,
            self.tenants,
            suppressions=read_suppressions(self.log, self.tenants),
            unlinks=tuple(self.log.of(UNLINK)),
            retention=read_retention(self.log),
            late=late,
        )

    def join_manifests(self) -> None:
        """Write manifests anew: they hold the least and greatest values of files that left."""
        for table in TABLES:
            if load(self.catalog, table.name).current_snapshot() is not None:
                self.maintenance.rewrite_manifests(table, most=None)
        commit_names(self.engine, RUN_TABLES)

    def forget_before(self, at: int) -> Removed:
        """Forget the snapshots from before a time; those that the ledger's newer commits name stay.

        Files that nothing names go as well: those of tables that a rebuild has replaced, and what killed runs left.
        """
        removed = expire_before(load(self.catalog, LEDGER.name), at)
        kept = kept_snapshots(self.engine)
        for table in TABLES:
            if table != LEDGER:
                removed += expire_before(load(self.catalog, table.name), at, kept.get(table.name, ()))
        return removed + self.maintenance.remove_orphans(at)


def _carry_out(lake: LocalLake, request: Request, erase_profiles: EraseProfiles, progress: Progress) -> Receipt:
    erasures = Erasures(lake)
    person = Person(request.tenant, request.visitors, request.users)
    receipt = erasures.receipt(request.id) or Receipt(
        request.id,
        request.tenant,
        request.at,
        "user" if request.users else "visitor",
        len(request.visitors),
        len(request.users),
        request.snapshots_due,
    )
    with _Lake(lake) as opened:
        tenant = next((known for known in opened.tenants if known.name == request.tenant), None)
        if tenant is None:
            raise FootfallError(f"no tenant is named {request.tenant!r}, whose visitors are to be erased. Put it back.")
        opened.log.record(ERASURE, tenant.name, request.at, _hashes(tenant, person))
        progress("suppression")

        found = find(opened.store, list(opened.store.keys()), person)
        if "raw" not in receipt.stores:
            raw = {"objects": len(found.objects), "events": found.events}
            receipt = _with(receipt, "raw", StoreLine("pending", raw))
            for name, rows in rows_held(opened.engine, person).items():
                receipt = _with(receipt, name, StoreLine("pending", {"rows": rows}))
            erasures.save(receipt)
        progress("found")
        mark(opened.engine, [*found.objects, *found.copies])
        progress("marked")
        written = take_out(opened.store, found.objects, person)
        told = {key: value for key, value in written.items() if key != "objects"}
        receipt = _with(receipt, "raw", StoreLine("done", {**receipt.stores["raw"].removed, **told}))
        erasures.save(receipt)
        progress("raw")

        opened.take_in()
        remove_left_over(opened.engine, person)
        for table in TABLES:
            line = receipt.stores.get(table.name)
            removed = line.removed if line else {}
            held = removed or table in (QUARANTINE, LEDGER)
            receipt = _with(receipt, table.name, StoreLine("done" if held else "nothing held", removed))
        # What they undid is gone from raw.
        unlinks = opened.log.erase(UNLINK, partial(_unlinks, person))
        receipt = _with(
            receipt, "unlinks", StoreLine("done", {"actions": unlinks}) if unlinks else StoreLine("nothing held")
        )
        progress("tables")

        receipt = _with(receipt, "files", _remove_files(lake, person))
        erasures.save(receipt)
        progress("files")
        removed_profiles = erase_profiles(tenant.name, person.visitors)
        receipt = _with(
            receipt,
            "profiles",
            StoreLine("done", {"profiles": removed_profiles}) if removed_profiles else StoreLine("nothing held"),
        )
        progress("profiles")

        cleaned_at = int(time.time() * 1000)
        opened.join_manifests()
        progress("manifests")
    note = "forgotten by the first etl, upkeep or erase --resume after snapshots_due"
    receipt = _with(receipt, "snapshots", StoreLine("pending", {}, note))
    receipt = msgspec.structs.replace(receipt, cleaned_at=cleaned_at)
    erasures.save(receipt)
    erasures.forget(request)
    finished = forget_due(lake, int(time.time() * 1000))
    progress("snapshots")
    return next((other for other in finished if other.id == receipt.id), receipt)


def _unlinks(person: Person, action: Action[Unlink]) -> bool:
    ids = person.visitors | person.users
    return action.tenant == person.tenant and (action.body.visitor in ids or action.body.user in person.users)


def _hashes(tenant: Tenant, person: Person) -> Erasure:
    return Erasure(
        tuple(sorted(keyed_hash(tenant.salt, "visitor", visitor) for visitor in person.visitors)),
        tuple(sorted(keyed_hash(tenant.salt, "user", user) for user in person.users)),
    )


def _with(receipt: Receipt, store: str, line: StoreLine) -> Receipt:
    return msgspec.structs.replace(receipt, stores={**receipt.stores, store: line})


def _all_done(receipt: Receipt) -> bool:
    return all(line.state != "pending" for line in receipt.stores.values())


def _remove_files(lake: LocalLake, person: Person) -> StoreLine:
    """Remove models, reports and whatever else lies in the lake's folder and names the person."""
    kept = {lake.raw, lake.warehouse, lake.root / "erasures"}
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
