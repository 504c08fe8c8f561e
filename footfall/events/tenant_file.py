"""The registry of tenants in a local lake: its `tenants.toml`."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

from footfall.errors import FootfallError
from footfall.events import tenant_toml
from footfall.events.file_lock import lock
from footfall.events.tenant_changes import EditableTenants, name_taken, unknown_tenant
from footfall.events.tenants import RegistryUnavailable, Tenant, WriteKey, hash_write_key, seen_through


class TenantFile(EditableTenants):
    """The tenants of a `tenants.toml`, read again whenever the file has changed. Safe to use from several threads.

    Changes are atomic, under a lock on the file: of two processes that add a tenant at once, both succeed.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: tuple[tuple[int, int, int], tuple[Tenant, ...], dict[str, tuple[Tenant, WriteKey]]] | None = None

    def by_write_key(self, write_key: str, now: int) -> Tenant | None:
        """The tenant whose key this is at `now` (epoch ms), as seen through the key; or None.

        Raises:
            FootfallError: the file cannot be read.
        """
        found = self._load()[1].get(hash_write_key(write_key))
        if found is None:
            return None
        tenant, key = found
        return tenant if key.works(now) else None

    def all(self) -> tuple[Tenant, ...]:
        """Every tenant, by name.

        Raises:
            FootfallError: the file cannot be read.
        """
        return self._load()[0]

    def insert(self, tenant: Tenant) -> None:
        """See `EditableTenants`."""

        def change(tenants: Sequence[Tenant]) -> list[Tenant]:
            if any(known.name == tenant.name for known in tenants):
                raise name_taken(tenant.name)
            return [*tenants, tenant]

        self._change(change)

    def update(self, name: str, change: Callable[[Tenant], Tenant]) -> Tenant:
        """See `EditableTenants`."""
        changed: list[Tenant] = []

        def change_one(tenants: Sequence[Tenant]) -> list[Tenant]:
            if all(tenant.name != name for tenant in tenants):
                raise unknown_tenant(name, tenants)
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
                keys = {key.sha256: (seen_through(tenant, key), key) for tenant in tenants for key in tenant.keys}
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
