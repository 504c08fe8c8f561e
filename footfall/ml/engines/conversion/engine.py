"""The conversion engine: its data source, preparation, algorithm, evaluation and serving."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa

from footfall.ml.base import DataSource, Engine, Examples, Model, Score, Trained, Vector, Window
from footfall.ml.boosting import GradientBoosting
from footfall.ml.encoding import Encoding, learn
from footfall.ml.engines.conversion.model import ENCODING, ONNX, TREES, encoding_text
from footfall.ml.evaluation import metrics
from footfall.ml.logistic import LogisticRegression
from footfall.ml.onnx_model import check_agreement, export
from footfall.ml.splitting import check_enough, parts, split_by_time
from footfall.query.catalog import load

OPENING_MS = 60_000
LABEL = "converted"
TIME = "started_at"
REASONS = 3
CATEGORICAL = ("channel", "device", "browser", "os", "landing", "referrer_host", "utm_source", "utm_medium")
NUMERIC = (
    "hour",
    "week_day",
    "opening_events",
    "opening_page_views",
    "opening_product_views",
    "opening_searches",
    "opening_carts",
    "opening_low_events",
    "opening_high_events",
    "opening_pages",
    "opening_scroll_depth",
    "opening_engaged_ms",
    "opening_last_ms",
    "visits_before",
    "page_views_before",
    "high_events_before",
    "engaged_ms_before",
    "duration_ms_before",
    "conversions_before",
    "bounces_before",
    "minutes_since_last_visit",
    "minutes_since_first_visit",
)


class Conversion(Engine):
    """The probability that a visit reaches the tenant's goal after its first minute."""

    name = "conversion"

    def __init__(self, goal: str, opening_ms: int = OPENING_MS) -> None:
        self.goal = goal
        self.opening_ms = opening_ms

    def read(self, source: DataSource, window: Window) -> pa.Table:
        """The visits of a window, in order of time, by `athena_queries/features/conversion.sql`."""
        return source.rows(
            load("conversion").sql,
            {
                "goal": self.goal,
                "opening_ms": self.opening_ms,
                "from_time": window.start or datetime.fromisoformat("1970-01-01"),
                "as_of": window.as_of,
            },
        )

    def prepare(self, rows: pa.Table, encoding: Encoding) -> Examples:
        """The visits as numbers."""
        labels = np.array([1.0 if value else 0.0 for value in rows.column(LABEL).to_pylist()])
        names = tuple(feature for feature, _ in encoding.columns)
        return Examples(encoding.matrix(rows), labels, names, rows)

    def train(self, rows: pa.Table, window: Window) -> Trained:
        """Learn from the first 70 % of the time, stop by the next 15 %, and measure on the last 15 %.

        Raises:
            FootfallError: the visits or the conversions are too few; the message counts them.
        """
        if not rows.num_rows:
            check_enough({"training": rows}, LABEL, "visits convert")
        split = split_by_time(rows.column(TIME))
        train, validation, test = parts(rows, TIME, split)
        check_enough({"training": train, "validation": validation, "test": test}, LABEL, "visits convert")
        encoding = learn(train, NUMERIC, CATEGORICAL)
        learned, stopping, judged = (self.prepare(part, encoding) for part in (train, validation, test))

        boosting = GradientBoosting()
        boosting.fit(learned.features, learned.labels, (stopping.features, stopping.labels))
        plain = LogisticRegression()
        plain.fit(learned.features, learned.labels)
        base_rate = float(learned.labels.mean())
        onnx = export(boosting, learned.features.shape[1], self.name)
        scores = boosting.predict(judged.features)
        metadata: dict[str, object] = {
            "engine": self.name,
            "goal": self.goal,
            "opening_ms": self.opening_ms,
            "features": [*NUMERIC, *CATEGORICAL],
            "window": {"first": _iso(split.first), "last": _iso(split.last), "as_of": _iso(window.as_of)},
            "split": {"validation_from": _iso(split.validation_from), "test_from": _iso(split.test_from)},
            "examples": {"training": train.num_rows, "validation": validation.num_rows, "test": test.num_rows},
            "base_rate": base_rate,
            "trees": boosting.booster_.num_trees(),
            "onnx_difference": check_agreement(boosting, onnx, judged.features),
            "metrics": metrics(judged.labels, scores, base_rate),
            "baseline": {"name": plain.name, **metrics(judged.labels, plain.predict(judged.features), base_rate)},
        }
        files = {ONNX: onnx, TREES: boosting.text().encode(), ENCODING: encoding_text(encoding)}
        return Trained(files, json.loads(json.dumps(metadata)), _judged(test, judged.labels, scores))

    def evaluate(self, model: Model, rows: pa.Table) -> dict[str, float]:
        """AUC, PR-AUC and log loss of a model on visits, beside the log loss of the base rate it learned from.

        Raises:
            FootfallError: there is no visit that converts, or none that does not.
        """
        check_enough({"evaluation": rows}, LABEL, "visits convert")
        labels = np.array([1.0 if value else 0.0 for value in rows.column(LABEL).to_pylist()])
        return metrics(labels, model.score(rows), model.base_rate)

    def serve(self, model: Model, rows: pa.Table) -> Sequence[Score]:
        """The score of each visitor's latest visit, with the features that moved it most."""
        latest = {visitor: row for row, visitor in enumerate(rows.column("visitor").to_pylist())}
        chosen = rows.take(pa.array(sorted(latest.values()), pa.int64()))
        scores, reasons = model.score(chosen), model.explain(chosen, REASONS)
        visitors = chosen.column("visitor").to_pylist()
        return [
            Score(str(visitor), float(score), why)
            for visitor, score, why in zip(visitors, scores, reasons, strict=True)
        ]


def _judged(test: pa.Table, labels: Vector, scores: Vector) -> pa.Table:
    kept = test.select(["session_id", "visitor", TIME])
    return kept.append_column("label", pa.array(labels.astype(np.int64))).append_column("score", pa.array(scores))


def _iso(time: datetime) -> str:
    return time.isoformat()
