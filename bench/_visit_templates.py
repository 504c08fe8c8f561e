"""Visits to a shop as texts to fill in: what the benches' traffic is made of."""

import random
import re
from dataclasses import dataclass
from functools import cache
from typing import Any

from bench._pointer import movement
from footfall.events import pointer_path
from footfall.events.model import Library, Page, Screen
from footfall.events.raw_line import VERSION, RawEvent, RawLine, RawRejected, encode
from footfall.local.simulator.devices import CRAWLERS, DEVICES, Device

EVENTS_A_LINE = 20
ANONYMOUS, KNOWN, CRAWLING = "anonymous", "known", "crawling"
"""The kinds of visits: of nobody known, of a user of the shop's, of a crawler that runs scripts."""

_PRODUCTS, _CATEGORIES = 2_000, 40
_HOST = "https://shop.example"
_REFERRERS = (
    *("", "", "", "https://www.google.com/", "https://www.bing.com/search", "https://duckduckgo.com/"),
    *("https://www.facebook.com/", "https://t.co/a1b2c3", "https://chatgpt.com/", "https://mail.google.com/"),
    *(f"https://blog{number}.example/posts/{number * 7}" for number in range(60)),
)
_CAMPAIGNS = (
    *("", "", "", "", "", "?utm_source=newsletter&utm_medium=email&utm_campaign=week-31"),
    *("?utm_source=google&utm_medium=cpc&utm_campaign=brand&gclid=@CLICK@", "?fbclid=@CLICK@"),
)
# What is filled in: times are numbers from here on, so that they stand in a line's text as numbers do.
_TIME = 9_000_000_000_000
_HOLE = re.compile(r"9[0-9]{12}|@[A-Z]+@")


@dataclass(frozen=True)
class LineTemplate:
    """A line's text with holes for `%`.

    Attributes:
        text: the text.
        holes: what each `%s` stands for: milliseconds since the visit's begin, or a name such as `@VISITOR@`.
        events: the accepted events in it.
        ends: milliseconds from the visit's begin to the line's last event.
    """

    text: str
    holes: tuple[int | str, ...]
    events: int
    ends: int


def visits(kind: str, count: int, seed: int, tenant: str = "@TENANT@") -> list[list[LineTemplate]]:
    """So many visits of a kind, each its lines in order."""
    chance = random.Random(f"{kind} {seed}")
    return [_visit(chance, kind, tenant) for _ in range(count)]


def _visit(chance: random.Random, kind: str, tenant: str) -> list[LineTemplate]:
    pages = min(30, 2 * round(chance.expovariate(1 / 2.2)) + 2)
    device = _device(chance, kind)
    now = 0
    events: list[tuple[int, str, str, dict[str, Any], Page]] = []
    previous = chance.choice(_REFERRERS)
    for number in range(pages):
        address, title, product = _address(chance, number)
        page = Page(url=address, referrer=previous, title=title)
        previous = address
        seen, now = _page(chance, kind, now, product, device, driven=kind == CRAWLING)
        events += [(at, name, level, properties, page) for at, name, level, properties in seen]
        if kind == KNOWN and number == 1:
            traits = {"plan": chance.choice(("free", "plus")), "email_hash": "@CLICK@", "city": "Zürich"}
            events.append((now, "identify", "high", traits, page))
        now += chance.randrange(500, 20_000)
    user = "@USER@" if kind == KNOWN else ""
    lines = [events[start : start + EVENTS_A_LINE] for start in range(0, len(events), EVENTS_A_LINE)]
    return [_line(chance, tenant, device, user, line) for line in lines]


def _device(chance: random.Random, kind: str) -> Device:
    if kind == CRAWLING:
        return chance.choice(CRAWLERS)
    return chance.choice(DEVICES[chance.choices(("desktop", "mobile", "tablet"), (5, 6, 1))[0]])


def _address(chance: random.Random, number: int) -> tuple[str, str, int | None]:
    campaign = chance.choice(_CAMPAIGNS) if number == 0 else ""
    if chance.random() < 0.45:
        product = int(_PRODUCTS * chance.random() ** 2)
        return f"{_HOST}/p/{product}{campaign}", f"Product {product} – the shop", product
    category = chance.randrange(_CATEGORIES)
    return f"{_HOST}/c/{category}{campaign}", f"Category {category} – the shop", None


def _page(
    chance: random.Random, kind: str, begin: int, product: int | None, device: Device, *, driven: bool
) -> tuple[list[tuple[int, str, str, dict[str, Any]]], int]:
    """What happens on a page: (milliseconds, name, level, properties), and when it is left."""
    height = chance.randrange(1_500, 6_000)
    size = {"width": device.width, "height": height}
    found: list[tuple[int, str, str, dict[str, Any]]] = [
        (begin, "page_view", "mid", {"webdriver": True} if driven else {}),
        (begin + 400, "web_vital", "mid", {"metric": "TTFB", "value": chance.randrange(40, 900), "rating": "good"}),
        (begin + 900, "web_vital", "mid", {"metric": "LCP", "value": chance.randrange(600, 40_000) / 10}),
    ]
    if driven:
        return found, begin + 2_000
    now = begin + 1_500
    path = _paths(device.kind != "desktop")
    name = "pointer" if device.kind == "desktop" else "touch"
    for _ in range(chance.choice((1, 1, 2))):
        found.append((now, name, "low", {"path": chance.choice(path), **size}))
        now += chance.randrange(2_500, 6_000)
    found.append((now, "scroll", "low", {"path": chance.choice(_scrolls()), "scroll_depth": chance.randrange(10, 100)}))
    now += 1_000
    found += [
        (
            now + place * 50,
            "impression",
            "mid",
            {"item": f"p{chance.randrange(_PRODUCTS)}", "list": "also bought", "position": place + 1},
        )
        for place in range(chance.choice((0, 1, 2)))
    ]
    if product is not None:
        price = f"{chance.randrange(500, 20_000) / 100:.2f}"
        item = {"item": f"p{product}", "value": float(price), "currency": "EUR"}
        found.append((now + 200, "product_view", "high", item))
        if chance.random() < 0.25:
            found.append((now + 3_000, "add_to_cart", "high", {**item, "quantity": chance.randrange(1, 4)}))
        if chance.random() < 0.08:
            items = [
                {"item": f"p{chance.randrange(_PRODUCTS)}", "quantity": 1, "value": chance.randrange(5, 90)}
                for _ in range(chance.randrange(1, 4))
            ]
            total = sum(each["value"] for each in items if isinstance(each["value"], int))
            found.append((now + 4_000, "purchase", "high", {"items": items, "value": total, "currency": "EUR"}))
    elif chance.random() < 0.1:
        found.append((now + 300, "search", "mid", {"query": f"shoes {chance.randrange(300)}"}))
    for _ in range(chance.choice((0, 1, 2))):
        now += chance.randrange(300, 4_000)
        place = {"x": chance.randrange(device.width), "y": chance.randrange(height)}
        found.append((now, "click", "low", {**place, **size, "target": f"main > a.card:nth-of-type({place['x'] % 9})"}))
    engaged = now - begin
    if engaged > 15_000:
        found.append((begin + 15_000, "engagement", "mid", {"engaged_ms": 15_000, "scroll_depth": 40}))
        engaged -= 15_000
    now += 500
    found.append((now, "page_leave", "mid", {"engaged_ms": engaged, "scroll_depth": chance.randrange(40, 101)}))
    return sorted(found, key=lambda event: event[0]), now


@cache
def _paths(is_touch: bool) -> list[str]:
    """Ways of a pointer (a few seconds each), thinned out as the tracker does, or of a finger."""
    found = []
    for seed in range(200):
        way = movement(seed, 80 if is_touch else 220)
        found.append(pointer_path.encode(way[:: 10 if is_touch else 11]))
    return found


@cache
def _scrolls() -> list[str]:
    chance = random.Random(5)
    return [
        pointer_path.encode([(step * 120, step * chance.randrange(20, 90)) for step in range(chance.randrange(6, 16))])
        for _ in range(200)
    ]


def _line(
    chance: random.Random,
    tenant: str,
    device: Device,
    user: str,
    events: list[tuple[int, str, str, dict[str, Any], Page]],
) -> LineTemplate:
    page = events[0][4]
    rejected = []
    if chance.random() < 0.01:
        last = len(events) - 1
        events = events[:last]
        detail = "Object missing required field `name`"
        rejected = [RawRejected(last, "event_invalid", detail, '{"id":"@ID@","level":"mid"}')]
    line = RawLine(
        VERSION,
        "@REQUEST@",
        tenant,
        _TIME + 999_999_999,
        "native",
        "bench",
        _TIME + 999_999_998,
        [
            RawEvent(
                index,
                "@ID@",
                name,
                level,  # type: ignore[arg-type]
                _TIME + at,
                properties,
                None if its_page == page else its_page,
            )
            for index, (at, name, level, properties, its_page) in enumerate(events)
        ],
        rejected,
        sent_at=_TIME + 999_999_997,
        visitor="@VISITOR@",
        user=user,
        ip="@IP@",
        user_agent=device.user_agent,
        consent="granted",
        library=Library("footfall-tracker", "1.0.0"),
        page=page,
        screen=Screen(device.width, device.height),
        country=chance.choice(("DE", "DE", "CH", "AT", "FR", "US")),
    )
    text = encode(line).decode().replace("%", "%%")
    named = {_TIME + 999_999_999: "@RECEIVED@", _TIME + 999_999_998: "@SEQUENCE@", _TIME + 999_999_997: "@SENT@"}
    holes = tuple(
        hole if hole.startswith("@") else named.get(int(hole), int(hole) - _TIME) for hole in _HOLE.findall(text)
    )
    return LineTemplate(_HOLE.sub("%s", text), holes, len(events), events[-1][0] if events else 0)
