"""Records what the tracker sends on visits to the demo shop: `python -m bench._record_tracker` writes it anew.

A real Chromium visits, its clock hurried on. The events of a visit are put into batches of twenty, as the tracker
would in a minute of a busy page, under the shop's public address.
"""

import json
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from bench._figures import say
from bench._traffic import RECORDED
from footfall.local.simulator.delivery import MOST_EVENTS
from footfall.local.simulator.shop import ORIGIN, PRODUCTS, Product
from tests.browser.chromium import Chromium, Remote
from tests.browser.front_door import Delivery
from tests.browser.hand import Hand
from tests.browser.world import Site, World

VISITS = 12


def main() -> None:
    """Visit, and write the batches."""
    lines = []
    with World() as world, Chromium() as browser:
        shop = world.shop()
        for number in range(VISITS):
            known = len(shop.deliveries)
            _visit(browser, world, shop, Random(number))
            lines += list(_batches(shop.deliveries[known:], world.door.url))
            say(f"visit {number + 1} of {VISITS}: {len(lines)} batches")
    RECORDED.parent.mkdir(exist_ok=True)
    RECORDED.write_text("".join(f"{json.dumps(line, separators=(',', ':'))}\n" for line in lines), "utf-8")


def _visit(browser: Chromium, world: World, shop: Site, random: Random) -> None:
    known = len(shop.deliveries)
    context = browser.context(viewport={"width": 1280, "height": 720})
    page = context.remote("newPage")
    page.call("clock.install", {"time": page.evaluate("Date.now()") - 50_000})
    page.call("goto", f"{world.door.url}/shop/?utm_source=newsletter&utm_medium=email")
    hand = Hand(page)
    hand.click("#accept")
    for product in random.sample(PRODUCTS, 3):
        _look_at(page, hand, f"{world.door.url}/shop/", product, random)
    context.call("close")
    world.door.wait_for(shop.key, lambda found: len(found) > known)


def _look_at(page: Remote, hand: Hand, shop: str, product: Product, random: Random) -> None:
    page.call("goto", f"{shop}c/{product.category}")
    for selector in (f"[data-ff-item={product.item}] a", "#add"):
        page.wait_until("document.readyState === 'complete' && window.ff && !ff.q")
        page.call("mouse.wheel", 0, 300)
        for _ in range(3):
            hand.move(random.randrange(50, 1200), random.randrange(50, 650))
        page.call("clock.runFor", random.randrange(2_000, 9_000))
        hand.click(selector)
        page.call("waitForURL", "**/shop/p/**")


def _batches(deliveries: Sequence[Delivery], address: str) -> Iterator[dict[str, Any]]:
    events: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {}
    for delivery in deliveries:
        for event in delivery.events:
            events.setdefault(event["id"], (delivery.batch, {"page": delivery.batch["page"]} | event))
    told = sorted(events.values(), key=lambda pair: pair[1]["time"])
    for start in range(0, len(told) - MOST_EVENTS + 1, MOST_EVENTS):
        chosen = told[start : start + MOST_EVENTS]
        page = chosen[0][1]["page"]
        bare = [
            {name: value for name, value in event.items() if name != "page" or value != page} for _, event in chosen
        ]
        head = chosen[-1][0] | {"page": page, "events": bare}
        text = json.dumps({name: value for name, value in head.items() if name != "write_key"})
        yield {
            "user_agent": deliveries[0].headers["user-agent"],
            "batch": json.loads(text.replace(address, ORIGIN)),
        }


if __name__ == "__main__":
    main()
