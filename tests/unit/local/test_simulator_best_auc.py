"""The best AUC possible, computed from the true probabilities."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.local.simulator.best_auc import auc, best_auc
from footfall.local.simulator.purchase_model import Observed, probability
from footfall.local.simulator.truth import SimulatedSession


def session(visitor: str, chance: float, cents: int, *, bot: bool = False) -> SimulatedSession:
    return SimulatedSession(visitor, 1_000, 2_000, 3, "researcher", "ai", "mobile", bot, chance, cents)


@pytest.mark.parametrize(
    ("scores", "labels", "expected"),
    [
        ([0.1, 0.2, 0.8, 0.9], [False, False, True, True], 1.0),
        ([0.9, 0.8, 0.2, 0.1], [False, False, True, True], 0.0),
        ([0.5, 0.5, 0.5, 0.5], [False, True, False, True], 0.5),
        ([0.1, 0.4, 0.35, 0.8], [False, False, True, True], 0.75),
        ([0.1, 0.4], [True, True], None),
        ([], [], None),
    ],
)
def test_auc_is_how_often_a_positive_outranks_a_negative(
    scores: list[float], labels: list[bool], expected: float | None
) -> None:
    assert auc(scores, labels) == expected


@given(st.lists(st.tuples(st.sampled_from([0.1, 0.2, 0.5, 0.9]), st.booleans()), min_size=2, max_size=40))
def test_auc_is_the_mean_over_all_pairs(pairs: list[tuple[float, bool]]) -> None:
    positives = [score for score, label in pairs if label]
    negatives = [score for score, label in pairs if not label]
    found = auc([score for score, _ in pairs], [label for _, label in pairs])
    if not positives or not negatives:
        assert found is None
        return
    wins = [1.0 if high > low else 0.5 if high == low else 0.0 for high in positives for low in negatives]
    assert found == pytest.approx(sum(wins) / len(wins))


def test_only_the_sessions_named_count() -> None:
    sessions = [session("a", 0.9, 500), session("b", 0.1, 0), session("c", 0.95, 0), session("d", 0, 0, bot=True)]
    assert best_auc(sessions) == 0.5
    assert best_auc(sessions, [("a", 1_000), ("b", 1_000)]) == 1.0
    assert best_auc(sessions, [("a", 999)]) is None


def test_the_formula_is_the_one_in_the_docs() -> None:
    observed = Observed("email", "desktop", 20, 9, 1, 5, 50)
    assert probability(observed) == pytest.approx(1 / (1 + math.exp(-(-7.0 + 3.3 + 1.1 + 1.3 + 1.4 + 1.0 + 0.6 + 0.5))))
    quiet = Observed("social", "mobile", 3, 0, 0, 0, 0)
    assert probability(quiet) == pytest.approx(1 / (1 + math.exp(7.0 + 1.2 + 0.3 + 0.7)))
