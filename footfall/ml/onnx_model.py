"""A model as ONNX: written once, scored anywhere."""

from __future__ import annotations

from typing import Any

import numpy as np

from footfall.errors import FootfallError
from footfall.ml.base import Matrix, Vector
from footfall.ml.boosting import GradientBoosting

INPUT = "features"
TOLERANCE = 1e-5
_OPSET = 15


def export(algorithm: GradientBoosting, columns: int, name: str) -> bytes:
    """The trees as an ONNX model, from a float32 matrix of so many columns to probabilities."""
    from onnxmltools import convert_lightgbm
    from onnxmltools.convert.common.data_types import FloatTensorType

    inputs = [(INPUT, FloatTensorType([None, columns]))]
    converted = convert_lightgbm(algorithm.booster_, name=name, initial_types=inputs, zipmap=False, target_opset=_OPSET)
    # The converter keeps the domains in a set, whose order changes from process to process.
    domains = sorted(converted.opset_import, key=lambda used: used.domain)
    del converted.opset_import[:]
    converted.opset_import.extend(domains)
    return bytes(converted.SerializeToString(deterministic=True))


class OnnxScorer:
    """Scores rows by an ONNX model, on one thread."""

    def __init__(self, content: bytes) -> None:
        self.content = content
        self._session: Any = None

    def predict(self, features: Matrix) -> Vector:
        """The probability that each label is 1."""
        if self._session is None:
            self._session = _open(self.content)
        if not len(features):
            return np.zeros(0, np.float64)
        return np.asarray(self._session.run(None, {INPUT: features})[1][:, 1], dtype=np.float64)


def _open(content: bytes) -> Any:
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(content, options, providers=["CPUExecutionProvider"])


def check_agreement(algorithm: GradientBoosting, content: bytes, features: Matrix) -> float:
    """The largest difference between the ONNX model's scores and the algorithm's own.

    Raises:
        FootfallError: it is more than rounding.
    """
    if not len(features):
        return 0.0
    difference = float(np.abs(OnnxScorer(content).predict(features) - algorithm.predict(features)).max())
    if difference > TOLERANCE:
        raise FootfallError(
            f"the exported model differs from the trained one by {difference:.2g}, more than {TOLERANCE:g}: "
            "it was not saved. Report this with the versions of lightgbm and onnxmltools."
        )
    return difference
