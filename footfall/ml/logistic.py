"""Logistic regression: the plain model beside which a better one has to stand."""

from __future__ import annotations

import numpy as np

from footfall.ml.base import Algorithm, Matrix, Vector


class LogisticRegression(Algorithm):
    """A linear classifier on standardized features; what is not known counts as the feature's median."""

    name = "logistic regression"

    def __init__(self, strength: float = 1.0) -> None:
        self.strength = strength

    def fit(self, features: Matrix, labels: Vector, validation: tuple[Matrix, Vector] | None = None) -> None:
        """Learn; `pipeline_` is then the fitted steps. There is nothing to stop early, so `validation` is not used."""
        from sklearn.impute import SimpleImputer
        from sklearn.linear_model import LogisticRegression as Linear
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        self.pipeline_ = make_pipeline(
            SimpleImputer(strategy="median", keep_empty_features=True),
            StandardScaler(),
            Linear(C=self.strength, max_iter=2_000),
        )
        self.pipeline_.fit(features.astype(np.float64), labels)

    def predict(self, features: Matrix) -> Vector:
        """The probability that each label is 1."""
        return np.asarray(self.pipeline_.predict_proba(features.astype(np.float64))[:, 1], dtype=np.float64)
