"""The wire: a batch of events as a client sends it. These structs are the one source of the contract."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

Level = Literal["low", "mid", "high"]
Consent = Literal["granted", "denied", "unknown"]

MAX_EVENTS_PER_BATCH = 500
MAX_JSON_DEPTH = 20
MAX_STRING_LENGTH = 65_536

EventId = Annotated[str, Meta(min_length=1, max_length=64, description="Made by the client, a UUID; copies share it.")]
EventName = Annotated[
    str, Meta(min_length=1, max_length=128, description="What happened, such as page_view or purchase.")
]
VisitorId = Annotated[str, Meta(min_length=1, max_length=128, description="The browser, as the client names it.")]
UserId = Annotated[str, Meta(min_length=1, max_length=256, description="The customer's own id of the user.")]
EpochMilliseconds = Annotated[
    int, Meta(ge=0, le=253_402_300_799_999, description="Milliseconds since 1970-01-01T00:00:00Z.")
]
ShortText = Annotated[str, Meta(max_length=2_048)]
Url = Annotated[str, Meta(max_length=8_192)]


class Library(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The client library that sent the batch."""

    name: Annotated[str, Meta(max_length=64)] = ""
    version: Annotated[str, Meta(max_length=32)] = ""


class Page(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The page an event happened on."""

    url: Url = ""
    referrer: Url = ""
    title: ShortText = ""


class Screen(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The visitor's screen, in CSS pixels."""

    width: Annotated[int, Meta(ge=0, le=100_000)] = 0
    height: Annotated[int, Meta(ge=0, le=100_000)] = 0


class Event(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that happened.

    `time` is the client's clock when it happened; `properties` is free JSON; `page` replaces the batch's page
    where the event happened on another one.
    """

    id: EventId
    name: EventName
    level: Level
    time: EpochMilliseconds
    properties: dict[str, Any] = {}
    page: Page | None = None


class Batch(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """What one request carries: who sends, and the events. `sent_at` is the client's clock as it sends."""

    write_key: Annotated[str, Meta(min_length=1, max_length=128)]
    sent_at: EpochMilliseconds
    visitor: VisitorId
    events: Annotated[list[Event], Meta(min_length=1, max_length=MAX_EVENTS_PER_BATCH)]
    user: UserId | None = None
    library: Library = Library()
    consent: Consent = "unknown"
    page: Page = Page()
    screen: Screen = Screen()
