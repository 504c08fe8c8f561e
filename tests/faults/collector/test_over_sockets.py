"""The same over real sockets: the Lambda's handler in a process that is killed for real, against an emulated AWS.

30 schedules here; `make soak PART=collector` runs 1,000. A failing seed is printed: `sockets.run(cloud, seed)` runs it
again, and so does `make soak PART=collector SEED=n COUNT=1`.
"""

import logging
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.faults.collector import sockets
from tests.faults.collector.cloud import Cloud
from tests.faults.collector.in_the_lake import take_in

SEEDS = range(30)
CONTROL_SEEDS = range(10)


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "werkzeug")


@pytest.fixture(scope="module")
def cloud() -> Iterator[Cloud]:
    cloud = Cloud()
    yield cloud
    cloud.stop()


def test_a_collector_that_is_killed_for_real_keeps_what_it_acknowledged(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = {seed: sockets.run(cloud, seed) for seed in SEEDS}
    failing = [(seed, outcome.findings) for seed, outcome in outcomes.items() if not outcome.good]
    happened = sum((Counter(outcome.happened) for outcome in outcomes.values()), Counter[str]())
    statuses = sum((outcome.statuses for outcome in outcomes.values()), Counter[int]())
    acknowledged = sum(len(outcome.books.acknowledged) for outcome in outcomes.values())
    with capsys.disabled():
        print(
            f"\n{len(SEEDS)} schedules over sockets: {acknowledged} events acknowledged, {len(failing)} seeds lose or "
            f"invent some; answers {dict(sorted(statuses.items()))}; faults {dict(sorted(happened.items()))}"
        )
    assert failing == []
    assert {"throttle", "error", "refused", "late", "late_landed", "closed_landed"} <= set(happened)
    assert {"S3 throttle", "S3 error", "S3 late", "S3 late_landed", "S3 closed_landed"} <= set(happened)
    assert {"kill before", "kill after", "taken when put again"} <= set(happened)
    assert set(statuses) == {0, 200, 503}

    lake = take_in(list(outcomes.values())[::5])
    assert lake.wrong == ()
    assert lake.events > 50


def test_a_collector_that_answers_first_loses_events_over_sockets_too(
    cloud: Cloud, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = [sockets.run(cloud, seed, naive=True) for seed in CONTROL_SEEDS]
    lost = sum(len(outcome.findings.lost) for outcome in outcomes)
    acknowledged = sum(len(outcome.books.acknowledged) for outcome in outcomes)
    with capsys.disabled():
        print(f"\nthe control lost {lost} of {acknowledged} events over sockets, in {len(outcomes)} schedules")
    assert {outcome.findings.invented for outcome in outcomes} == {()}
    assert lost > 0
