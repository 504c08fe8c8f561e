"""Nothing acknowledged is lost, whatever fails and whenever the collector is killed: 1,000 schedules, each from a seed.

A failing seed is printed; `run(seed)` runs it again, the same.
"""

import logging
from collections import Counter

import pytest

from tests.faults.collector.books import Books, audit
from tests.faults.collector.schedules import run


@pytest.fixture(autouse=True)
def quiet(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.CRITICAL, "footfall.collector")


SEEDS = range(1_000)
CONTROL_SEEDS = range(200)


def test_what_is_acknowledged_is_in_raw_and_nothing_else_is(capsys: pytest.CaptureFixture[str]) -> None:
    failing, stuck = [], []
    happened: Counter[str] = Counter()
    statuses: Counter[int] = Counter()
    acknowledged = copies = 0
    for seed in SEEDS:
        outcome = run(seed)
        if not outcome.findings.good:
            failing.append((seed, outcome.findings))
        if not outcome.recovered:
            stuck.append(seed)
        happened.update(outcome.happened)
        statuses.update(outcome.statuses)
        acknowledged += outcome.acknowledged
        copies += outcome.findings.copies
    with capsys.disabled():
        print(
            f"\n{len(SEEDS)} schedules: {acknowledged} events acknowledged, {len(failing)} seeds lose or invent some, "
            f"{copies} copies in raw; answers {dict(sorted(statuses.items()))}; faults {dict(sorted(happened.items()))}"
        )
    assert failing == []
    assert stuck == []
    # The schedules are worth something only if all of it happens in them.
    assert {"throttle", "refused", "error", "timeout", "timeout_landed", "closed_landed", "answer lost"} <= set(
        happened
    )
    for place in ("Firehose", "S3"):
        assert happened[f"kill at before {place}"] > 20
        assert happened[f"kill at after {place}"] > 20
    for step in ("pause", "before the handler", "before the answer", "after the answer"):
        assert happened[f"kill at {step}"] > 20
    assert set(statuses) == {0, 200, 503}
    assert copies > 100


def test_a_collector_that_answers_first_loses_events(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = [run(seed, naive=True) for seed in CONTROL_SEEDS]
    lost = sum(len(outcome.findings.lost) for outcome in outcomes)
    losing = sum(bool(outcome.findings.lost) for outcome in outcomes)
    acknowledged = sum(outcome.acknowledged for outcome in outcomes)
    with capsys.disabled():
        print(
            f"\nthe control lost {lost} of {acknowledged} acknowledged events, in {losing} of {len(outcomes)} schedules"
        )
    assert losing > len(outcomes) / 4
    assert {outcome.findings.invented for outcome in outcomes} == {()}


@pytest.mark.parametrize("seed", [0, 7, 421])
def test_a_seed_gives_the_same_schedule_again(seed: int) -> None:
    once, again = run(seed), run(seed)
    assert (once.happened, once.statuses) == (again.happened, again.statuses)
    assert once.world.seconds == again.world.seconds


def test_the_audit_finds_what_is_lost_invented_or_contradicting() -> None:
    sound = next(outcome for outcome in map(run, SEEDS) if outcome.acknowledged > 3 and outcome.findings.copies == 0)
    raw = sound.world.raw()
    everything = Books(acknowledged={("shop", "never sent", 1)})
    findings = audit(everything, [*raw, raw[0].replace(b'"visitor":"v"', b'"visitor":"w"')])
    assert findings.lost == (("shop", "never sent", 1),)
    assert findings.invented
    assert len(findings.contradicting) == 1
