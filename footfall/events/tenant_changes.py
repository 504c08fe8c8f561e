"""Changes of tenants and their write keys, wherever they are kept."""

import re
import secrets
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable

import msgspec

from footfall.errors import FootfallError
from footfall.events.tenants import Tenant, WriteKey, hash_write_key, new_write_key

DAY_SECONDS = 86_400
_NAME = re.compile("[a-z0-9][a-z0-9-]{0,62}")
_LONGEST_EVENT_NAME = 128


class EditableTenants(ABC):
    """Tenants that may be changed: those of a file, or of a table."""

    @abstractmethod
    def all(self) -> tuple[Tenant, ...]:
        """Every tenant, by name.

        Raises:
            FootfallError: they cannot be read.
        """

    @abstractmethod
    def insert(self, tenant: Tenant) -> None:
        """Keep a tenant that is new.

        Raises:
            FootfallError: the name is taken, or it cannot be written.
        """

    @abstractmethod
    def update(self, name: str, change: Callable[[Tenant], Tenant]) -> Tenant:
        """Change a tenant. Returns it as it is now.

        Args:
            name: the tenant's name.
            change: makes the tenant as it shall be of the tenant as it is, perhaps more than once; what it raises
                leaves all as it was.

        Raises:
            FootfallError: there is no such tenant, or it cannot be written.
        """

    def add(self, name: str, now: int) -> tuple[Tenant, str]:
        """Add a tenant. Returns it and its write key, which is kept nowhere: show it now.

        Raises:
            FootfallError: the name is taken, or is not of the form [a-z0-9][a-z0-9-]{0,62}.
        """
        check_name(name)
        write_key = new_write_key()
        tenant = Tenant(name, secrets.token_hex(16), (WriteKey(hash_write_key(write_key), now),))
        self.insert(tenant)
        return tenant, write_key

    def add_key(self, name: str, now: int, event_names: tuple[str, ...] = ()) -> str:
        """Give a tenant one more write key and return it. The others stay as they are.

        Args:
            name: the tenant's name.
            now: epoch ms.
            event_names: the names that may be sent with it; empty: all that the tenant takes in.

        Raises:
            FootfallError: there is no such tenant, or a name cannot be an event's.
        """
        if not all(1 <= len(event) <= _LONGEST_EVENT_NAME for event in event_names):
            raise FootfallError(f"names of events have 1 to {_LONGEST_EVENT_NAME} characters.")
        write_key = new_write_key()
        added = WriteKey(hash_write_key(write_key), now, event_names=event_names)
        self.update(name, lambda tenant: _with_keys(tenant, [added, *_working(tenant, now)]))
        return write_key

    def rotate(self, name: str, now: int, overlap_seconds: int = DAY_SECONDS, key_id: str = "") -> str:
        """Give a tenant a new write key in place of one, and return it. The old one still works for the overlap.

        Args:
            name: the tenant's name.
            now: epoch ms.
            overlap_seconds: how long the old key still works.
            key_id: the old key's id; empty: in place of all, which then have the same event names. Those that are to
                end anyway end no later for it.

        Raises:
            FootfallError: there is no such tenant or key, or it has keys for different events and no id is given.
        """
        write_key = new_write_key()

        def change(tenant: Tenant) -> Tenant:
            working = _working(tenant, now)
            old = [key for key in working if key_id in ("", key.id)]
            if key_id and not old:
                raise _unknown_key(tenant, key_id, working)
            lists = {key.event_names for key in old if not key.expires_at}
            if len(lists) > 1:
                known = ", ".join(key.id for key in working)
                raise FootfallError(
                    f"the keys of {name} may send different events. Say which one to replace with --key ID; it has: "
                    f"{known} (footfall tenant keys {name})."
                )
            new = WriteKey(
                hash_write_key(write_key), now, event_names=next(iter(lists), old[0].event_names if old else ())
            )
            return _with_keys(tenant, [new, *_ended(working, old, now + overlap_seconds * 1_000)])

        self.update(name, change)
        return write_key

    def end_key(self, name: str, key_id: str, now: int, overlap_seconds: int = 0) -> None:
        """Let a write key of a tenant end, with nothing in its place.

        Raises:
            FootfallError: there is no such tenant, or key.
        """

        def change(tenant: Tenant) -> Tenant:
            working = _working(tenant, now)
            old = [key for key in working if key.id == key_id]
            if not old:
                raise _unknown_key(tenant, key_id, working)
            return _with_keys(tenant, _ended(working, old, now + overlap_seconds * 1_000))

        self.update(name, change)


def check_name(name: str) -> None:
    """Whether a tenant may have this name.

    Raises:
        FootfallError: it may not.
    """
    if not _NAME.fullmatch(name):
        raise FootfallError(
            f"{name!r} cannot name a tenant: use 1 to 63 of a-z, 0-9 and '-', beginning with a letter or a digit."
        )


def name_taken(name: str) -> FootfallError:
    """What is wrong where a tenant is added that is there."""
    return FootfallError(
        f"there is a tenant {name!r} already. Take another name, or get it a new key: footfall tenant rotate-key {name}"
    )


def unknown_tenant(name: str, tenants: Iterable[Tenant]) -> FootfallError:
    """What is wrong where a tenant is changed that is not there."""
    known = ", ".join(tenant.name for tenant in tenants) or "none yet"
    return FootfallError(f"no tenant is named {name!r}; this lake has: {known}.")


def _working(tenant: Tenant, now: int) -> list[WriteKey]:
    return [key for key in tenant.keys if key.works(now)]


def _ended(keys: Iterable[WriteKey], old: Iterable[WriteKey], end: int) -> list[WriteKey]:
    ids = {key.sha256 for key in old}
    return [
        msgspec.structs.replace(key, expires_at=min(key.expires_at or end, end)) if key.sha256 in ids else key
        for key in keys
    ]


def _with_keys(tenant: Tenant, keys: Iterable[WriteKey]) -> Tenant:
    return msgspec.structs.replace(tenant, keys=tuple(keys))


def _unknown_key(tenant: Tenant, key_id: str, working: Iterable[WriteKey]) -> FootfallError:
    known = ", ".join(key.id for key in working) or "none"
    return FootfallError(f"the tenant {tenant.name} has no key {key_id!r} that works; it has: {known}.")
