"""Rows to numbers: what each column becomes is learned once and kept as data."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from footfall.ml.base import Matrix

MOST_CATEGORIES = 20
FEWEST_ROWS = 5


@dataclass(frozen=True)
class Encoding:
    """How rows become numbers: numeric columns as they are, and a column of 0 and 1 for each frequent category.

    `categories` gives, for each categorical feature, its frequent values; any other value is 0 in all their columns.
    """

    numeric: tuple[str, ...]
    categories: dict[str, tuple[str, ...]]

    @property
    def columns(self) -> tuple[tuple[str, str | None], ...]:
        """For each column of the matrix: its feature, and the category it stands for."""
        named: list[tuple[str, str | None]] = [(name, None) for name in self.numeric]
        named.extend((name, value) for name, values in self.categories.items() for value in values)
        return tuple(named)

    def matrix(self, rows: pa.Table) -> Matrix:
        """The rows as numbers, float32; what is not known is NaN."""
        columns = [_numbers(rows, name) for name in self.numeric]
        for name, values in self.categories.items():
            found = np.array(
                ["" if value is None else str(value) for value in rows.column(name).to_pylist()], dtype=object
            )
            columns.extend((found == value).astype(np.float32) for value in values)
        return np.column_stack(columns).astype(np.float32) if columns else np.zeros((rows.num_rows, 0), np.float32)


def learn(rows: pa.Table, numeric: tuple[str, ...], categorical: tuple[str, ...]) -> Encoding:
    """The encoding of these rows: of each categorical feature, the values that are frequent enough to learn from."""
    return Encoding(numeric, {name: _frequent(rows.column(name).to_pylist()) for name in categorical})


def _frequent(values: list[object]) -> tuple[str, ...]:
    counted = Counter("" if value is None else str(value) for value in values)
    ranked = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return tuple(value for value, count in ranked[:MOST_CATEGORIES] if count >= FEWEST_ROWS)


def _numbers(rows: pa.Table, name: str) -> Matrix:
    column = rows.column(name).cast(pa.float64())
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float32)
