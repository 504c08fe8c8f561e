"""The registry of tenants in a local lake: its `tenants.toml`."""

import os
import re
import secrets
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from footfall.errors import FootfallError
from footfall.events import tenant_toml
from footfall.events.file_lock import lock
from footfall.events.tenants import RegistryUnavailable, Tenant, WriteKey, hash_write_key, new_write_key

_NAME = re.compile("[a-z0-9][a-z0-9-]{0,62}")


class TenantFile:
    """The tenants of a `tenants.toml`, read again whenever the file has changed. Safe to use from several threads.

    Changes are atomic, under a lock on the file: of two processes that add a tenant at once, both succeed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: tuple[tuple[int, int, int], tuple[Tenant, ...], dict[str, tuple[Tenant, WriteKey]]] | None = None

    def by_write_key(self, write_key: str, now: int) -> Tenant | None:
        """The tenant whose key this is at `now` (epoch ms), or None.

        Raises:
            FootfallError: the file cannot be read.
        """
        found = self._load()[1].get(hash_write_key(write_key))
        if found is None:
            return None
        tenant, key = found
        return tenant if _is_valid(key, now) else None

    def all(self) -> tuple[Tenant, ...]:
        """Every tenant, by name.

        Raises:
            FootfallError: the file cannot be read.
        """
        return self._load()[0]

    def add(self, name: str, now: int) -> tuple[Tenant, str]:
        """Add a tenant. Returns it and its write key, which is kept nowhere: show it now.

        Raises:
            FootfallError: the name is taken, or is not of the form [a-z0-9][a-z0-9-]{0,62}.
        """
        check_name(name)
        write_key = new_write_key()
        added = Tenant(name, secrets.token_hex(16), (WriteKey(hash_write_key(write_key), now),))

        def change(tenants: Sequence[Tenant]) -> list[Tenant]:
            if any(tenant.name == name for tenant in tenants):
                raise FootfallError(
                    f"there is a tenant {name!r} already. Take another name, or get it a new key: "
                    f"footfall tenant rotate-key {name}"
                )
            return [*tenants, added]

        self._change(change)
        return added, write_key

    def rotate(self, name: str, now: int, overlap_seconds: int = 86_400) -> str:
        """Give a tenant a new write key and return it. The keys it had still work for the overlap; ended ones go.

        Raises:
            FootfallError: there is no such tenant.
        """
        write_key = new_write_key()
        end = now + overlap_seconds * 1_000

        def change(tenants: Sequence[Tenant]) -> list[Tenant]:
            _refuse_unknown_tenant(name, tenants)
            return [_with_key(tenant, write_key, now, end) if tenant.name == name else tenant for tenant in tenants]

        self._change(change)
        return write_key

    def update(self, name: str, change: Callable[[Tenant], Tenant]) -> Tenant:
        """Change a tenant's settings. Returns the tenant as it is now.

        Args:
            name: the tenant's name.
            change: makes the tenant as it shall be of the tenant as it is; what it raises leaves all as it was.

        Raises:
            FootfallError: there is no such tenant.
        """
        changed: list[Tenant] = []

        def change_one(tenants: Sequence[Tenant]) -> list[Tenant]:
            _refuse_unknown_tenant(name, tenants)
            changed[:] = [change(tenant) for tenant in tenants if tenant.name == name]
            return [changed[0] if tenant.name == name else tenant for tenant in tenants]

        self._change(change_one)
        return changed[0]

    def _load(self) -> tuple[tuple[Tenant, ...], dict[str, tuple[Tenant, WriteKey]]]:
        try:
            status = os.stat(self.path)
            version = (status.st_ino, status.st_mtime_ns, status.st_size)
            read = self._read
            if read is None or read[0] != version:
                tenants = tenant_toml.parse(self.path.read_text("utf-8"), str(self.path))
                keys = {key.sha256: (tenant, key) for tenant in tenants for key in tenant.keys}
                read = self._read = (version, tenants, keys)
        except (OSError, UnicodeDecodeError) as error:
            raise RegistryUnavailable(f"{self.path} cannot be read: {error}. Restore it.") from error
        return read[1], read[2]

    def _change(self, change: Callable[[Sequence[Tenant]], list[Tenant]]) -> None:
        try:
            locked = lock(self.path, os.O_RDWR, wait=True)
        except OSError as error:
            raise FootfallError(f"{self.path} cannot be changed: {error}.") from error
        if locked is None:
            raise FootfallError(f"{self.path} is not there. Make a lake with `footfall tenant add NAME --lake DIR`.")
        try:
            tenants = tenant_toml.parse(self.path.read_text("utf-8"), str(self.path))
            _replace(self.path, tenant_toml.render(change(tenants)))
        except (OSError, UnicodeDecodeError) as error:
            raise FootfallError(f"{self.path} cannot be changed: {error}.") from error
        finally:
            os.close(locked)


def check_name(name: str) -> None:
    """Whether a tenant may have this name.

    Raises:
        FootfallError: it may not.
    """
    if not _NAME.fullmatch(name):
        raise FootfallError(
            f"{name!r} cannot name a tenant: use 1 to 63 of a-z, 0-9 and '-', beginning with a letter or a digit."
        )


def _refuse_unknown_tenant(name: str, tenants: Sequence[Tenant]) -> None:
    if all(tenant.name != name for tenant in tenants):
        known = ", ".join(tenant.name for tenant in tenants) or "none yet"
        raise FootfallError(f"no tenant is named {name!r}; this lake has: {known}.")


def _is_valid(key: WriteKey, now: int) -> bool:
    return key.expires_at == 0 or now < key.expires_at


def _with_key(tenant: Tenant, write_key: str, now: int, end: int) -> Tenant:
    kept = tuple(
        msgspec.structs.replace(key, expires_at=end if key.expires_at == 0 else min(key.expires_at, end))
        for key in tenant.keys
        if _is_valid(key, now)
    )
    return msgspec.structs.replace(tenant, keys=(WriteKey(hash_write_key(write_key), now), *kept))


def _replace(path: Path, text: str) -> None:
    """Write the file anew so that a reader, or a power cut, sees the old text or the new, whole."""
    temporary = path.with_name(f".{path.name}.new")
    # Not for others to read: it holds the salts.
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    os.replace(temporary, path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
