"""Tenants, and the port to the registry that knows them."""

import hashlib
import secrets
from typing import Annotated, Literal, Protocol

import msgspec
from msgspec import Meta, Struct

from footfall.errors import FootfallError


class WriteKey(Struct, frozen=True, omit_defaults=True):
    """A write key as it is kept: its SHA-256, when it was made, and when it ends (epoch ms; 0: it does not).

    `event_names` are the names that may be sent with it, of those that its tenant takes in; empty: all of these.
    """

    sha256: str
    created_at: int
    expires_at: int = 0
    event_names: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """What the key is called where it must not be shown: the beginning of its hash."""
        return self.sha256[:8]

    def works(self, now: int) -> bool:
        """Whether it may be used at `now` (epoch ms)."""
        return self.expires_at == 0 or now < self.expires_at


SchemaMode = Literal["warn", "enforce"]
"""What a schema does to an event that does not match it: keep it with a warning, or reject it."""

ConsentAction = Literal["store", "anonymous", "drop"]
"""What is kept of a visitor's events: all; all but who it was; nothing but that there was an event."""

DEFAULT_PARAMETERS = "default"
"""Stands for the parameters that are kept of every tenant's URLs, in its `url_parameters`."""

_Count = Annotated[int, Meta(ge=0, le=1_000_000_000)]


class EventSchema(Struct, frozen=True, forbid_unknown_fields=True):
    """The JSON Schema (its text) that the properties of events of one name are to match."""

    event: str
    mode: SchemaMode
    schema: str


class Tenant(Struct, frozen=True, omit_defaults=True):
    """A customer of the lake, with its settings; docs/tenants.md says what each does.

    `salt` keys the hashes of visitors; `session_gap_seconds` ends a visit; `goal` names the event that converts, which
    models learn, `goals` further ones. `origins` and `event_names` are allow-lists, where empty ones allow all.
    `events_per_second` and `burst_events` are a write key's quota (0: none; a burst of 0: ten seconds' worth).
    `retention_days` 0 means for ever; `event_retention` holds `name:days` for events that are kept for another time.
    `on_*` say what is kept of whom sends a signal: Global Privacy Control, Do Not Track, consent denied, consent not
    known. `visitor_cookie` names the cookie that holds the visitor (empty: none).
    """

    name: str
    salt: str
    keys: tuple[WriteKey, ...] = ()
    session_gap_seconds: int = 1_800
    goal: str = "purchase"
    time_zone: str = "UTC"
    origins: tuple[str, ...] = ()
    event_names: tuple[str, ...] = ()
    events_per_second: _Count = 0
    burst_events: _Count = 0
    retention_days: _Count = 0
    event_retention: tuple[str, ...] = ()
    on_global_privacy_control: ConsentAction = "anonymous"
    on_do_not_track: ConsentAction = "anonymous"
    on_consent_denied: ConsentAction = "anonymous"
    on_consent_unknown: ConsentAction = "store"
    url_parameters: tuple[str, ...] = (DEFAULT_PARAMETERS,)
    visitor_cookie: str = ""
    visitor_cookie_days: _Count = 365
    schemas: tuple[EventSchema, ...] = ()
    goals: tuple[str, ...] = ()

    @property
    def all_goals(self) -> tuple[str, ...]:
        """The names of the events that convert, each once, in order."""
        return tuple(sorted({self.goal, *self.goals}))


class RegistryUnavailable(FootfallError):  # noqa: N818
    """The registry cannot be read now; what was asked of it is to be asked again later."""


class TenantRegistry(Protocol):
    """Who the tenants are. `tenants.toml` on a laptop, DynamoDB on AWS."""

    def by_write_key(self, write_key: str, now: int) -> Tenant | None:
        """The tenant whose key this is at `now` (epoch ms), as seen through the key; or None.

        Raises:
            FootfallError: the registry cannot be read.
        """

    def all(self) -> tuple[Tenant, ...]:
        """Every tenant, by name."""


NO_NAME = ("",)
"""The allow-list of event names that allows none: no event has an empty name."""


def seen_through(tenant: Tenant, key: WriteKey) -> Tenant:
    """The tenant as a request with this key meets it: of the event names that it takes in, those that the key may."""
    if not key.event_names:
        return tenant
    allowed = tuple(name for name in key.event_names if not tenant.event_names or name in tenant.event_names)
    return msgspec.structs.replace(tenant, event_names=allowed or NO_NAME)


def event_retention(tenant: Tenant) -> dict[str, int]:
    """How many days the events of a name are kept (0: for ever), where that is not what holds for the others.

    Raises:
        ValueError: an entry is not `name:days`.
    """
    entries = (entry.rpartition(":") for entry in tenant.event_retention)
    return {_named(name): int(days) for name, _, days in entries}


def _named(name: str) -> str:
    if not name:
        raise ValueError("an entry of event_retention is name:days, such as pointer:30")
    return name


def new_write_key() -> str:
    """A fresh write key: publishable, 160 random bits."""
    return "ffk_" + secrets.token_hex(20)


def hash_write_key(write_key: str) -> str:
    """The key as registries keep it. Keys are random, so a plain SHA-256 cannot be searched back."""
    return hashlib.sha256(write_key.encode()).hexdigest()
