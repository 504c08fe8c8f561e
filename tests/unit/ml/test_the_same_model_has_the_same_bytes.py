"""A model's version is the hash of its bytes, so the same model must be the same bytes in every process."""

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[3]

TRAINING = """
import hashlib
import numpy as np
from footfall.ml.boosting import GradientBoosting
from footfall.ml.onnx_model import export
random = np.random.default_rng(0)
features = random.normal(size=(400, 3)).astype(np.float32)
labels = (features[:, 0] + random.normal(size=400) > 0).astype(float)
boosting = GradientBoosting(rounds=5)
boosting.fit(features, labels)
print(hashlib.sha256(boosting.text().encode() + export(boosting, 3, "test")).hexdigest())
"""


def test_a_model_exported_by_two_processes_is_the_same_bytes() -> None:
    hashes = {
        subprocess.run(
            [sys.executable, "-c", TRAINING],
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(REPOSITORY)},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "20", "22")  # the converter, left alone, writes its domains in another order with 20
    }
    assert len(hashes) == 1
