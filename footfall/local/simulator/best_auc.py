"""How well the best model could do: the AUC of the true probabilities against what was drawn from them."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from footfall.local.simulator.truth import SimulatedSession


def auc(scores: Sequence[float], labels: Sequence[bool]) -> float | None:
    """The area under the ROC curve: how often a positive outranks a negative, a tie counting half.

    None where there is no positive or no negative.
    """
    pairs = sorted(zip(scores, labels, strict=True))
    positives = sum(labels)
    negatives = len(pairs) - positives
    if not positives or not negatives:
        return None
    below, won = 0, 0.0
    for _, group in groupby(pairs, key=lambda pair: pair[0]):
        outcomes = [label for _, label in group]
        hits = sum(outcomes)
        misses = len(outcomes) - hits
        won += hits * (below + misses / 2)
        below += misses
    return won / (positives * negatives)


def best_auc(sessions: Iterable[SimulatedSession], starts: Iterable[tuple[str, int]] | None = None) -> float | None:
    """The best AUC possible over these sessions, or over those of them that `starts` names.

    Args:
        sessions: simulated sessions; crawlers count only where `starts` names them.
        starts: (visitor, start in epoch milliseconds) of each session, such as those a model was tested on.
    """
    if starts is None:
        chosen = [session for session in sessions if not session.is_bot]
    else:
        wanted = set(starts)
        chosen = [session for session in sessions if (session.visitor, session.started_at) in wanted]
    return auc([session.probability for session in chosen], [session.converted for session in chosen])
