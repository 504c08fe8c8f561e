"""Events lost between a page and the collector: in a reload storm, offline, and where tabs are closed at once.

Ours and a tracker that sends each event as a beacon go through the same, in a real Chromium, against `footfall up`
behind a proxy that fails as it is told; then each has a next visit in fair weather.
"""

import sys
from collections.abc import Iterator

from bench._figures import Figure, at_most, run, say
from bench._scripts import build_ours
from tests.browser.chromium import Chromium
from tests.browser.delivery import OURS, SCENARIOS, Delivered, beacon, play
from tests.browser.world import World


def measure(quick: bool) -> Iterator[Figure]:
    """The figures."""
    build_ours()
    rounds = 1 if quick else 5
    total = {side: {name: Delivered(0, 0) for name in SCENARIOS} for side in ("ours", "beacons")}
    with World() as world, Chromium() as browser:
        for number in range(rounds):
            say(f"tracker_delivery: round {number + 1} of {rounds}")
            for name, scenario in SCENARIOS.items():
                for side, script, patience in (("ours", OURS, 30.0), ("beacons", beacon(), 2.0)):
                    world.door.turn("fair")
                    profile = browser.context()
                    total[side][name] += play(scenario, profile, world.site(), script, patience)
                    profile.call("close")
    for name in SCENARIOS:
        ours, theirs = total["ours"][name], total["beacons"][name]
        say(f"tracker_delivery: {name}: of {ours.recorded} events ours loses {ours.lost}, beacons lose {theirs.lost}")
    recorded = sum(one.recorded for one in total["ours"].values())
    lost = sum(one.lost for one in total["ours"].values())
    by_beacons = sum(one.lost for one in total["beacons"].values())
    yield Figure("lost by ours", lost, 0, f"of {recorded} events", 0, "at most 0 events")
    # The bench would show nothing where nothing can be lost.
    yield Figure("recorded, for each that beacons lose", recorded, by_beacons, "events", 10, at_most(10))


if __name__ == "__main__":
    sys.exit(run("tracker_delivery", measure))
