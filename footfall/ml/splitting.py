"""A split by time: a model is judged on what came after all that it learned from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import numpy as np
import pyarrow as pa

from footfall.errors import FootfallError

TRAIN_SHARE = 0.70
VALIDATION_SHARE = 0.15
FEWEST_EXAMPLES = 200
FEWEST_OF_EACH = 5


@dataclass(frozen=True)
class Split:
    """Where the span of time is cut: training is before `validation_from`, testing from `test_from` on (UTC)."""

    first: datetime
    validation_from: datetime
    test_from: datetime
    last: datetime


def split_by_time(times: pa.ChunkedArray[Any]) -> Split:
    """Cut the span of the times at 70 % and 85 %. There is at least one time."""
    found: list[Any] = times.to_pylist()
    first, last = min(found), max(found)
    span = last - first
    return Split(first, first + span * TRAIN_SHARE, first + span * (TRAIN_SHARE + VALIDATION_SHARE), last)


def parts(rows: pa.Table, time: str, split: Split) -> tuple[pa.Table, pa.Table, pa.Table]:
    """The rows of training, validation and test."""
    times = np.asarray(rows.column(time).to_numpy(), dtype="datetime64[us]")
    validation_from = np.datetime64(split.validation_from, "us")
    test_from = np.datetime64(split.test_from, "us")
    masks = (times < validation_from, (times >= validation_from) & (times < test_from), times >= test_from)
    train, validation, test = (rows.filter(pa.array(mask)) for mask in masks)
    return train, validation, test


def check_enough(named: dict[str, pa.Table], label: str, what: str) -> None:
    """Refuse to learn from next to nothing.

    Raises:
        FootfallError: there are too few examples, or too few of one kind in a part; the message counts them.
    """
    counts = {name: (rows.num_rows, _ones(rows, label)) for name, rows in named.items()}
    total, ones = (sum(count[place] for count in counts.values()) for place in (0, 1))
    enough = all(min(positives, size - positives) >= FEWEST_OF_EACH for size, positives in counts.values())
    if total >= FEWEST_EXAMPLES and enough:
        return
    each = ", ".join(f"{positives} of {size} in {name}" for name, (size, positives) in counts.items())
    raise FootfallError(
        f"there is too little to learn from: {ones} of {total} {what} ({each}). It takes {FEWEST_EXAMPLES} visits, and "
        f"in each part {FEWEST_OF_EACH} that do and as many that do not. Take in more, or check the tenant's goal."
    )


def _ones(rows: pa.Table, label: str) -> int:
    return sum(1 for value in rows.column(label).to_pylist() if value)
