"""How a visitor's events reach the collector: in requests, some late, some twice, some with broken events inside."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

import msgspec

from footfall.local.simulator.broken_events import broken_event
from footfall.local.simulator.events import SimulatedEvent
from footfall.local.simulator.truth import Truth

MOST_EVENTS = 20
LONGEST_WAIT_MS = 60_000
LATEST_MS = 5 * 24 * 3_600_000
LIBRARY = {"name": "footfall-simulator", "version": "1"}


@dataclass(frozen=True)
class SimulatedRequest:
    """A request to the collector: its place in the order of sending, the user agent, and the batch as JSON text.

    The text lacks `write_key` and `sent_at`, which are the sender's to tell.
    """

    order: tuple[int, str, int]
    user_agent: str
    text: bytes
    events: int

    def body(self, write_key: str, sent_at: int) -> bytes:
        """The whole batch; `sent_at` is the real clock, epoch milliseconds."""
        return b'{"write_key":"%s","sent_at":%d,' % (write_key.encode(), sent_at) + self.text[1:]


@dataclass(frozen=True)
class Sender:
    """Whose requests these are: visitor, signed-in user (or empty), user agent, and screen."""

    visitor: str
    user: str
    user_agent: str
    width: int
    height: int


@dataclass(frozen=True)
class Faults:
    """How often what goes wrong: shares of the requests, 0 to 1."""

    late: float = 0.03
    repeated_request: float = 0.015
    repeated_event: float = 0.02
    broken: float = 0.03
    shuffled: float = 0.02


USUAL = Faults()
NONE = Faults(0, 0, 0, 0, 0)


def deliver(
    random: Random, sender: Sender, visits: Sequence[Sequence[SimulatedEvent]], faults: Faults = USUAL
) -> tuple[list[SimulatedRequest], Truth]:
    """A visitor's requests, and what is true of them (sessions aside)."""
    truth = Truth()
    requests: list[SimulatedRequest] = []
    before: list[SimulatedEvent] = []
    for visit in visits:
        for batch in _batches(visit):
            truth.stored += len(batch)
            texts = [_encode(event, batch[0].page) for event in batch]
            if before and random.random() < faults.repeated_event:
                # A tracker that lost the answer keeps the event and sends it again with the next ones.
                again = random.choice(before)
                texts.append(_encode(again, batch[0].page))
                truth.duplicates += 1
            reasons = []
            if random.random() < faults.broken:
                reason, text = broken_event(random, batch[-1].time)
                texts.insert(random.randrange(len(texts) + 1), text)
                reasons.append(reason)
            if random.random() < faults.shuffled:
                random.shuffle(texts)
            moment = batch[-1].time
            if random.random() < faults.late:
                moment += random.randrange(LATEST_MS)
                truth.late_requests += 1
            copies = 2 if random.random() < faults.repeated_request else 1
            truth.repeated_requests += copies - 1
            truth.duplicates += (copies - 1) * (len(texts) - len(reasons))
            text = _request_text(sender, batch[0].page, texts)
            for _ in range(copies):
                order = (moment, sender.visitor, len(requests))
                requests.append(SimulatedRequest(order, sender.user_agent, text, len(texts)))
                truth.sent += len(texts)
                for reason in reasons:
                    truth.broken[reason.value] = truth.broken.get(reason.value, 0) + 1
                moment += 2_000
            before = (before + batch)[-MOST_EVENTS:]
    truth.requests = len(requests)
    return requests, truth


def _batches(visit: Sequence[SimulatedEvent]) -> list[list[SimulatedEvent]]:
    batches: list[list[SimulatedEvent]] = []
    for event in visit:
        full = not batches or len(batches[-1]) == MOST_EVENTS or event.time - batches[-1][0].time > LONGEST_WAIT_MS
        if full:
            batches.append([])
        batches[-1].append(event)
    return batches


_encoder = msgspec.json.Encoder()


def _encode(event: SimulatedEvent, batch_page: object) -> bytes:
    fields: dict[str, object] = {"id": event.id, "name": event.name, "level": event.level, "time": event.time}
    if event.properties:
        fields["properties"] = event.properties
    if event.page is not batch_page:
        fields["page"] = event.page
    return _encoder.encode(fields)


def _request_text(sender: Sender, page: object, texts: Sequence[bytes]) -> bytes:
    batch: dict[str, object] = {
        "visitor": sender.visitor,
        "library": LIBRARY,
        "consent": "granted",
        "page": page,
        "screen": {"width": sender.width, "height": sender.height},
        "events": [msgspec.Raw(text) for text in texts],
    }
    if sender.user:
        batch["user"] = sender.user
    return _encoder.encode(batch)
