"""What an erasure has done, store by store: a file that names nobody, kept for who has to prove it."""

from collections.abc import Iterator
from typing import Literal, Protocol, TypeVar

import msgspec
from msgspec import Struct

from footfall.errors import FootfallError

_REQUEST = ".request.json"
_RECEIPT = ".receipt.json"

State = Literal["pending", "done", "nothing held"]


class StoreLine(Struct, frozen=True):
    """A store: whether it is done, what was removed (by what it counts), and what is still to come."""

    state: State
    removed: dict[str, int] = {}
    note: str = ""


class Receipt(Struct, frozen=True):
    """An erasure, with a line a store.

    `at` is when it was ordered, `cleaned_at` from when on no new snapshot holds the person (epoch ms; 0: not yet),
    `snapshots_due` when the snapshots from before are forgotten.
    """

    id: str
    tenant: str
    at: int
    scope: Literal["visitor", "user"]
    visitors: int
    users: int
    snapshots_due: int
    cleaned_at: int = 0
    stores: dict[str, StoreLine] = {}
    complete: bool = False


class Request(Struct, frozen=True):
    """Whom to erase. It is kept only until all stores but the old snapshots are done.

    `is_looked_up` says whether the visitors of its users are among its visitors yet.
    """

    id: str
    tenant: str
    at: int
    visitors: tuple[str, ...]
    users: tuple[str, ...]
    snapshots_due: int
    is_looked_up: bool = True


Kind = TypeVar("Kind", Request, Receipt)


class PrivateStore(Protocol):
    """A place for small objects that only the lake's owner may read. A folder on a laptop, S3 on AWS."""

    def names(self) -> Iterator[str]:
        """Every object's name, in order."""

    def read(self, name: str) -> bytes:
        """An object's bytes."""

    def write(self, name: str, data: bytes) -> None:
        """Write an object, whole and durable when this returns, in the place of one of that name."""

    def remove(self, name: str) -> None:
        """Remove an object with every version of it; one that is not there is no error."""


class Erasures:
    """The requests and receipts of a lake's erasures.

    Args:
        store: where they lie.
    """

    def __init__(self, store: PrivateStore) -> None:
        self._store = store

    def ask(self, request: Request) -> None:
        """Keep a request, or what is known of it by now; it is there when this returns."""
        self._store.write(f"{request.id}{_REQUEST}", msgspec.json.encode(request))

    def forget(self, request: Request) -> None:
        """Remove a request: nothing is left to do that needs to know whom it is about."""
        self._store.remove(f"{request.id}{_REQUEST}")

    def requests(self) -> list[Request]:
        """The requests that are not carried out yet, the oldest first."""
        return [self._read(name, Request) for name in self._store.names() if name.endswith(_REQUEST)]

    def save(self, receipt: Receipt) -> None:
        """Write a receipt in the place of the one before."""
        self._store.write(f"{receipt.id}{_RECEIPT}", msgspec.json.format(msgspec.json.encode(receipt)) + b"\n")

    def receipt(self, identity: str) -> Receipt | None:
        """The receipt of that id, or None."""
        name = f"{identity}{_RECEIPT}"
        return self._read(name, Receipt) if name in self._store.names() else None

    def receipts(self) -> list[Receipt]:
        """Every receipt, the oldest first."""
        return [self._read(name, Receipt) for name in self._store.names() if name.endswith(_RECEIPT)]

    def _read(self, name: str, kind: type[Kind]) -> Kind:
        try:
            return msgspec.json.decode(self._store.read(name), type=kind)
        except msgspec.DecodeError as error:
            raise FootfallError(f"{name} cannot be read: {error}. Restore it, or order the erasure again.") from error
