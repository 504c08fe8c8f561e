"""What an engine is made of: data source and preparator, algorithm, serving, evaluation (DASE, as in PredictionIO).

An engine answers one question of a tenant. Its data source is SQL over the lake; its preparator turns the rows into
numbers; its algorithm learns and predicts; serving gives each visitor a score and its reasons; evaluation measures
the scores on a time that the algorithm has not seen.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Matrix = npt.NDArray[np.float32]
Vector = npt.NDArray[np.float64]


class DataSource(Protocol):
    """Where an engine's rows come from."""

    def rows(self, sql: str, parameters: dict[str, object]) -> pa.Table:
        """The answer to one SELECT in Athena's SQL, of one tenant's rows."""


@dataclass(frozen=True)
class Window:
    """The visits that are looked at: those that begin from `start` (None: the oldest) up to `as_of` (UTC, no zone)."""

    as_of: datetime
    start: datetime | None = None


@dataclass(frozen=True)
class Examples:
    """Prepared rows, in order of time.

    Attributes:
        features: a row an example, a column a number; NaN where it is not known.
        labels: 1 where what is predicted came true, else 0.
        columns: for each column, the feature it belongs to (a category has a column a value).
        rows: the rows that the examples were made of, one for one.
    """

    features: Matrix
    labels: Vector
    columns: tuple[str, ...]
    rows: pa.Table


class Algorithm(ABC):
    """Learns from examples. Constructors only store; what was learned ends in an underscore."""

    name: str

    @abstractmethod
    def fit(self, features: Matrix, labels: Vector, validation: tuple[Matrix, Vector] | None = None) -> None:
        """Learn. `validation`, later examples, says when to stop where the algorithm can."""

    @abstractmethod
    def predict(self, features: Matrix) -> Vector:
        """A score a row; of a classifier, the probability that the label is 1."""


@dataclass(frozen=True)
class Reason:
    """A feature that moved a score: its value, and by how much (of a classifier: in log-odds)."""

    feature: str
    value: str | float | None
    contribution: float


@dataclass(frozen=True)
class Score:
    """A visitor's score, with the reasons that moved it most."""

    visitor: str
    score: float
    reasons: tuple[Reason, ...]


class Model(Protocol):
    """A trained model, as it is served."""

    @property
    def version(self) -> str:
        """The hash of its content."""

    @property
    def base_rate(self) -> float:
        """The share of ones among the labels that it learned from."""

    def score(self, rows: pa.Table) -> Vector:
        """A score a row."""

    def explain(self, rows: pa.Table, top: int) -> list[tuple[Reason, ...]]:
        """For each row, the features that moved its score most, the strongest first."""


class Engine(ABC):
    """One question that can be learned: subclasses say how rows are found, prepared, learned and served."""

    name: str

    @abstractmethod
    def read(self, source: DataSource, window: Window) -> pa.Table:
        """The rows of a window, in order of time: features, and the label where it is known."""

    @abstractmethod
    def train(self, rows: pa.Table, window: Window) -> Trained:
        """Learn from the rows and measure on their last part.

        Raises:
            FootfallError: they are too few; the message counts them.
        """

    @abstractmethod
    def evaluate(self, model: Model, rows: pa.Table) -> dict[str, float]:
        """The metrics of a model on labelled rows."""

    @abstractmethod
    def serve(self, model: Model, rows: pa.Table) -> Sequence[Score]:
        """A score a visitor, as of the rows' last time."""


@dataclass(frozen=True)
class Trained:
    """What training gives: the model's files by name, its metadata, and the test's rows with their scores.

    `test` has the columns session_id, visitor, started_at, label and score.
    """

    files: dict[str, bytes]
    metadata: dict[str, object]
    test: pa.Table
