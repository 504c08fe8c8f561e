"""What an erasure has done, store by store: a file that names nobody, kept for who has to prove it."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
from msgspec import Struct

from footfall.errors import FootfallError
from footfall.lake.layout import LocalLake

_FOLDER = "erasures"
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
    """Whom to erase. It is kept only until all stores but the old snapshots are done."""

    id: str
    tenant: str
    at: int
    visitors: tuple[str, ...]
    users: tuple[str, ...]
    snapshots_due: int


class Erasures:
    """The files of a lake's erasures, in `erasures/`.

    Args:
        lake: the lake.
    """

    def __init__(self, lake: LocalLake) -> None:
        self._folder = lake.root / _FOLDER

    def ask(self, request: Request) -> None:
        """Keep a request; it is there, for its owner alone, when this returns."""
        self._write(f"{request.id}{_REQUEST}", msgspec.json.encode(request))

    def forget(self, request: Request) -> None:
        """Remove a request: nothing is left to do that needs to know whom it is about."""
        (self._folder / f"{request.id}{_REQUEST}").unlink(missing_ok=True)

    def requests(self) -> Iterator[Request]:
        """The requests that are not carried out yet, the oldest first."""
        for path in sorted(self._folder.glob(f"*{_REQUEST}")):
            yield _read(path, Request)

    def save(self, receipt: Receipt) -> Path:
        """Write a receipt in the place of the one before. Returns its path."""
        return self._write(f"{receipt.id}{_RECEIPT}", msgspec.json.format(msgspec.json.encode(receipt)) + b"\n")

    def receipt(self, identity: str) -> Receipt | None:
        """The receipt of that id, or None."""
        path = self._folder / f"{identity}{_RECEIPT}"
        return _read(path, Receipt) if path.exists() else None

    def receipts(self) -> Iterator[Receipt]:
        """Every receipt, the oldest first."""
        for path in sorted(self._folder.glob(f"*{_RECEIPT}")):
            yield _read(path, Receipt)

    def _write(self, name: str, text: bytes) -> Path:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / name
        temporary = path.with_name(f".{name}.new")
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        return path


Kind = TypeVar("Kind", Request, Receipt)


def _read(path: Path, kind: type[Kind]) -> Kind:
    try:
        return msgspec.json.decode(path.read_bytes(), type=kind)
    except msgspec.DecodeError as error:
        raise FootfallError(f"{path} cannot be read: {error}. Restore it, or order the erasure again.") from error
