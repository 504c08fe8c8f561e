"""Fault schedules over sockets; some of them on into a lake, and some by the control."""

from tests.faults.collector import sockets
from tests.faults.collector.cloud import Cloud
from tests.faults.collector.in_the_lake import take_in
from tests.soak.parts import Found

EACH_INTO_A_LAKE = 3
EACH_BY_THE_CONTROL = 10


def block(base: int, place: int, numbers: range) -> Found:
    """Run these schedules."""
    found = Found()
    sampled = []
    cloud = Cloud()
    try:
        for number in numbers:
            seed = base + number
            outcome = sockets.run(cloud, seed)
            mine = Found(
                tried=1,
                held=len(outcome.books.acknowledged),
                lost=len(outcome.findings.lost),
                happened=outcome.happened,
            )
            if not outcome.good:
                mine.wrong = [f"{seed}: {outcome.findings}{'' if outcome.well else ', and it did not recover'}"]
            found.add(mine)
            if number % EACH_INTO_A_LAKE == 0:
                sampled.append(outcome)
            if number % EACH_BY_THE_CONTROL == 0:
                control = sockets.run(cloud, seed, naive=True)
                held, lost = len(control.books.acknowledged), len(control.findings.lost)
                found.add(Found(control_tried=1, control_held=held, control_lost=lost))
    finally:
        cloud.stop()
    lake = take_in(sampled)
    kept = {"schedules taken into a lake": len(sampled), "events in the lake": lake.events}
    seeds = f"{base + numbers.start}-{base + numbers.stop - 1}"
    found.add(Found(happened=kept, wrong=[f"{seeds}: {wrong}" for wrong in lake.wrong]))
    return found
