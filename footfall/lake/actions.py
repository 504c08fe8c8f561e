"""What operators did to the lake (an unlink, an erasure, a replay), recorded in raw so that a rebuild does it again.

An action is one small object, `actions/<at>-<id>.json` beside the raw objects: a canonical JSON line that is written
once, and changed by erasure only. Who makes a kind of action declares it as an `ActionKind`; nothing here knows any.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, Protocol, TypeVar

import msgspec
from msgspec import Struct

from footfall.errors import FootfallError
from footfall.events.raw_object import ACTIONS

VERSION = 1
_SUFFIX = ".json"
_ID_LENGTH = 32
_LATEST = 253_402_300_799_999

Body = TypeVar("Body", bound=Struct)


@dataclass(frozen=True)
class ActionKind(Generic[Body]):
    """A kind of action: its name, and the struct that its body is.

    A body says all that is needed to do the action again, and nothing that differs from run to run.
    """

    name: str
    body: type[Body]


class Action(Struct, Generic[Body], frozen=True):
    """An action: its kind and tenant, when it was ordered (epoch ms), by whom where that is known, and its body.

    `id` is the hash of all else, so the same order recorded again is the same action.
    """

    version: int
    id: str
    kind: str
    tenant: str
    at: int
    body: Body
    by: str = ""


class ActionStore(Protocol):
    """Where actions lie. Files on a laptop, S3 on AWS."""

    def keys(self) -> Iterator[str]:
        """Every action's key (`actions/...`), in order."""

    def read(self, key: str) -> bytes:
        """The action's text."""

    def add(self, key: str, text: bytes) -> None:
        """Write an action, whole and durable when this returns; one that is there already is left as it is."""

    def remove(self, key: str) -> None:
        """Remove an action, for an erasure; one that is not there is no error."""


class ActionLog:
    """The actions of a lake, in the order of their time, then of their id.

    Args:
        store: where they lie.
    """

    def __init__(self, store: ActionStore) -> None:
        self._store = store

    def record(self, kind: ActionKind[Body], tenant: str, at: int, body: Body, by: str = "") -> Action[Body]:
        """Record an action; it stands in raw when this returns.

        Args:
            kind: what is done.
            tenant: whose data it is done to.
            at: when it was ordered, in epoch milliseconds.
            body: what it is done to, of the kind's struct.
            by: who ordered it, where that is known.

        Raises:
            FootfallError: the store does not take it.
        """
        if not isinstance(body, kind.body):
            raise TypeError(f"an action {kind.name} has a body of {kind.body.__name__}, not {type(body).__name__}")
        if not 0 <= at <= _LATEST:
            raise ValueError(f"an action's time is in epoch milliseconds, from 0 to {_LATEST}: {at}")
        unnamed = Action(VERSION, "", kind.name, tenant, at, body, by)
        action = msgspec.structs.replace(unnamed, id=_id(unnamed))
        self._store.add(_key(at, action.id), _encode(action))
        return action

    def of(self, kind: ActionKind[Body]) -> Iterator[Action[Body]]:
        """The actions of a kind, in order.

        Raises:
            FootfallError: an action cannot be read, or was changed.
        """
        for key, text, head in self._heads():
            if head.kind == kind.name:
                try:
                    body = msgspec.convert(head.body, kind.body)
                except msgspec.ValidationError as error:
                    raise _unreadable(key, str(error)) from error
                action = Action(head.version, head.id, head.kind, head.tenant, head.at, body, head.by)
                if _encode(action) != text:
                    raise _unreadable(key, f"it has words that an action {kind.name} does not know")
                yield action

    def erase(self, kind: ActionKind[Body], names: Callable[[Action[Body]], bool]) -> int:
        """Remove the actions of a kind that name somebody who is erased. Returns how many.

        Args:
            kind: the kind; what its actions did must not depend on them any more.
            names: tells whether an action is one of these.

        Raises:
            FootfallError: an action cannot be read, or was changed.
        """
        found = [action for action in self.of(kind) if names(action)]
        for action in found:
            self._store.remove(_key(action.at, action.id))
        return len(found)

    def _heads(self) -> Iterator[tuple[str, bytes, "_Head"]]:
        """Each action with its key and text, its body not yet looked at."""
        for key in self._store.keys():  # noqa: SIM118 - a store is no mapping
            text = self._store.read(key)
            try:
                head = _head_decoder.decode(text)
            except (msgspec.DecodeError, UnicodeDecodeError) as error:
                raise _unreadable(key, str(error)) from error
            if head.version != VERSION:
                raise FootfallError(
                    f"{key} is an action of version {head.version}, and this version of footfall reads {VERSION}. "
                    "Use the version that recorded it."
                )
            if _encode(head) != text or _id(head) != head.id or _key(head.at, head.id) != key:
                raise _unreadable(key, "its content is not what its id says")
            yield key, text, head


class FileActionStore:
    """Actions as files in `actions/` below the folder of raw."""

    def __init__(self, raw: Path) -> None:
        self._raw = raw

    def keys(self) -> Iterator[str]:
        """Every action's key, in order."""
        found = (self._raw / ACTIONS).glob(f"*{_SUFFIX}")
        return iter(sorted(f"{ACTIONS}/{path.name}" for path in found if not path.name.startswith(".")))

    def read(self, key: str) -> bytes:
        """The action's text."""
        return (self._raw / key).read_bytes()

    def add(self, key: str, text: bytes) -> None:
        """Write an action, whole and on disk when this returns; one that is there already is left as it is."""
        path = self._raw / key
        temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with temporary.open("wb") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            # The name is the hash of the content: whoever is there already has written the same bytes.
            temporary.replace(path)
            _sync_folder(path.parent)
            _sync_folder(self._raw)
        except OSError as error:
            with suppress(OSError):
                temporary.unlink()
            raise FootfallError(f"{path} cannot be written: {error.strerror}. Nothing was done; try again.") from error

    def remove(self, key: str) -> None:
        """Remove an action."""
        path = self._raw / key
        path.unlink(missing_ok=True)
        if path.parent.is_dir():
            _sync_folder(path.parent)


class _Head(Struct, frozen=True, forbid_unknown_fields=True):
    """An action of any kind."""

    version: int
    id: str
    kind: str
    tenant: str
    at: int
    body: dict[str, Any]
    by: str = ""


_encoder = msgspec.json.Encoder(order="sorted")
_head_decoder = msgspec.json.Decoder(_Head)


def _encode(action: "Action[Any] | _Head") -> bytes:
    return _encoder.encode(action) + b"\n"


def _id(action: "Action[Any] | _Head") -> str:
    return hashlib.sha256(_encode(msgspec.structs.replace(action, id=""))).hexdigest()[:_ID_LENGTH]


def _key(at: int, identity: str) -> str:
    return f"{ACTIONS}/{at:015d}-{identity}{_SUFFIX}"


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unreadable(key: str, detail: str) -> FootfallError:
    return FootfallError(f"{key} is no sound action: {detail}. Restore it from the bucket's or the disk's backup.")
