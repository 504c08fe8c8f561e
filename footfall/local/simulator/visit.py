"""One visit of a person: the pages, what is done on them, and whether it ends in a purchase."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from footfall.events import pointer_path
from footfall.local.simulator import purchase_model, shop
from footfall.local.simulator.channels import arrive
from footfall.local.simulator.events import SimulatedEvent
from footfall.local.simulator.personas import Persona
from footfall.local.simulator.recorder import Recorder
from footfall.local.simulator.shop import Product, ShopPage

CURRENCY = "EUR"
LONGEST_DWELL_MS = 8 * 60_000
PAUSE_MS = (10 * 60_000, 20 * 60_000)
_PAUSE_SHARE = 0.02
LONGEST_WANDER_MS = 2 * 3_600_000
_PAGE_WIDTH = {"desktop": 1_280, "tablet": 820, "mobile": 400}
_PAGE_HEIGHT = 2_400


@dataclass(frozen=True)
class Visit:
    """A visit: its events, the probability of a purchase that its first minute gave, and what came of it."""

    events: tuple[SimulatedEvent, ...]
    channel: str
    probability: float
    purchase_cents: int


class _Browsing:
    def __init__(self, persona: Persona, device: str, recorder: Recorder) -> None:
        self.persona = persona
        self.page_size = {"width": _PAGE_WIDTH[device], "height": _PAGE_HEIGHT}
        self.recorder = recorder
        self.random = recorder.random
        self.start = recorder.now
        self.basket: list[Product] = []
        self.last_product: Product | None = None

    def next_page(self) -> ShopPage:
        share = self.random.random()
        if share < self.persona.product_share:
            return shop.product_page(shop.any_product(self.random))
        if share < self.persona.product_share + 0.16:
            return shop.list_page(self.random.choice(shop.CATEGORIES))
        if share < self.persona.product_share + 0.22:
            return shop.search_page(self.random.choice(shop.WORDS))
        return shop.HOME if self.random.random() < 0.5 else shop.guide_page(self.random.choice(shop.GUIDES))

    def see(self, page: ShopPage) -> None:
        """Open the page, stay a while, leave it."""
        recorder, random = self.recorder, self.random
        opened = recorder.now
        median = math.log(self.persona.dwell_seconds * 1000)
        leaves = opened + max(2_500, min(LONGEST_DWELL_MS, round(random.lognormvariate(median, 0.7))))
        recorder.open(page)
        recorder.wait(200, 700)
        if page.product is not None:
            self.last_product = page.product
            recorder.note("product_view", "high", **_item(page.product))
        elif page.kind == "search":
            recorder.note(
                "search", "mid", query=page.title.removeprefix("Results for "), results=random.randrange(1, 24)
            )
        elif page.kind == "list":
            for position in range(1, 3):
                product = shop.any_product(random)
                recorder.note("impression", "mid", item=product.item, list=page.path, position=position)
        depth = self._scroll(leaves)
        self._point(leaves)
        recorder.now = max(leaves, recorder.now)
        self._leave(opened, depth)

    def _leave(self, opened: int, depth: int) -> None:
        engaged = round((self.recorder.now - opened) * 0.8)
        self.recorder.note("page_leave", "mid", engaged_ms=engaged, scroll_depth=depth)
        self.recorder.wait(20, 300)

    def _scroll(self, leaves: int) -> int:
        if self.random.random() < 0.25:
            return 0
        mean = self.persona.scroll
        depth = 5 * round(20 * self.random.betavariate(4 * mean, 4 * (1 - mean)))
        self.recorder.wait(300, max(400, (leaves - self.recorder.now) * 0.6))
        self.recorder.note("scroll", "low", scroll_depth=depth)
        return depth

    def _point(self, leaves: int) -> None:
        share = self.random.random()
        if share > 0.35:
            return
        self.recorder.wait(100, max(200, (leaves - self.recorder.now) * 0.5))
        x, y = self.random.randrange(20, 380), self.random.randrange(80, 700)
        if share < 0.25:
            self.recorder.note("click", "low", x=x, y=y, target="a.tile", **self.page_size)
        else:
            places = [(0, x, y)]
            for _ in range(4):
                ms, x, y = places[-1]
                places.append((ms + 50, x + self.random.randrange(-40, 41), y + self.random.randrange(-30, 31)))
            self.recorder.note("pointer", "low", path=pointer_path.encode(places), **self.page_size)

    def add(self, product: Product) -> None:
        self.basket.append(product)
        self.recorder.note("add_to_cart", "high", quantity=1, value=product.price, **_item(product))
        self.recorder.wait(300, 1_500)

    def check_out(self) -> int:
        """To the page where one pays; the time at which it was opened."""
        self.see(shop.CART)
        opened = self.recorder.now
        self.recorder.open(shop.CHECKOUT)
        self.recorder.wait(300, 900)
        value = sum(product.cents for product in self.basket) / 100
        self.recorder.note("checkout", "high", value=value, currency=CURRENCY, items=len(self.basket))
        return opened

    def purchase(self) -> int:
        """The way to a purchase, and its sum in cents."""
        for _ in range(self.random.randrange(0, 3)):
            self.see(self.next_page())
        for _ in range(self.random.choices((1, 2, 3), (6, 3, 1))[0]):
            product = self.last_product or shop.any_product(self.random)
            if self.last_product is None or self.basket:
                product = shop.any_product(self.random)
                self.see(shop.product_page(product))
            self.add(product)
        opened = self.check_out()
        self.recorder.wait(15_000, 90_000)
        cents = sum(product.cents for product in self.basket)
        order = f"order-{self.random.getrandbits(40):010x}"
        items = [product.item for product in self.basket]
        self.recorder.note("purchase", "high", order=order, value=cents / 100, currency=CURRENCY, items=items)
        self.recorder.wait(200, 900)
        self._leave(opened, 40)
        opened = self.recorder.now
        self.recorder.open(shop.DONE)
        self.recorder.wait(3_000, 20_000)
        self._leave(opened, 0)
        return cents

    def wander(self) -> None:
        """The rest of a visit without a purchase: more pages, and baskets that are left behind."""
        persona, random = self.persona, self.random
        while self.recorder.now - self.start < LONGEST_WANDER_MS and random.random() < persona.stays:
            if random.random() < _PAUSE_SHARE:
                self.recorder.wait(*PAUSE_MS)
            self.see(self.next_page())
            if self.last_product is not None and random.random() < persona.adds:
                self.add(self.last_product)
        if self.basket and random.random() < 0.35:
            opened = self.check_out()
            self.recorder.wait(4_000, 60_000)
            self._leave(opened, 20)


def _item(product: Product) -> dict[str, object]:
    return {"item": product.item, "price": product.price, "currency": CURRENCY, "category": product.category}


def first_minute(events: Sequence[SimulatedEvent]) -> tuple[int, int]:
    """The product views, and the deepest scroll in percent, of the first minute of a visit's events."""
    end = events[0].time + purchase_model.FIRST_MINUTE_MS
    early = [event for event in events if event.time <= end]
    depths = [depth for event in early if isinstance(depth := event.properties.get("scroll_depth"), int)]
    return sum(event.name == "product_view" for event in early), max(depths, default=0)


def make_visit(
    random: Random,
    persona: Persona,
    device: str,
    channel: str,
    start: int,
    previous_visits: int,
    previous_purchases: int,
) -> Visit:
    """A visit that begins at `start` (epoch milliseconds).

    What happens in the first minute is drawn first, from the persona. The probability of a purchase is then computed
    from what can be observed by then, whether there is a purchase is drawn, and the rest follows.
    """
    at_product = random.random() < persona.product_share + 0.1
    landing = shop.product_page(shop.any_product(random)) if at_product else shop.HOME
    url, referrer = arrive(random, channel, landing)
    recorder = Recorder(random, start, url, referrer)
    browsing = _Browsing(persona, device, recorder)
    browsing.see(landing)
    minute = start + purchase_model.FIRST_MINUTE_MS
    while recorder.now < minute and random.random() < persona.goes_on:
        browsing.see(browsing.next_page())
    product_views, scroll_depth = first_minute(recorder.events)
    chance = purchase_model.probability(
        purchase_model.Observed(
            channel=channel,
            device=device,
            hour=start // 3_600_000 % 24,
            previous_visits=previous_visits,
            previous_purchases=previous_purchases,
            product_views=product_views,
            scroll_depth=scroll_depth,
        )
    )
    # What follows from the outcome must not show in the minute that the outcome was drawn from.
    recorder.now = max(recorder.now, minute + random.randrange(500, 15_000))
    cents = 0
    if random.random() < chance:
        cents = browsing.purchase()
    else:
        browsing.wander()
    return Visit(tuple(recorder.events), channel, chance, cents)
