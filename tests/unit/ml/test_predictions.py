"""Scores in the lake's table."""

from datetime import datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from footfall.lake.catalog import load, open_catalog
from footfall.lake.layout import LocalLake, open_lake
from footfall.lake.reader import connect
from footfall.ml.base import Reason, Score
from footfall.ml.predictions import LakePredictions, prediction_rows

NOON = datetime.fromisoformat("2024-03-10T12:00:00")
EVENING = datetime.fromisoformat("2024-03-10T20:00:00")


@pytest.fixture
def lake(tmp_path: Path) -> LocalLake:
    return open_lake(tmp_path / "lake", create=True)


def rows(tenant: str, as_of: datetime, **scores: float) -> pa.Table:
    reasons = (Reason("channel", "email", 0.25),)
    return prediction_rows(
        tenant, "conversion", as_of, "v1", [Score(name, score, reasons) for name, score in scores.items()]
    )


def keep(lake: LocalLake, tenant: str, as_of: datetime, **scores: float) -> None:
    LakePredictions(lake).replace(tenant, "conversion", as_of, rows(tenant, as_of, **scores))


def stored(lake: LocalLake) -> list[tuple[Any, ...]]:
    with connect(lake, None) as connection:
        return connection.execute("SELECT tenant, as_of, visitor, score FROM predictions ORDER BY ALL").fetchall()


def commits(lake: LocalLake) -> int:
    return len(load(open_catalog(lake), "predictions").snapshots())


def test_scores_are_kept_as_they_were_given(lake: LocalLake) -> None:
    given = rows("shop", NOON, anna=0.5, bert=0.25)
    LakePredictions(lake).replace("shop", "conversion", NOON, given)

    with connect(lake, "shop") as connection:
        assert connection.execute("SELECT * FROM predictions ORDER BY visitor").fetchall() == [
            tuple(row.values()) for row in given.to_pylist()
        ]


def test_the_same_scores_again_change_nothing(lake: LocalLake) -> None:
    keep(lake, "shop", NOON, anna=0.5)
    keep(lake, "shop", NOON, anna=0.5)

    assert commits(lake) == 1


def test_other_scores_of_the_same_time_replace_the_old_ones(lake: LocalLake) -> None:
    keep(lake, "shop", NOON, anna=0.5, bert=0.25)
    keep(lake, "shop", NOON, anna=0.75)

    assert stored(lake) == [("shop", NOON, "anna", 0.75)]


def test_scores_of_another_time_and_of_another_tenant_stay(lake: LocalLake) -> None:
    tenants = [f"shop-{number}" for number in range(20)]  # more than there are buckets: two share a file
    for tenant in tenants:
        keep(lake, tenant, NOON, anna=0.5)
    keep(lake, "shop-3", EVENING, anna=0.75)
    keep(lake, "shop-7", NOON, bert=0.25)

    expected = [(tenant, NOON, "anna", 0.5) for tenant in tenants if tenant != "shop-7"]
    assert stored(lake) == sorted([*expected, ("shop-3", EVENING, "anna", 0.75), ("shop-7", NOON, "bert", 0.25)])
