"""What is true of simulated traffic, known without looking at what was stored."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class SimulatedSession:
    """A visit as it was simulated. Times are epoch milliseconds; `probability` (of a purchase) is 0 for a crawler."""

    visitor: str
    started_at: int
    ended_at: int
    events: int
    persona: str
    channel: str
    device: str
    is_bot: bool
    probability: float
    purchase_cents: int

    @property
    def converted(self) -> bool:
        """Whether it ended in a purchase."""
        return self.purchase_cents > 0


@dataclass
class Truth:
    """The books of a simulation: sent = stored + duplicates + quarantined.

    `sent` counts every event in every request; `duplicates` are the good ones sent before under the same id;
    `broken` counts the bad ones by the reason code expected, each time they are sent.
    """

    sent: int = 0
    stored: int = 0
    duplicates: int = 0
    broken: dict[str, int] = field(default_factory=dict)
    sessions: list[SimulatedSession] = field(default_factory=list)
    requests: int = 0
    late_requests: int = 0
    repeated_requests: int = 0

    @property
    def quarantined(self) -> int:
        """The events that must be refused."""
        return sum(self.broken.values())

    @property
    def visitors(self) -> int:
        """How many visitors (browsers) there were."""
        return len({session.visitor for session in self.sessions})

    def add(self, other: "Truth") -> None:
        """Count what is true of some more visitors."""
        self.sent += other.sent
        self.stored += other.stored
        self.duplicates += other.duplicates
        for reason, count in other.broken.items():
            self.broken[reason] = self.broken.get(reason, 0) + count
        self.sessions.extend(other.sessions)
        self.requests += other.requests
        self.late_requests += other.late_requests
        self.repeated_requests += other.repeated_requests
