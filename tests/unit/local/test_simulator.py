"""What a simulation promises: it follows from its seed, and its truth is the truth of what it sends."""

import json
from collections import Counter, defaultdict
from datetime import date
from itertools import pairwise
from random import Random
from typing import Any

import pytest
from crawleruseragents import is_crawler
from hypothesis import given, settings
from hypothesis import strategies as st

from footfall.errors import FootfallError
from footfall.local.simulator.delivery import SimulatedRequest
from footfall.local.simulator.purchase_model import Observed, probability
from footfall.local.simulator.simulation import Simulation

END = date(2026, 1, 5)
GAP_MS = 30 * 60_000
seeds = st.integers(min_value=0, max_value=2**32)


def batch(request: SimulatedRequest) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(request.body("ffk_key", 1))
    return body


def count(requests: list[SimulatedRequest]) -> tuple[int, int, int, dict[str, list[int]]]:
    """Sent, distinct good, broken, and the good events' times by visitor: counted from the text alone."""
    sent, broken = 0, 0
    good: dict[tuple[str, int], str] = {}
    for request in requests:
        body = batch(request)
        for event in body["events"]:
            sent += 1
            if is_broken(event):
                broken += 1
            else:
                good[event["id"], event["time"]] = body["visitor"]
    times = defaultdict(list)
    for (_, time), visitor in good.items():
        times[visitor].append(time)
    return sent, len(good), broken, {visitor: sorted(found) for visitor, found in times.items()}


def is_broken(event: dict[str, Any]) -> bool:
    if set(event) - {"id", "name", "level", "time", "properties", "page"} or not {"id", "time"} <= set(event):
        return True
    if event["level"] not in ("low", "mid", "high") or not event["name"] or not isinstance(event["time"], int):
        return True
    text = json.dumps(event)
    return not 1.6e12 < event["time"] < 1.8e12 or "Infinity" in text or "inner" in text


@settings(max_examples=15, deadline=None)
@given(seed=seeds)
def test_the_same_seed_gives_the_same_requests_and_another_seed_gives_others(seed: int) -> None:
    first, again, other = (Simulation(number, END, 400) for number in (seed, seed, seed + 1))
    assert first.requests == again.requests
    assert first.truth == again.truth
    assert not {request.text for request in first.requests} & {request.text for request in other.requests}


@settings(max_examples=25, deadline=None)
@given(seed=seeds, events=st.integers(min_value=100, max_value=3_000))
def test_the_books_are_those_of_what_is_sent_in_whatever_order(seed: int, events: int) -> None:
    simulation = Simulation(seed, END, events)
    truth = simulation.truth
    shuffled = list(simulation.requests)
    Random(seed).shuffle(shuffled)
    sent, stored, broken, times = count(shuffled)
    assert (sent, stored, broken) == (truth.sent, truth.stored, truth.quarantined)
    assert truth.sent == truth.stored + truth.duplicates + truth.quarantined == events
    assert truth.stored == sum(session.events for session in truth.sessions)
    assert set(times) == {session.visitor for session in truth.sessions}


@settings(max_examples=25, deadline=None)
@given(seed=seeds)
def test_sessions_are_those_that_a_gap_of_thirty_minutes_cuts(seed: int) -> None:
    simulation = Simulation(seed, END, 3_000)
    found = []
    for visitor, times in count(simulation.requests)[3].items():
        start = times[0]
        for earlier, later in pairwise(times):
            if later - earlier > GAP_MS:
                found.append((visitor, start, earlier))
                start = later
        found.append((visitor, start, times[-1]))
    simulated = [(session.visitor, session.started_at, session.ended_at) for session in simulation.truth.sessions]
    assert sorted(found) == sorted(simulated)


def test_every_event_lies_in_the_days_simulated() -> None:
    simulation = Simulation(3, END, 20_000, days=60)
    end = 1_767_571_200_000
    for session in simulation.truth.sessions:
        assert end - 60 * 86_400_000 <= session.started_at <= session.ended_at < end


def test_the_probability_is_in_nothing_that_is_sent() -> None:
    simulation = Simulation(3, END, 5_000)
    text = b"".join(request.body("ffk_key", 1) for request in simulation.requests)
    assert b"probab" not in text
    assert b"persona" not in text
    for session in simulation.truth.sessions:
        if session.probability:
            assert repr(session.probability).encode() not in text
    for name in ("window shopper", "bargain hunter", "researcher", "errand runner", "loyal customer"):
        assert name.encode() not in text


def test_the_probability_is_the_formula_over_what_was_sent() -> None:
    simulation = Simulation(3, END, 20_000)
    sent: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for request in simulation.requests:
        body = batch(request)
        sent[body["visitor"]].update({event["id"]: event for event in body["events"] if not is_broken(event)})
    history: dict[str, list[bool]] = defaultdict(list)
    people = [session for session in simulation.truth.sessions if not session.is_bot]
    for session in sorted(people, key=lambda session: session.started_at):
        minute = range(session.started_at, session.started_at + 60_001)
        early = [event for event in sent[session.visitor].values() if event["time"] in minute]
        before = history[session.visitor]
        observed = Observed(
            channel=session.channel,
            device=session.device,
            hour=session.started_at // 3_600_000 % 24,
            previous_visits=len(before),
            previous_purchases=sum(before),
            product_views=sum(event["name"] == "product_view" for event in early),
            scroll_depth=max(event.get("properties", {}).get("scroll_depth", 0) for event in early),
        )
        assert session.probability == probability(observed)
        before.append(session.converted)


def test_purchases_come_after_the_first_minute_and_as_often_as_the_model_says() -> None:
    simulation = Simulation(3, END, 60_000)
    people = [session for session in simulation.truth.sessions if not session.is_bot]
    starts = {(session.visitor, session.started_at): session for session in people if session.converted}
    bought = {}
    for request in simulation.requests:
        body = batch(request)
        for event in body["events"]:
            if event.get("name") == "purchase":
                bought[event["id"]] = (body["visitor"], event["time"])
    assert len(bought) == len(starts)
    for visitor, time in bought.values():
        start = max(begun for who, begun in starts if who == visitor and begun <= time)
        assert time - start > 60_000
    expected = sum(session.probability for session in people)
    spread = sum(session.probability * (1 - session.probability) for session in people) ** 0.5
    assert abs(len(starts) - expected) < 4 * spread
    assert 0.06 < len(starts) / len(people) < 0.12


def test_every_fault_is_there() -> None:
    truth = Simulation(3, END, 20_000).truth
    reasons = {"event_invalid", "properties_too_deep", "time_in_future", "time_too_old", "event_not_json"}
    assert set(truth.broken) == reasons
    assert truth.late_requests > 0
    assert truth.repeated_requests > 0
    assert truth.duplicates > 0


def test_crawlers_say_so_in_their_user_agent_and_nobody_else_does() -> None:
    simulation = Simulation(3, END, 20_000)
    bots = {session.visitor for session in simulation.truth.sessions if session.is_bot}
    people = {session.visitor for session in simulation.truth.sessions if not session.is_bot}
    assert bots
    assert not bots & people
    for visitor, agent in {(batch(request)["visitor"], request.user_agent) for request in simulation.requests}:
        assert is_crawler(agent) == (visitor in bots), agent


def test_visitors_come_by_every_channel_and_device_and_more_in_the_evening() -> None:
    sessions = [session for session in Simulation(3, END, 60_000).truth.sessions if not session.is_bot]
    assert {session.channel for session in sessions} == {
        "paid", "email", "social", "search", "ai", "referral", "direct"
    }  # fmt: skip
    assert {session.device for session in sessions} == {"desktop", "mobile", "tablet"}
    hours = Counter(session.started_at // 3_600_000 % 24 for session in sessions)
    assert hours[20] > 3 * hours[4]


def test_too_few_events_are_refused_in_one_line() -> None:
    with pytest.raises(FootfallError, match="at least 100"):
        Simulation(1, END, 99)
