"""A trained conversion model as it is served: scores by ONNX, reasons by the trees themselves."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa

from footfall.ml.base import Reason, Vector
from footfall.ml.encoding import Encoding
from footfall.ml.model_store import StoredModel
from footfall.ml.onnx_model import OnnxScorer

ONNX = "model.onnx"
TREES = "model.txt"
ENCODING = "encoding.json"


def encoding_text(encoding: Encoding) -> bytes:
    """An encoding as data: lists, for the order is that of the matrix's columns."""
    categories = [{"feature": feature, "values": values} for feature, values in encoding.categories.items()]
    described = {"numeric": encoding.numeric, "categories": categories}
    return json.dumps(described, indent=2, ensure_ascii=False).encode() + b"\n"


class ConversionModel:
    """The model of a version."""

    def __init__(self, stored: StoredModel) -> None:
        self.stored = stored
        read: dict[str, Any] = json.loads(stored.files[ENCODING])
        categories = {one["feature"]: tuple(one["values"]) for one in read["categories"]}
        self.encoding = Encoding(tuple(read["numeric"]), categories)
        self._scorer = OnnxScorer(stored.files[ONNX])

    @property
    def version(self) -> str:
        """The hash of its content."""
        return self.stored.version

    @property
    def base_rate(self) -> float:
        """The share of the visits it learned from that converted."""
        return float(str(self.stored.metadata["base_rate"]))

    def score(self, rows: pa.Table) -> Vector:
        """The probability that each visit converts."""
        return self._scorer.predict(self.encoding.matrix(rows))

    def explain(self, rows: pa.Table, top: int) -> list[tuple[Reason, ...]]:
        """The features that moved each score most, in log-odds, by TreeSHAP.

        The columns of a categorical feature are one feature here: their contributions are added up. (S. M. Lundberg
        et al. 2020: From local explanations to global understanding with explainable AI for trees.)
        """
        import lightgbm

        if not rows.num_rows:
            return []
        booster = lightgbm.Booster(model_str=self.stored.files[TREES].decode())
        contributions = np.asarray(booster.predict(self.encoding.matrix(rows), pred_contrib=True, num_threads=1))
        features = list(dict.fromkeys(feature for feature, _ in self.encoding.columns))
        place = {feature: index for index, feature in enumerate(features)}
        totals = np.zeros((rows.num_rows, len(features)))
        for column, (feature, _) in enumerate(self.encoding.columns):
            totals[:, place[feature]] += contributions[:, column]
        strongest = np.argsort(-np.abs(totals), axis=1, kind="stable")[:, :top]
        values = {feature: rows.column(feature).to_pylist() for feature in features}
        return [
            tuple(
                Reason(features[index], _value(values[features[index]][row]), float(totals[row, index]))
                for index in strongest[row]
                if totals[row, index]
            )
            for row in range(rows.num_rows)
        ]


def _value(value: object) -> str | float | None:
    if value is None or isinstance(value, str):
        return value
    return float(value) if isinstance(value, int | float) else str(value)
