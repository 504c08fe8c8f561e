"""What a demo found: everything that its table and its report show."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from footfall.profiles.document import Profile


@dataclass(frozen=True)
class Stage:
    """A step of the demo: its name, what happened in one line, and how long it took."""

    name: str
    said: str
    seconds: float


@dataclass(frozen=True)
class Totals:
    """The books of one sending: sent = stored + duplicates + quarantined."""

    sent: int
    stored: int
    duplicates: int
    quarantined: int

    @property
    def balanced(self) -> bool:
        """Whether they balance."""
        return self.sent == self.stored + self.duplicates + self.quarantined


@dataclass(frozen=True)
class Day:
    """A day's traffic, crawlers left out."""

    day: date
    visitors: int
    sessions: int
    page_views: int


@dataclass(frozen=True)
class ChannelRow:
    """A channel's sessions and how many converted; `low` and `high` bound the rate at 95 % (Wilson)."""

    channel: str
    sessions: int
    converted: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        """The share of the sessions that converted."""
        return self.converted / self.sessions if self.sessions else 0.0


@dataclass(frozen=True)
class PageRow:
    """A page: how often it was seen, by how many visitors, and the mean engaged time in seconds."""

    path: str
    views: int
    visitors: int
    engaged_seconds: float


@dataclass(frozen=True)
class ModelResult:
    """How well a model does on sessions that it has not seen, beside the best that any model could.

    `scores`, `best_scores` and `labels` are aligned: the model's probability, the true one, and what happened.
    `weights` says how much each feature moves the scores, largest first, as shares of the whole.
    """

    auc: float
    pr_auc: float
    log_loss: float
    best_auc: float | None
    trained_on: int
    tested_on: int
    version: str
    scores: Sequence[float]
    best_scores: Sequence[float]
    labels: Sequence[bool]
    weights: Sequence[tuple[str, float]]


@dataclass(frozen=True)
class DemoResult:
    """All of a demo.

    `model` is None where there was too little to learn from; `why_no_model` then says so. `problems` has a line for
    each thing in the lake that is not as it was simulated.
    """

    seed: int
    first_day: date
    end_day: date
    engine: str
    stages: Sequence[Stage]
    totals: Totals
    reasons: Mapping[str, int]
    visitors: int
    sessions_found: int
    sessions_simulated: int
    days: Sequence[Day]
    funnel: Sequence[tuple[str, int]]
    channels: Sequence[ChannelRow]
    pages: Sequence[PageRow]
    model: ModelResult | None
    why_no_model: str
    profile: Profile | None
    problems: Sequence[str] = ()
