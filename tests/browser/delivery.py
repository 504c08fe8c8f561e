"""What may befall a tracker on its way to the collector. The same for ours and any other."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.browser.chromium import REPOSITORY, Remote
from tests.browser.world import Site

OURS = '<script src="/footfall.js"></script>'
EVENT = "step"


@dataclass(frozen=True)
class Delivered:
    """What was recorded in a scenario, and what of it the collector acknowledged in the end."""

    recorded: int
    stored: int

    def __add__(self, other: "Delivered") -> "Delivered":
        return Delivered(self.recorded + other.recorded, self.stored + other.stored)

    @property
    def lost(self) -> int:
        """How many events nobody will ever see."""
        return self.recorded - self.stored


Scenario = Callable[[Remote, Site, str], int]
"""Lets a profile visit a site whose pages load a script; gives the number of events that were recorded."""


def beacon() -> str:
    """The script element of a tracker that sends each event as a beacon and keeps nothing."""
    path = REPOSITORY / "bench" / "alternatives" / "scripts" / "beacon.js"
    return f"<script>{path.read_text(encoding='utf-8')}</script>"


def play(scenario: Scenario, profile: Remote, site: Site, script: str, patience: float = 30) -> Delivered:
    """A scenario, then the next visit in fair weather, which has so many seconds to bring what was kept."""
    recorded = scenario(profile, site, script)
    site.world.door.turn("fair")
    profile.call("setOffline", False)
    page = profile.remote("newPage")
    page.call("goto", site.page("next", script=script, wait=100))
    page.evaluate("ff('track', 'last')")
    site.wait_for("last")
    site.wait_for_numbers(EVENT, recorded, patience)
    page.call("close")
    return Delivered(recorded, len(site.numbers(EVENT)))


def reload_storm(profile: Remote, site: Site, script: str, times: int = 12) -> int:
    """A page is loaded again and again before it has had a second, and the collector answers 503 half the time."""
    page = profile.remote("newPage")
    address = site.page("storm", script=script)
    for number in range(times):
        site.world.door.turn("unavailable" if number % 4 < 2 else "fair")
        page.call("goto", address)
        _step(page, number)
    page.call("close")
    return times


def offline(profile: Remote, site: Site, script: str, times: int = 6) -> int:
    """The network goes, the visitor goes on, and the tab is closed before the network is back."""
    page = profile.remote("newPage")
    page.call("goto", site.page("offline", script=script, wait=100))
    profile.call("setOffline", True)
    for number in range(times):
        _step(page, number)
    page.call("close")
    return times


def abrupt_close(profile: Remote, site: Site, script: str, times: int = 4) -> int:
    """The tab is closed right after something was done in it, while connections break."""
    for number in range(times):
        site.world.door.turn("cut" if number % 2 else "fair")
        page = profile.remote("newPage")
        page.call("goto", site.page("abrupt", script=script))
        _step(page, number)
        page.call("close")
    return times


SCENARIOS: dict[str, Scenario] = {"reload storm": reload_storm, "offline": offline, "abrupt close": abrupt_close}


def _step(page: Remote, number: int) -> None:
    page.evaluate(f"ff('track', '{EVENT}', {{number: {number}}})")
