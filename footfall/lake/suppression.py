"""Who was erased: kept as keyed hashes, so that what still arrives of them is left out, and nobody can be read back."""

import hashlib
import hmac
from collections.abc import Iterable, Mapping
from typing import Any, Literal

from msgspec import Struct

from footfall.events.tenants import Tenant
from footfall.lake.actions import ActionKind, ActionLog

LATEST_DAYS = 400
"""How long after an erasure events of the erased are still left out: as long as a browser keeps an id."""

_DAY_MS = 86_400_000

Kind = Literal["visitor", "user"]


class Erasure(Struct, frozen=True):
    """An erasure that was ordered: the keyed hashes of the visitors and of the users."""

    visitors: tuple[str, ...]
    users: tuple[str, ...]


ERASURE = ActionKind("erasure", Erasure)


def keyed_hash(salt: str, kind: Kind, identity: str) -> str:
    """The HMAC-SHA256 of an id, keyed with the tenant's salt."""
    return hmac.new(salt.encode(), f"{kind}\0{identity}".encode(), hashlib.sha256).hexdigest()


class Suppressions:
    """The erased of all tenants. What was received more than LATEST_DAYS after the order is taken in again.

    Args:
        salts: the salt of each tenant that has erased anyone.
        until: by (tenant, hash), the time (epoch ms) up to which what is received is left out.
    """

    def __init__(self, salts: Mapping[str, str], until: Mapping[tuple[str, str], int]) -> None:
        self._salts = dict(salts)
        self._until = dict(until)
        self._known: dict[tuple[str, Kind, str], int] = {}

    def __getstate__(self) -> dict[str, Any]:
        """What was looked up stays here: it names people."""
        return {"_salts": self._salts, "_until": self._until, "_known": {}}

    def __bool__(self) -> bool:
        """Whether anyone was erased."""
        return bool(self._until)

    def owns(self, tenant: str, visitor: str, user: str, received_at: int) -> bool:
        """Whether this visitor or this user (empty: none) was erased, for what was received at a time (epoch ms)."""
        if tenant not in self._salts:
            return False
        return received_at < max(self._end(tenant, "visitor", visitor), self._end(tenant, "user", user))

    def named_by(self, tenant: str, properties: Mapping[str, Any]) -> bool:
        """Hashes tell of no text whether it names somebody."""
        return False

    def named_in(self, tenant: str, text: bytes) -> bool:
        """Hashes tell of no text whether it names somebody."""
        return False

    def _end(self, tenant: str, kind: Kind, identity: str) -> int:
        if not identity:
            return 0
        asked = (tenant, kind, identity)
        found = self._known.get(asked)
        if found is None:
            hashed = keyed_hash(self._salts[tenant], kind, identity)
            found = self._known[asked] = self._until.get((tenant, hashed), 0)
        return found


NOBODY = Suppressions({}, {})


def read_suppressions(log: ActionLog, tenants: Iterable[Tenant]) -> Suppressions:
    """All erasures that were ordered."""
    salts = {tenant.name: tenant.salt for tenant in tenants}
    until: dict[tuple[str, str], int] = {}
    for action in log.of(ERASURE):
        for hashed in (*action.body.visitors, *action.body.users):
            asked = (action.tenant, hashed)
            until[asked] = max(until.get(asked, 0), action.at + LATEST_DAYS * _DAY_MS)
    erased = {tenant for tenant, _ in until}
    return Suppressions({tenant: salt for tenant, salt in salts.items() if tenant in erased}, until)
