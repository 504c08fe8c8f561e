"""A site's traffic hour by hour, as raw objects: most of it new, some of it sent again or told late.

An hour is a function of the tenant and its number alone, and so is each visit: what is sent again a month later is the
same event. A site is as old as its lake: nothing is sent again, or told late, of the days before its first.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from footfall.events.model import Level, Page, Screen
from footfall.events.pointer_path import encode as encode_path
from footfall.events.raw_line import VERSION, RawEvent, RawLine, encode
from footfall.events.raw_object import compress, key

BEGIN = 1_760_054_400_000
"""2025-10-10, midnight: the first hour; epoch milliseconds."""
HOUR = 3_600_000
DAY = 24 * HOUR
EVENTS_AN_HOUR = 2_000
SENT_AGAIN = 0.05
TOLD_LATE = 0.005
LATEST_DAYS = 30
_EVENTS_A_VISIT = 20
_VISITORS = 20_000
_PRODUCTS = 400
_AGENTS = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 "
    "Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Mobile "
    "Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:130.0) Gecko/20100101 Firefox/130.0",
)
_REFERRERS = ("", "", "https://www.google.com/", "https://news.example/today", "https://www.facebook.com/")


@dataclass(frozen=True)
class Site:
    """A tenant's traffic: so many events an hour, a share of them sent again and a share told late."""

    tenant: str
    events_an_hour: int = EVENTS_AN_HOUR

    def hour(self, number: int) -> list[RawLine]:
        """The requests that come in the hour of that number; what is late is of the days from the first hour on."""
        chance = Random(f"{self.tenant} {number}")
        late = min(LATEST_DAYS * 24, number)
        again = self._share(chance, SENT_AGAIN) if late >= 24 else 0
        told_late = self._share(chance, TOLD_LATE) if late >= 24 else 0
        lines = self._visits(number, self.events_an_hour - again - told_late)
        for place in range(again + told_late):
            then = number - chance.randint(24, late)
            # A visit's first events are the same, however many of them are asked for.
            visit = _visit(self.tenant, then, chance.randrange(self._whole_visits), chance.randint(1, 6))
            event = visit.events[-1]
            if place >= again:
                event = RawEvent(
                    index=0,
                    id=_identifier(chance),
                    name=event.name,
                    level=event.level,
                    time=event.time + 7,
                    properties=event.properties,
                    page=event.page,
                )
            received = BEGIN + number * HOUR + chance.randrange(HOUR)
            lines.append(_sent(self.tenant, visit, [event], received, f"late-{number}-{place}"))
        return sorted(lines, key=lambda line: line.received_at)

    @property
    def _whole_visits(self) -> int:
        """How many visits there are in each hour that have six events or more."""
        return max(1, int(self.events_an_hour * (1 - SENT_AGAIN - TOLD_LATE)) // _EVENTS_A_VISIT)

    def _share(self, chance: Random, share: float) -> int:
        """That share of an hour's events, as a whole number that is right on average."""
        asked = self.events_an_hour * share
        return int(asked) + (chance.random() < asked - int(asked))

    def _visits(self, number: int, events: int) -> list[RawLine]:
        return [
            _visit(self.tenant, number, place, min(_EVENTS_A_VISIT, events - place * _EVENTS_A_VISIT))
            for place in range(-(-events // _EVENTS_A_VISIT))
        ]


def raw_objects(sites: Sequence[Site], hours: range) -> Iterator[tuple[str, bytes]]:
    """The key and the bytes of the raw object of each of these hours."""
    for number in hours:
        lines = [line for site in sites for line in site.hour(number)]
        yield key(BEGIN + number * HOUR, "bench"), compress(b"".join(encode(line) + b"\n" for line in lines))


def _visit(tenant: str, number: int, place: int, events: int) -> RawLine:
    """One request of one visit: pages are opened, read, pointed at, and now and then something is bought."""
    chance = Random(f"{tenant} {number} {place}")
    person = Random(f"{tenant} {chance.randrange(_VISITORS)}")
    visitor, agent = _identifier(person), person.choice(_AGENTS)
    width = person.choice((390, 412, 1280, 1440, 1920))
    address = f"198.51.{person.randrange(256)}.0"
    time = BEGIN + number * HOUR + chance.randrange(HOUR - 600_000)
    referrer = chance.choice(_REFERRERS)
    made: list[RawEvent] = []
    page = Page()
    while len(made) < events:
        product = int(_PRODUCTS * chance.random() ** 2)
        page = Page(
            url=f"https://shop.example/products/{product}" if chance.random() < 0.8 else "https://shop.example/",
            title=f"Product {product}",
            referrer=page.url or referrer,
        )
        for name, level, properties in _on_page(chance, product, width):
            time += chance.randrange(400, 9_000)
            if len(made) < events:
                made.append(
                    RawEvent(
                        index=len(made),
                        id=_identifier(chance),
                        name=name,
                        level=level,
                        time=time,
                        properties=properties,
                        page=page,
                    )
                )
    return RawLine(
        version=VERSION,
        request_id=f"{number}-{place}",
        tenant=tenant,
        received_at=time + 1_000,
        protocol="native",
        instance="bench",
        sequence=place,
        events=made,
        sent_at=time + 900,
        visitor=visitor,
        ip=address,
        user_agent=agent,
        consent="granted",
        page=made[0].page or Page(),
        screen=Screen(width=width, height=900),
        country="DE",
    )


def _on_page(chance: Random, product: int, width: int) -> Iterator[tuple[str, Level, dict[str, object]]]:
    item = f"P{product:04d}"
    yield "page_view", "mid", {}
    yield "product_view", "high", {"item": item, "value": 5 + product % 90, "currency": "EUR"}
    yield "web_vital", "mid", {"metric": "LCP", "value": chance.randrange(600, 4_000), "rating": "good"}
    places = [(0, chance.randrange(width), chance.randrange(3_000))]
    for _ in range(chance.randrange(5, 30)):
        at, x, y = places[-1]
        places.append((at + 10 * chance.randrange(2, 12), abs(x + chance.randrange(-60, 60)), abs(y + 25)))
    yield "pointer", "low", {"path": encode_path(places), "width": width, "height": 4_000}
    yield "engagement", "mid", {"engaged_ms": 15_000, "scroll_depth": chance.randrange(100)}
    place = {"x": chance.randrange(width), "y": chance.randrange(4_000), "width": width, "height": 4_000}
    yield "click", "low", {**place, "target": chance.choice(("buy", "nav > a", "#more"))}
    if chance.random() < 0.2:
        yield "add_to_cart", "high", {"item": item, "quantity": 1, "value": 5 + product % 90, "currency": "EUR"}
    if chance.random() < 0.05:
        basket = [{"item": item, "quantity": 1, "value": 5 + product % 90}]
        yield "purchase", "high", {"items": basket, "value": 5 + product % 90, "currency": "EUR"}
    yield "page_leave", "mid", {"engaged_ms": chance.randrange(15_000), "scroll_depth": chance.randrange(100)}


def _sent(tenant: str, visit: RawLine, events: list[RawEvent], received: int, request: str) -> RawLine:
    """Events of a visit in a request of their own."""
    return RawLine(
        version=VERSION,
        request_id=request,
        tenant=tenant,
        received_at=received,
        protocol="native",
        instance="bench",
        sequence=0,
        events=[
            RawEvent(
                index=index,
                id=event.id,
                name=event.name,
                level=event.level,
                time=event.time,
                properties=event.properties,
                page=event.page,
            )
            for index, event in enumerate(events)
        ],
        sent_at=received - 100,
        visitor=visit.visitor,
        ip=visit.ip,
        user_agent=visit.user_agent,
        consent=visit.consent,
        page=events[0].page or Page(),
        screen=visit.screen,
        country=visit.country,
    )


def _identifier(chance: Random) -> str:
    text = f"{chance.getrandbits(128):032x}"
    return f"{text[:8]}-{text[8:12]}-4{text[13:16]}-a{text[17:20]}-{text[20:]}"
