"""The known probability that a visit ends in a purchase, as a function of nothing but what can be observed."""

import math
from dataclasses import dataclass

FIRST_MINUTE_MS = 60_000
INTERCEPT = -7.0
PER_PRODUCT_VIEW = 1.1
MOST_PRODUCT_VIEWS = 3
PER_SCROLL_DEPTH = 2.2
BOUGHT_BEFORE = 1.3
PER_PREVIOUS_VISIT = 0.35
MOST_PREVIOUS_VISITS = 4
CHANNEL = {
    "email": 1.0,
    "ai": 0.7,
    "direct": 0.4,
    "paid": 0.2,
    "search": 0.0,
    "referral": -0.3,
    "social": -1.2,
}
DEVICE = {"desktop": 0.6, "tablet": 0.1, "mobile": -0.3}
EVENING = 0.5
NIGHT = -0.7


@dataclass(frozen=True)
class Observed:
    """What can be known of a visit one minute after it began.

    `hour` is that of the start, UTC; `scroll_depth` the deepest in the first minute, in percent; `product_views`
    those of the first minute; `previous_visits` and `previous_purchases` those of the same visitor before.
    """

    channel: str
    device: str
    hour: int
    previous_visits: int
    previous_purchases: int
    product_views: int
    scroll_depth: int


def logit(observed: Observed) -> float:
    """The log odds of a purchase after the first minute."""
    hours = EVENING if 18 <= observed.hour <= 22 else NIGHT if observed.hour <= 5 else 0.0
    return (
        INTERCEPT
        + PER_PRODUCT_VIEW * min(observed.product_views, MOST_PRODUCT_VIEWS)
        + PER_SCROLL_DEPTH * observed.scroll_depth / 100
        + (BOUGHT_BEFORE if observed.previous_purchases else 0.0)
        + PER_PREVIOUS_VISIT * min(observed.previous_visits, MOST_PREVIOUS_VISITS)
        + CHANNEL[observed.channel]
        + DEVICE[observed.device]
        + hours
    )


def probability(observed: Observed) -> float:
    """The probability of a purchase after the first minute."""
    return 1 / (1 + math.exp(-logit(observed)))
