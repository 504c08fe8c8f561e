"""A whole simulation: the requests in the order they are sent, and what is true of them."""

from datetime import UTC, date, datetime
from random import Random

from footfall.errors import FootfallError
from footfall.local.simulator.delivery import SimulatedRequest
from footfall.local.simulator.personas import CRAWLER_SHARE, PERSONAS, SECOND_DEVICE_SHARE
from footfall.local.simulator.truth import Truth
from footfall.local.simulator.visitor import crawler, filler, person

# Raised whenever the same seed gives other events than before.
MODEL = 1
DAYS = 60
DEFAULT_EVENTS = 100_000
DEFAULT_SEED = 7
FEWEST_EVENTS = 100


class Simulation:
    """`events` events over `days` days that end as `end_day` begins (UTC). The same arguments give the same events.

    Attributes:
        requests: what is sent, in the order of sending.
        truth: the books and the sessions, known without looking at what was stored.

    Raises:
        FootfallError: fewer events than 100 are asked for.
    """

    def __init__(self, seed: int, end_day: date, events: int = DEFAULT_EVENTS, days: int = DAYS) -> None:
        if events < FEWEST_EVENTS:
            raise FootfallError(f"a simulation has at least {FEWEST_EVENTS} events, and --events says {events}.")
        self.requests: list[SimulatedRequest] = []
        self.truth = Truth()
        midnight = datetime(end_day.year, end_day.month, end_day.day, tzinfo=UTC)
        start = round(midnight.timestamp() * 1000) - days * 86_400_000
        random = Random(f"footfall simulator {MODEL}, seed {seed}")
        people = 0
        while True:
            if random.random() < CRAWLER_SHARE:
                some = [crawler(random, start, days)]
            else:
                people += 1
                persona = random.choices(PERSONAS, [persona.share for persona in PERSONAS])[0]
                user = f"customer-{people:06d}" if persona.signed_in else ""
                some = [person(random, persona, user, start, days)]
                if persona.signed_in and random.random() < SECOND_DEVICE_SHARE:
                    some.append(person(random, persona, user, start, days))
            if self.truth.sent + sum(truth.sent for _, truth in some) > events:
                break
            self._add(some)
        if missing := events - self.truth.sent:
            self._add([filler(random, start, days, missing)])
        self.requests.sort(key=lambda request: request.order)

    def _add(self, some: list[tuple[list[SimulatedRequest], Truth]]) -> None:
        for requests, truth in some:
            self.requests.extend(requests)
            self.truth.add(truth)
