"""A visitor's life: when they come, with what, and all that they send."""

from collections.abc import Mapping, Sequence
from random import Random

from footfall.local.simulator import shop
from footfall.local.simulator.arrivals import DAY_MS, HOUR_MS, first_day, moment
from footfall.local.simulator.delivery import NONE, USUAL, Faults, Sender, SimulatedRequest, deliver
from footfall.local.simulator.devices import CRAWLERS, DEVICES, Device
from footfall.local.simulator.events import SimulatedEvent, new_id
from footfall.local.simulator.personas import Persona
from footfall.local.simulator.recorder import Recorder
from footfall.local.simulator.truth import SimulatedSession, Truth
from footfall.local.simulator.visit import make_visit

# A visit never lasts this long, and the next never begins sooner: so visits end where the 30-minute rule says.
SHORTEST_BREAK_MS = 45 * 60_000
_LAST_START_MS = 4 * HOUR_MS


def person(random: Random, persona: Persona, user: str, start: int, days: int) -> tuple[list[SimulatedRequest], Truth]:
    """One browser of a person, over `days` days from `start` (a midnight, epoch milliseconds)."""
    device = random.choice(DEVICES[_draw(random, persona.devices)])
    sender = Sender(new_id(random), user, device.user_agent, device.width, device.height)
    end = start + days * DAY_MS
    visits: list[Sequence[SimulatedEvent]] = []
    sessions: list[SimulatedSession] = []
    purchases = 0
    day: float = first_day(random, start, days)
    for _ in range(random.randint(*persona.visits)):
        begins = moment(random, start, int(day))
        if visits:
            begins = max(begins, visits[-1][-1].time + SHORTEST_BREAK_MS)
        if begins > end - _LAST_START_MS:
            break
        channel = _draw(random, persona.channels)
        visit = make_visit(random, persona, device.kind, channel, begins, len(visits), purchases)
        visits.append(visit.events)
        purchases += visit.purchase_cents > 0
        sessions.append(
            SimulatedSession(
                visitor=sender.visitor,
                started_at=visit.events[0].time,
                ended_at=visit.events[-1].time,
                events=len(visit.events),
                persona=persona.name,
                channel=channel,
                device=device.kind,
                is_bot=False,
                probability=visit.probability,
                purchase_cents=visit.purchase_cents,
            )
        )
        day += random.expovariate(1 / persona.days_between)
    requests, truth = deliver(random, sender, visits)
    truth.sessions = sessions
    return requests, truth


def crawler(random: Random, start: int, days: int) -> tuple[list[SimulatedRequest], Truth]:
    """A robot that runs scripts: page after page, no scroll, no basket, whatever the hour."""
    visits = []
    begins = start + random.randrange(days * DAY_MS // 2)
    for _ in range(random.randrange(1, 4)):
        visits.append(crawl(random, begins, random.randrange(4, 25)))
        begins += random.randrange(DAY_MS, 4 * DAY_MS)
        if begins > start + days * DAY_MS - _LAST_START_MS:
            break
    return _crawled(random, random.choice(CRAWLERS), visits, USUAL)


def filler(random: Random, start: int, days: int, pages: int) -> tuple[list[SimulatedRequest], Truth]:
    """A crawl of exactly so many events, that rounds a simulation up to the number that was asked for."""
    begins = start + random.randrange(days // 2 * DAY_MS)
    return _crawled(random, CRAWLERS[0], [crawl(random, begins, pages)], NONE)


def crawl(random: Random, start: int, pages: int) -> list[SimulatedEvent]:
    """The page views of one crawl."""
    recorder = Recorder(random, start, shop.HOME.url, "")
    recorder.open(shop.HOME)
    for _ in range(pages - 1):
        recorder.wait(800, 20_000)
        recorder.open(shop.product_page(random.choice(shop.PRODUCTS)))
    return recorder.events


def _crawled(
    random: Random, device: Device, visits: Sequence[Sequence[SimulatedEvent]], faults: Faults
) -> tuple[list[SimulatedRequest], Truth]:
    sender = Sender(new_id(random), "", device.user_agent, device.width, device.height)
    requests, truth = deliver(random, sender, visits, faults)
    for visit in visits:
        truth.sessions.append(
            SimulatedSession(
                visitor=sender.visitor,
                started_at=visit[0].time,
                ended_at=visit[-1].time,
                events=len(visit),
                persona="crawler",
                channel="direct",
                device="bot",
                is_bot=True,
                probability=0.0,
                purchase_cents=0,
            )
        )
    return requests, truth


def _draw(random: Random, shares: Mapping[str, float]) -> str:
    return random.choices(tuple(shares), tuple(shares.values()))[0]
