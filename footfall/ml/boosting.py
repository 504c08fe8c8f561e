"""Gradient boosting of trees (LightGBM), made repeatable: one thread, one seed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from footfall.ml.base import Algorithm, Matrix, Vector


class GradientBoosting(Algorithm):
    """A binary classifier that trains in seconds on tens of thousands of rows.

    With validation examples it stops when their log loss has not fallen for `patience` rounds.
    """

    name = "gradient boosting"

    def __init__(
        self,
        rounds: int = 400,
        learning_rate: float = 0.05,
        leaves: int = 7,
        fewest_rows: int = 30,
        patience: int = 30,
        seed: int = 0,
    ) -> None:
        self.rounds = rounds
        self.learning_rate = learning_rate
        self.leaves = leaves
        self.fewest_rows = fewest_rows
        self.patience = patience
        self.seed = seed

    @property
    def settings(self) -> dict[str, Any]:
        """LightGBM's parameters."""
        return {
            "objective": "binary",
            "learning_rate": self.learning_rate,
            "num_leaves": self.leaves,
            "min_data_in_leaf": self.fewest_rows,
            "feature_fraction": 0.8,
            "bagging_fraction": 0.8,
            "bagging_freq": 1,
            "lambda_l2": 1.0,
            "seed": self.seed,
            "num_threads": 1,
            "deterministic": True,
            "force_col_wise": True,
            "verbosity": -1,
        }

    def fit(self, features: Matrix, labels: Vector, validation: tuple[Matrix, Vector] | None = None) -> None:
        """Learn; `booster_` is then the trees."""
        import lightgbm

        train = lightgbm.Dataset(features, labels, free_raw_data=False)
        later: list[lightgbm.Dataset] = []
        watch: list[Callable[..., Any]] = []
        if validation is not None:
            later = [lightgbm.Dataset(validation[0], validation[1], reference=train, free_raw_data=False)]
            watch = [lightgbm.early_stopping(self.patience, verbose=False)]
        booster = lightgbm.train(self.settings, train, self.rounds, valid_sets=later, callbacks=watch)
        best = booster.best_iteration if validation is not None else self.rounds
        # Only the trees that are kept: what is saved, exported and explained is then the same model.
        self.booster_ = lightgbm.Booster(model_str=booster.model_to_string(num_iteration=best))

    def predict(self, features: Matrix) -> Vector:
        """The probability that each label is 1."""
        return np.asarray(self.booster_.predict(features, num_threads=1), dtype=np.float64)

    def text(self) -> str:
        """The trees in LightGBM's own text format."""
        return str(self.booster_.model_to_string())
