"""Who comes: the kinds of visitors, and how each behaves."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Persona:
    """A kind of visitor.

    `share`: of all people. `visits`: the smallest and largest number of visits. `days_between`: the mean of the
    (exponential) time between visits, in days. `dwell_seconds`: the median time on a page. `scroll`: the mean depth
    of a scroll, 0 to 1. `goes_on`: the chance of another page in the first minute; `stays`: later. `product_share`:
    how often the next page is a product. `adds`: the chance to put a product seen into the basket without buying.
    """

    name: str
    share: float
    visits: tuple[int, int]
    days_between: float
    dwell_seconds: float
    scroll: float
    goes_on: float
    stays: float
    product_share: float
    adds: float
    channels: Mapping[str, float]
    devices: Mapping[str, float]
    signed_in: bool = False


PERSONAS = (
    Persona(
        name="window shopper",
        share=0.48,
        visits=(1, 2),
        days_between=12.0,
        dwell_seconds=22.0,
        scroll=0.28,
        goes_on=0.35,
        stays=0.35,
        product_share=0.22,
        adds=0.04,
        channels={"social": 0.40, "search": 0.27, "referral": 0.13, "direct": 0.10, "ai": 0.05, "paid": 0.05},
        devices={"mobile": 0.72, "desktop": 0.22, "tablet": 0.06},
    ),
    Persona(
        name="bargain hunter",
        share=0.20,
        visits=(1, 4),
        days_between=6.0,
        dwell_seconds=9.0,
        scroll=0.45,
        goes_on=0.68,
        stays=0.45,
        product_share=0.62,
        adds=0.16,
        channels={"paid": 0.45, "email": 0.25, "search": 0.20, "direct": 0.10},
        devices={"mobile": 0.55, "desktop": 0.40, "tablet": 0.05},
    ),
    Persona(
        name="researcher",
        share=0.14,
        visits=(2, 5),
        days_between=4.0,
        dwell_seconds=34.0,
        scroll=0.72,
        goes_on=0.70,
        stays=0.58,
        product_share=0.42,
        adds=0.08,
        channels={"search": 0.42, "ai": 0.24, "direct": 0.18, "referral": 0.16},
        devices={"desktop": 0.66, "mobile": 0.22, "tablet": 0.12},
    ),
    Persona(
        name="errand runner",
        share=0.11,
        visits=(1, 2),
        days_between=15.0,
        dwell_seconds=12.0,
        scroll=0.55,
        goes_on=0.85,
        stays=0.35,
        product_share=0.75,
        adds=0.20,
        channels={"search": 0.50, "paid": 0.25, "direct": 0.15, "ai": 0.10},
        devices={"desktop": 0.52, "mobile": 0.44, "tablet": 0.04},
    ),
    Persona(
        name="loyal customer",
        share=0.07,
        visits=(4, 9),
        days_between=7.0,
        dwell_seconds=14.0,
        scroll=0.60,
        goes_on=0.80,
        stays=0.45,
        product_share=0.60,
        adds=0.15,
        channels={"email": 0.46, "direct": 0.44, "search": 0.10},
        devices={"desktop": 0.50, "mobile": 0.44, "tablet": 0.06},
        signed_in=True,
    ),
)
CRAWLER_SHARE = 0.03
SECOND_DEVICE_SHARE = 0.3
