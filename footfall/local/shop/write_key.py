"""The write key that the demo shop sends with. Registries keep keys hashed only, so it is kept in `shop.json`."""

import os
import tempfile
from pathlib import Path

import msgspec

from footfall.errors import FootfallError
from footfall.events.tenant_file import TenantFile
from footfall.lake.layout import LocalLake

TENANT = "shop"
NAME = "shop.json"


class _Record(msgspec.Struct):
    write_key: str


def shop_key(lake: LocalLake, now: int) -> str | None:
    """The shop's write key, or None where the lake has tenants, and none of the keys that work is known.

    In a lake without tenants the tenant `shop` is made.

    Args:
        lake: whose tenants to look among.
        now: epoch ms.

    Raises:
        FootfallError: the record or the tenants cannot be read or written.
    """
    tenants = TenantFile(lake.tenants)
    key = _read(lake.root / NAME)
    if key is not None and tenants.by_write_key(key, now) is not None:
        return key
    if tenants.all():
        return None
    _, key = tenants.add(TENANT, now)
    _write(lake.root / NAME, key)
    return key


def _read(path: Path) -> str | None:
    try:
        return msgspec.json.decode(path.read_bytes(), type=_Record).write_key
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise FootfallError(f"{path} cannot be read: {error}. Remove it, and give the key with --shop-key.") from error


def _write(path: Path, key: str) -> None:
    """A reader sees no record or the whole one; only its owner may read it."""
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{NAME}.", dir=path.parent)
        with os.fdopen(descriptor, "wb") as file:
            file.write(msgspec.json.encode(_Record(key)))
        os.replace(temporary, path)
    except OSError as error:
        raise FootfallError(f"{path} cannot be written: {error}.") from error
