"""Tenants, and the port to the registry that knows them."""

import hashlib
import secrets
from typing import Protocol

from msgspec import Struct

from footfall.errors import FootfallError


class WriteKey(Struct, frozen=True, omit_defaults=True):
    """A write key as it is kept: its SHA-256, when it was made, and when it ends (epoch ms; 0: it does not)."""

    sha256: str
    created_at: int
    expires_at: int = 0


class Tenant(Struct, frozen=True, omit_defaults=True):
    """A customer of the lake, with its settings.

    `salt` keys the hashes of visitors; `session_gap_seconds` ends a visit; `goal` names the event that converts.
    """

    name: str
    salt: str
    keys: tuple[WriteKey, ...] = ()
    session_gap_seconds: int = 1_800
    goal: str = "purchase"
    time_zone: str = "UTC"


class RegistryUnavailable(FootfallError):  # noqa: N818
    """The registry cannot be read now; what was asked of it is to be asked again later."""


class TenantRegistry(Protocol):
    """Who the tenants are. `tenants.toml` on a laptop, DynamoDB on AWS."""

    def by_write_key(self, write_key: str, now: int) -> Tenant | None:
        """The tenant whose key this is at `now` (epoch ms), or None.

        Raises:
            FootfallError: the registry cannot be read.
        """

    def all(self) -> tuple[Tenant, ...]:
        """Every tenant, by name."""


def new_write_key() -> str:
    """A fresh write key: publishable, 160 random bits."""
    return "ffk_" + secrets.token_hex(20)


def hash_write_key(write_key: str) -> str:
    """The key as registries keep it. Keys are random, so a plain SHA-256 cannot be searched back."""
    return hashlib.sha256(write_key.encode()).hexdigest()
