"""How good probabilities are, on examples that were not learned from."""

from footfall.ml.base import Vector


def metrics(labels: Vector, scores: Vector, base_rate: float) -> dict[str, float]:
    """The metrics of a classifier's probabilities.

    Args:
        labels: 1 where it came true, else 0; both occur.
        scores: the probabilities.
        base_rate: the share of ones in what was learned from: the probability of whoever knows nothing else.

    Returns:
        auc: the probability that a one is scored above a zero. pr_auc: average precision. log_loss: the mean of
        -ln(probability given to what happened). base_log_loss: the same for the base rate. examples, positives: how
        many there are.
    """
    import numpy as np
    from sklearn.metrics import average_precision_score, log_loss, roc_auc_score

    known = np.full_like(scores, base_rate)
    return {
        "auc": float(roc_auc_score(labels, scores)),
        "pr_auc": float(average_precision_score(labels, scores)),
        "log_loss": float(log_loss(labels, scores, labels=[0, 1])),
        "base_log_loss": float(log_loss(labels, known, labels=[0, 1])),
        "examples": float(len(labels)),
        "positives": float(labels.sum()),
    }
