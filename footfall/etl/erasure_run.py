"""Carrying an erasure out, store by store, with a receipt: on a laptop as on AWS.

Each step can be done again, so an erasure that was interrupted is simply carried out once more.
"""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

import msgspec

from footfall.errors import FootfallError
from footfall.etl.erasure import find, person_of_user, remove_left_over, rows_held, take_out
from footfall.etl.late_events import USUAL, LatePolicy
from footfall.etl.ledger_commits import commit_names, kept_snapshots
from footfall.etl.pipeline import RUN_TABLES, run
from footfall.etl.replay import mark
from footfall.etl.unlinks import UNLINK, Unlink
from footfall.events.tenants import Tenant
from footfall.events.visitor_names import named
from footfall.lake.actions import Action, ActionLog
from footfall.lake.engines.maintenance import Maintenance, Removed
from footfall.lake.engines.port import Engine
from footfall.lake.raw_store import RawStore
from footfall.lake.receipts import Erasures, Receipt, Request, StoreLine
from footfall.lake.retention import read_retention
from footfall.lake.suppression import ERASURE, Erasure, keyed_hash, read_suppressions
from footfall.lake.tables import LEDGER, QUARANTINE, TABLES
from footfall.lake.tombstones import Person

SNAPSHOTS_STAY_MS = 7 * 86_400_000
"""How long after an erasure the snapshots from before it can still be read, unless they are to go at once."""

STEPS = ("looked up", "suppression", "found", "marked", "raw", "tables", "manifests", "snapshots")
"""What is told of while one is carried out; each of `others` stands between the tables and the manifests."""

Progress = Callable[[str], None]
EraseElsewhere = Callable[[Person], StoreLine]
"""Removes a person from a store that is neither raw nor a table."""


@dataclass(frozen=True)
class Stores:
    """The stores of a lake that a person is erased from, and what is needed for it. The caller holds the lease.

    Attributes:
        engine: works the tables out anew.
        maintenance: rewrites manifests, and forgets snapshots.
        raw: the raw objects.
        tenants: all tenants.
        log: the operators' actions.
        erasures: requests and receipts.
        others: what else holds something of people, by the name that it has in the receipt.
    """

    engine: Engine
    maintenance: Maintenance
    raw: RawStore
    tenants: Sequence[Tenant]
    log: ActionLog
    erasures: Erasures
    others: Mapping[str, EraseElsewhere] = field(default_factory=dict)


def order(
    erasures: Erasures, tenant: Tenant, visitors: Sequence[str], users: Sequence[str], *, at_once: bool
) -> Request:
    """Write down whom to erase; nothing is done yet.

    Args:
        erasures: where requests are kept.
        tenant: whose visitors they are.
        visitors: the ids of visitors.
        users: the ids of users, whose visitors go too.
        at_once: forget the snapshots from before at once, not after SNAPSHOTS_STAY_MS.

    Raises:
        FootfallError: an id is empty, or there is none.
    """
    if not (visitors or users) or not all((*visitors, *users)):
        raise FootfallError("an empty id names nobody. Say whom to erase.")
    at = int(time.time() * 1000)
    asked = _hashes(tenant, Person(tenant.name, visitors, users))
    digest = hashlib.sha256("\0".join(asked.visitors + asked.users).encode()).hexdigest()
    due = at if at_once else at + SNAPSHOTS_STAY_MS
    ids = tuple(sorted(set(visitors))), tuple(sorted(set(users)))
    request = Request(f"{at}-{digest[:12]}", tenant.name, at, *ids, due, is_looked_up=not users)
    erasures.ask(request)
    return request


def finish(stores: Stores, progress: Progress = lambda step: None, *, now: int | None = None) -> list[Receipt]:
    """Carry out what is ordered and not done yet, and forget the snapshots that are due. Returns the receipts.

    Args:
        stores: the lake's.
        progress: called with each step of each erasure once it is done.
        now: epoch milliseconds, by which snapshots are due; the clock's unless another time is given.

    Raises:
        FootfallError: something could not be carried out; all else was.
    """
    done: list[Receipt] = []
    refused: list[str] = []
    for request in stores.erasures.requests():
        try:
            done.append(carry_out(stores, request, progress))
        except FootfallError as error:
            refused.append(f"{request.id} of {request.tenant}: {error}")
    done += forget_due(stores, int(time.time() * 1000) if now is None else now)
    if refused:
        raise FootfallError(" ".join(refused))
    return done


def carry_out(stores: Stores, request: Request, progress: Progress = lambda step: None) -> Receipt:
    """Erase whom a request names from every store.

    Args:
        stores: the lake's.
        request: whom to erase.
        progress: called with each step once it is done (see STEPS).

    Raises:
        FootfallError: the tenant is unknown, or a store refuses: `finish` does what is left.
    """
    tenant = next((known for known in stores.tenants if known.name == request.tenant), None)
    if tenant is None:
        raise FootfallError(f"no tenant is named {request.tenant!r}, whose visitors are to be erased. Put it back.")
    engine, erasures = stores.engine, stores.erasures
    if not request.is_looked_up:
        request = _looked_up(stores, request)
    progress("looked up")
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
    stores.log.record(ERASURE, tenant.name, request.at, _hashes(tenant, person))
    progress("suppression")

    found = find(engine, stores.raw, list(stores.raw.keys()), person)
    if "raw" not in receipt.stores:
        raw = {"objects": len(found.objects), "events": found.events}
        receipt = _with(receipt, "raw", StoreLine("pending", raw))
        for name, rows in rows_held(engine, person).items():
            receipt = _with(receipt, name, StoreLine("pending", {"rows": rows}))
        erasures.save(receipt)
    progress("found")
    mark(engine, [*found.objects, *found.copies])
    progress("marked")
    # Beside what an interrupted run has written: these objects hold nothing of the person any more.
    told = receipt.stores["raw"].removed
    written = take_out(engine, stores.raw, found.objects, person)
    added = {name: told.get(name, 0) + count for name, count in written.items()}
    receipt = _with(receipt, "raw", StoreLine("done", {**told, **added}))
    erasures.save(receipt)
    progress("raw")

    _take_in(stores)
    remove_left_over(engine, person)
    for table in TABLES:
        line = receipt.stores.get(table.name)
        removed = line.removed if line else {}
        held = removed or table in (QUARANTINE, LEDGER)
        receipt = _with(receipt, table.name, StoreLine("done" if held else "nothing held", removed))
    # What they undid is gone from raw.
    unlinks = stores.log.erase(UNLINK, partial(_unlinks, person))
    receipt = _with_what_went(receipt, "unlinks", _line("actions", unlinks))
    erasures.save(receipt)
    progress("tables")
    for name, erase in stores.others.items():
        receipt = _with_what_went(receipt, name, erase(person))
        erasures.save(receipt)
        progress(name)

    cleaned_at = int(time.time() * 1000)
    _rewrite_manifests(stores)
    progress("manifests")
    for name, note in _LEFT.items():
        receipt = _with(receipt, name, StoreLine("pending", {}, note))
    receipt = msgspec.structs.replace(receipt, cleaned_at=cleaned_at)
    erasures.save(receipt)
    erasures.forget(request)
    finished = forget_due(stores, int(time.time() * 1000))
    progress("snapshots")
    return next((other for other in finished if other.id == receipt.id), receipt)


def forget_due(stores: Stores, now: int) -> list[Receipt]:
    """Forget the snapshots from before erasures whose time (epoch ms) has come, and the files that nothing names.

    Returns:
        The receipts in which this is new.
    """
    done = []
    for receipt in stores.erasures.receipts():
        if receipt.complete or not receipt.cleaned_at or receipt.snapshots_due > now:
            continue
        before = receipt
        if receipt.stores["snapshots"].state == "pending":
            receipt = _with(receipt, "snapshots", _gone(_forget_before(stores, receipt.cleaned_at)))
            stores.erasures.save(receipt)
        left = receipt.stores.get("orphans", StoreLine("pending"))
        if left.state == "pending" and receipt.cleaned_at + stores.maintenance.least_grace_ms <= now:
            # Those of tables that a rebuild has replaced, and what killed runs left.
            receipt = _with(receipt, "orphans", _gone(stores.maintenance.remove_orphans(receipt.cleaned_at)))
        receipt = msgspec.structs.replace(receipt, complete=_all_done(receipt))
        if receipt != before:
            stores.erasures.save(receipt)
            done.append(receipt)
    return done


_LEFT = {
    "snapshots": "forgotten by the first run after snapshots_due",
    "orphans": "files that nothing names: removed with the snapshots, by Spark once they are a day old",
}


def _looked_up(stores: Stores, request: Request) -> Request:
    """The request with the visitors of its users among its visitors, as it is kept from now on."""
    # Any event may be the one that tells of a visitor.
    _take_in(stores, late=None)
    theirs = person_of_user(stores.engine, request.tenant, request.users).visitors
    # Who has no browser's id stands in the tables under the user's.
    without_browser = {named("user", user) for user in request.users}
    visitors = tuple(sorted({*request.visitors, *theirs, *without_browser}))
    request = msgspec.structs.replace(request, visitors=visitors, is_looked_up=True)
    stores.erasures.ask(request)
    return request


def _take_in(stores: Stores, late: LatePolicy | None = USUAL) -> None:
    """What is new, and what was marked; of late events what does not wait."""
    run(
        stores.engine,
        stores.raw,
        stores.tenants,
        suppressions=read_suppressions(stores.log, stores.tenants),
        unlinks=tuple(stores.log.of(UNLINK)),
        retention=read_retention(stores.log),
        late=late,
    )


def _rewrite_manifests(stores: Stores) -> None:
    """Write manifests anew: they hold the least and greatest values of files that left."""
    for table in TABLES:
        if stores.engine.snapshot(table) is not None:
            stores.maintenance.rewrite_manifests(table, most=None)
    commit_names(stores.engine, RUN_TABLES)


def _forget_before(stores: Stores, at: int) -> Removed:
    """Forget the snapshots from before a time; those that the ledger's newer commits name stay."""
    removed = stores.maintenance.expire_before(LEDGER, at, ())
    kept = kept_snapshots(stores.engine)
    for table in TABLES:
        if table != LEDGER:
            removed += stores.maintenance.expire_before(table, at, kept.get(table.name, ()))
    return removed


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


def _with_what_went(receipt: Receipt, store: str, line: StoreLine) -> Receipt:
    """The receipt with a store's line; what went before an interruption, and is not found again, stays told."""
    known = receipt.stores.get(store)
    return receipt if known is not None and known.removed and not line.removed else _with(receipt, store, line)


def _line(what: str, count: int) -> StoreLine:
    return StoreLine("done", {what: count}) if count else StoreLine("nothing held")


def _gone(removed: Removed) -> StoreLine:
    return StoreLine("done", {"files": removed.files, **({"bytes": removed.bytes} if removed.bytes else {})})


def _all_done(receipt: Receipt) -> bool:
    return all(line.state != "pending" for line in receipt.stores.values())
