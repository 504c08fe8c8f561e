"""Writes down what a visitor does on page after page, as a tracker in the page would."""

from random import Random

from footfall.local.simulator.events import SimulatedEvent, new_id
from footfall.local.simulator.shop import ShopPage


class Recorder:
    """The events of one visit, in order of time. `now` is the visit's clock, epoch milliseconds."""

    def __init__(self, random: Random, start: int, landing_url: str, referrer: str) -> None:
        self.random = random
        self.now = start
        self.events: list[SimulatedEvent] = []
        self._landing_url: str | None = landing_url
        self._referrer = referrer
        self._page: dict[str, str] = {}

    def open(self, page: ShopPage) -> None:
        """Go to a page: a page_view. The first page of a visit is its landing address."""
        url = self._landing_url or page.url
        self._landing_url = None
        self._page = {"url": url, "title": page.title}
        if self._referrer:
            self._page["referrer"] = self._referrer
        self._referrer = url
        self.note("page_view", "mid", kind=page.kind)

    def note(self, name: str, level: str, **properties: object) -> None:
        """An event, now, on the page that is open."""
        event_id = new_id(self.random)
        self.events.append(SimulatedEvent(event_id, name, level, self.now, properties, self._page))

    def wait(self, low_ms: float, high_ms: float) -> None:
        """Let time pass: a uniform share between the two, in milliseconds."""
        self.now += round(self.random.uniform(low_ms, high_ms))
