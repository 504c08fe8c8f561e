"""The collector's models in pydantic v2: the same fields and limits, as strict; they clean addresses as they read."""

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from bench.alternatives.privacy import clean_url, clean_value

Milliseconds = Annotated[int, Field(ge=0, le=253_402_300_799_999)]
Url = Annotated[str, StringConstraints(max_length=8_192), AfterValidator(clean_url)]
Side = Annotated[int, Field(ge=0, le=100_000)]


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class Library(_Model):
    """The client library that sent the batch."""

    name: Annotated[str, StringConstraints(max_length=64)] = ""
    version: Annotated[str, StringConstraints(max_length=32)] = ""


class Page(_Model):
    """The page an event happened on."""

    url: Url = ""
    referrer: Url = ""
    title: Annotated[str, StringConstraints(max_length=2_048)] = ""


class Screen(_Model):
    """The visitor's screen."""

    width: Side = 0
    height: Side = 0


class Event(_Model):
    """One thing that happened."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=64)]
    name: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    level: Literal["low", "mid", "high"]
    time: Milliseconds
    properties: Annotated[dict[str, Any], AfterValidator(clean_value)] = {}
    page: Page | None = None


class Batch(_Model):
    """What a request carries. Its events are checked one by one, so that a bad one spoils no other."""

    write_key: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    sent_at: Milliseconds
    visitor: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    events: Annotated[list[Any], Field(min_length=1, max_length=500)]
    user: Annotated[str, StringConstraints(min_length=1, max_length=256)] | None = None
    library: Library = Library()
    consent: Literal["granted", "denied", "unknown"] = "unknown"
    page: Page = Page()
    screen: Screen = Screen()


class StoredEvent(BaseModel):
    """An accepted event, with its place in the batch."""

    index: int
    id: str
    name: str
    level: str
    time: int
    properties: dict[str, Any] = {}
    page: Page | None = None


class Rejected(BaseModel):
    """An event that was not accepted, and why."""

    index: int
    reason: str
    detail: str
    text: str


class Line(BaseModel):
    """A request as it is stored."""

    version: int
    request_id: str
    tenant: str
    received_at: int
    protocol: str
    instance: str
    sequence: int
    events: list[StoredEvent]
    rejected: list[Rejected] = []
    sent_at: int
    visitor: str
    user: str = ""
    ip: str = ""
    user_agent: str = ""
    consent: str = "unknown"
    library: Library = Library()
    page: Page = Page()
    screen: Screen = Screen()
