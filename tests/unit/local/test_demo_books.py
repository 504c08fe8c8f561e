"""The demo's check of the lake: it knows what was sent, and says everything that differs."""

from dataclasses import replace
from datetime import date

import pytest

from footfall.etl.books import DayBooks
from footfall.local.demo_books import check_books, check_sessions, in_one_line
from footfall.local.demo_queries import wilson
from footfall.local.demo_record import DemoRecord
from footfall.local.demo_result import Totals
from footfall.local.simulator.simulation import MODEL
from footfall.local.simulator.truth import SimulatedSession, Truth

SESSION = SimulatedSession("v", 1_000, 9_000, 4, "researcher", "ai", "mobile", False, 0.5, 900)
TRUTH = Truth(sent=100, stored=90, duplicates=6, broken={"event_invalid": 3, "time_too_old": 1}, sessions=[SESSION])
ONCE = DayBooks("demo", "2026-03-04", 100, 90, 6, 4, 0, 0, 0)
TWICE = DayBooks("demo", "2026-03-04", 200, 90, 102, 8, 0, 0, 0)
REASONS = {"event_invalid": 3, "time_too_old": 1}


def record(begun: int, completed: int, repeats: int = 0) -> DemoRecord:
    return DemoRecord(7, 100, date(2026, 3, 2), MODEL, "ffk_key", begun, completed, repeats)


def test_the_books_of_one_sending_are_told_however_often_it_was_sent() -> None:
    first = check_books(TRUTH, record(1, 1), [ONCE], REASONS)
    second = check_books(TRUTH, record(2, 2), [TWICE], {reason: 2 * count for reason, count in REASONS.items()})
    assert first.totals == second.totals == Totals(100, 90, 6, 4)
    assert first.reasons == second.reasons == REASONS
    assert first.problems == second.problems == []


def test_sendings_on_two_days_are_one_book() -> None:
    days = [ONCE, replace(ONCE, day="2026-03-05", stored=0, duplicate=96)]
    assert check_books(TRUTH, record(2, 2), days, {"event_invalid": 6, "time_too_old": 2}).problems == []


@pytest.mark.parametrize(
    ("books", "reasons", "said"),
    [
        (replace(ONCE, missing=1, stored=89), REASONS, "do not balance"),
        (replace(ONCE, invented=1), REASONS, "do not balance"),
        (replace(ONCE, stored=89, duplicate=7), REASONS, "89 events are stored, and 90"),
        (replace(ONCE, received=99, duplicate=5), REASONS, "99 events were received"),
        (replace(ONCE, waiting=3), REASONS, "3 events wait"),
        (ONCE, {"event_invalid": 4}, "4 events are in quarantine as event_invalid, and 3 should be"),
        (ONCE, {"event_invalid": 3}, "0 events are in quarantine as time_too_old, and 1 should be"),
    ],
)
def test_whatever_differs_is_said(books: DayBooks, reasons: dict[str, int], said: str) -> None:
    problems = check_books(TRUTH, record(1, 1), [books], reasons).problems
    assert any(said in problem for problem in problems), problems


def test_after_a_sending_that_was_broken_off_the_books_must_balance_and_nothing_be_missing() -> None:
    more = replace(ONCE, received=140, duplicate=44, quarantined=6)
    checked = check_books(TRUTH, record(2, 1), [more], {"event_invalid": 5, "time_too_old": 1})
    assert checked.problems == []
    assert checked.totals == Totals(100, 90, 6, 4)
    lost = check_books(TRUTH, record(2, 1), [replace(more, received=139, stored=89)], REASONS)
    assert any("89 events are stored" in problem for problem in lost.problems)
    unacknowledged = check_books(TRUTH, record(3, 2), [more], REASONS)
    assert any("at least 200 were acknowledged" in problem for problem in unacknowledged.problems)


def test_sessions_are_compared_one_by_one() -> None:
    assert check_sessions(TRUTH, [("v", 1_000, 9_000, 4, True)]) == []
    for found in (
        [],
        [("v", 1_000, 9_000, 4, False)],
        [("v", 1_001, 9_000, 4, True)],
        [("v", 1_000, 9_000, 4, True), ("v", 1_000, 9_000, 4, True)],
    ):
        assert len(check_sessions(TRUTH, found)) == 1


def test_one_line_says_what_raw_holds() -> None:
    assert in_one_line([ONCE]) == "raw holds 100 events = 90 stored + 6 duplicate + 4 quarantined"


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [(0, 10, 0.0, 0.2775), (1, 10, 0.0179, 0.4042), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0), (0, 0, 0.0, 1.0)],
)
def test_the_interval_is_wilsons(hits: int, total: int, low: float, high: float) -> None:
    assert list(wilson(hits, total)) == pytest.approx([low, high], abs=1e-4)
