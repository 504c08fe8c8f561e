"""The profile of a visitor: the document, and how it is made from rows of the lake."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

Lifecycle = Literal["new", "active", "lapsing", "lapsed"]

NEW_DAYS = 7
ACTIVE_DAYS = 30
LAPSING_DAYS = 90

Row = Mapping[str, Any]


class Totals(Struct, frozen=True, forbid_unknown_fields=True):
    """What the visitor did in all: `value` in the tenant's currency, `engaged_ms` in milliseconds."""

    active_days: int
    sessions: int
    page_views: int
    events: int
    engaged_ms: int
    conversions: int
    value: float


class RecencyFrequencyMonetary(Struct, frozen=True, forbid_unknown_fields=True):
    """How recently, how often and for how much the visitor converted.

    `recency_days` is counted from the last conversion to `as_of`. Each score is 1 to 5, 5 best: the fifth of the
    tenant's converting visitors that the visitor is in, equal figures in the same fifth.
    """

    recency_days: int
    frequency: int
    monetary: float
    recency_score: int
    frequency_score: int
    monetary_score: int


class Reason(Struct, frozen=True):
    """A feature that moved a score: its value, and by how much (above 0: up)."""

    feature: str
    value: float | str | bool | None
    contribution: float


class Score(Struct, frozen=True, forbid_unknown_fields=True):
    """What an engine says of the visitor: its latest score, and the share of visitors below it (0 to 100)."""

    engine: str
    score: float
    percentile: float
    model_version: str
    as_of: datetime
    reasons: tuple[Reason, ...] = ()


class Profile(Struct, frozen=True, forbid_unknown_fields=True):
    """A visitor as the lake knows it at the end of `as_of`, the tenant's latest day with an event.

    `user_ids` are the users it belonged to, `person` who it belongs to now; None where nobody knows.
    """

    tenant: str
    visitor: str
    user_ids: tuple[str, ...]
    as_of: date
    first_seen: datetime
    last_seen: datetime
    totals: Totals
    lifecycle: Lifecycle
    first_channel: str | None
    device: str | None
    is_bot: bool
    rfm: RecencyFrequencyMonetary | None = None
    scores: tuple[Score, ...] = ()
    person: str | None = None

    def score(self, engine: str) -> Score | None:
        """The engine's score, or None where it has not scored this visitor."""
        return next((score for score in self.scores if score.engine == engine), None)


def lifecycle(first_seen: date, last_seen: date, as_of: date) -> Lifecycle:
    """Where the visitor stands, by whole UTC days before `as_of`.

    new: first seen less than 7 days before; else active: last seen less than 30 days before; lapsing: less than 90;
    lapsed: longer ago.
    """
    if (as_of - first_seen).days < NEW_DAYS:
        return "new"
    away = (as_of - last_seen).days
    if away < ACTIVE_DAYS:
        return "active"
    return "lapsing" if away < LAPSING_DAYS else "lapsed"


def profiles(tenant: str, visitors: Iterable[Row], users: Iterable[Row], scores: Iterable[Row]) -> Iterator[Profile]:
    """The tenant's profiles, merged from the rows of three queries, each in order of visitor.

    Args:
        tenant: whose they are.
        visitors: the rows of `athena_queries/features/profiles.sql`.
        users: those of `profile_users.sql`.
        scores: those of `profile_scores.sql`. A visitor who is in `users` or `scores` only has no profile.

    Raises:
        ValueError: rows are not in order of visitor.
    """
    user_rows, score_rows = _Followed(users), _Followed(scores)
    last = ""
    for row in visitors:
        visitor = row["visitor"]
        if visitor <= last and last:
            raise ValueError(f"visitor {visitor!r} after {last!r}: profiles are merged from rows in order of visitor")
        last = visitor
        user_ids = tuple(user["user_id"] for user in user_rows.of(visitor))
        yield _profile(tenant, row, user_ids, tuple(_score(score) for score in score_rows.of(visitor)))


def to_document(profile: Profile) -> dict[str, Any]:
    """The profile as the JSON that the index holds."""
    document: dict[str, Any] = msgspec.to_builtins(profile)
    return document


def from_document(document: Mapping[str, Any]) -> Profile:
    """The profile in a document of the index.

    Raises:
        msgspec.ValidationError: it is of another version.
    """
    return msgspec.convert(document, Profile, strict=False)


class _Followed:
    """Rows in order of visitor, taken up visitor by visitor."""

    def __init__(self, rows: Iterable[Row]) -> None:
        self._rows = iter(rows)
        self._next: Row | None = next(self._rows, None)

    def of(self, visitor: str) -> Iterator[Row]:
        """The visitor's rows. Rows of visitors before are passed over."""
        while self._next is not None and self._next["visitor"] <= visitor:
            row = self._next
            self._next = next(self._rows, None)
            if self._next is not None and self._next["visitor"] < row["visitor"]:
                raise ValueError(f"visitor {self._next['visitor']!r} after {row['visitor']!r}: rows are not in order")
            if row["visitor"] == visitor:
                yield row


def _profile(tenant: str, row: Row, user_ids: tuple[str, ...], scores: tuple[Score, ...]) -> Profile:
    as_of: date = row["as_of"]
    first_seen, last_seen = _utc(row["first_seen"]), _utc(row["last_seen"])
    last_conversion: date | None = row["last_conversion"]
    rfm = None
    if last_conversion is not None:
        rfm = RecencyFrequencyMonetary(
            recency_days=(as_of - last_conversion).days,
            frequency=row["conversions"],
            monetary=float(row["value"]),
            recency_score=row["recency_score"],
            frequency_score=row["frequency_score"],
            monetary_score=row["monetary_score"],
        )
    return Profile(
        tenant=tenant,
        visitor=row["visitor"],
        user_ids=user_ids,
        as_of=as_of,
        first_seen=first_seen,
        last_seen=last_seen,
        totals=Totals(
            active_days=row["active_days"],
            sessions=row["sessions"],
            page_views=row["page_views"],
            events=row["events"],
            engaged_ms=row["engaged_ms"],
            conversions=row["conversions"],
            value=float(row["value"]),
        ),
        lifecycle=lifecycle(first_seen.date(), last_seen.date(), as_of),
        first_channel=row["first_channel"],
        device=row["device"],
        is_bot=row["is_bot"],
        rfm=rfm,
        scores=scores,
        person=row["person"],
    )


def _score(row: Row) -> Score:
    return Score(
        engine=row["engine"],
        score=row["score"],
        percentile=row["percentile"],
        model_version=row["model_version"],
        as_of=_utc(row["as_of"]),
        reasons=msgspec.json.decode(row["reasons"] or "[]", type=tuple[Reason, ...]),
    )


def _utc(time: datetime) -> datetime:
    return time.replace(tzinfo=UTC)
