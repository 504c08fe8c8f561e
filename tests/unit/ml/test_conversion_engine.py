"""The conversion engine on visits whose probability of conversion is known."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from footfall.errors import FootfallError
from footfall.lake.layout import LocalLake
from footfall.ml.base import Trained, Window
from footfall.ml.engines.conversion.engine import Conversion
from footfall.ml.engines.conversion.model import ConversionModel
from footfall.ml.model_store import load_latest, save
from footfall.ml.predictions import prediction_rows
from tests.unit.ml.synthetic_visits import FAR, FIRST, Visits

ENGINE = Conversion("purchase")
WINDOW = Window(as_of=FAR)


def values(table: pa.Table, name: str) -> list[Any]:
    found: list[Any] = table.column(name).to_pylist()
    return found


@pytest.fixture(scope="module")
def trained(rows: pa.Table) -> Trained:
    return ENGINE.train(rows, WINDOW)


@pytest.fixture
def model(trained: Trained, tmp_path: Path) -> ConversionModel:
    lake = LocalLake(tmp_path)
    save(lake, "shop", "conversion", trained.files, trained.metadata)
    return ConversionModel(load_latest(lake, "shop", "conversion"))


def test_the_model_comes_near_the_best_auc_that_is_possible(trained: Trained, visits: Visits) -> None:
    from sklearn.metrics import roc_auc_score

    labels = values(trained.test, "label")
    best = roc_auc_score(labels, [visits.probability[name] for name in values(trained.test, "session_id")])
    found = roc_auc_score(labels, values(trained.test, "score"))

    assert best - 0.04 <= found <= best + 0.04
    assert found == pytest.approx(trained.metadata["metrics"]["auc"])  # type: ignore[index]


def test_the_model_knows_more_than_the_base_rate(trained: Trained) -> None:
    metrics = trained.metadata["metrics"]

    assert metrics["log_loss"] < metrics["base_log_loss"]  # type: ignore[index]


def test_the_test_comes_after_all_that_was_learned_from(trained: Trained, rows: pa.Table) -> None:
    examples = trained.metadata["examples"]
    times = values(rows, "started_at")

    assert sum(examples.values()) == rows.num_rows  # type: ignore[attr-defined]
    assert min(values(trained.test, "started_at")) > times[examples["training"] - 1]  # type: ignore[index]


def test_training_again_gives_the_same_model(trained: Trained, rows: pa.Table) -> None:
    again = ENGINE.train(rows, WINDOW)

    assert again.files == trained.files
    assert again.metadata == trained.metadata


def test_the_onnx_model_scores_as_the_trees_do(trained: Trained, model: ConversionModel, rows: pa.Table) -> None:
    of_test = rows.slice(rows.num_rows - trained.test.num_rows)

    assert np.abs(model.score(of_test) - np.array(values(trained.test, "score"))).max() < 1e-5


def test_evaluation_of_the_test_gives_the_metrics_of_training(
    trained: Trained, model: ConversionModel, rows: pa.Table
) -> None:
    of_test = rows.slice(rows.num_rows - trained.test.num_rows)
    found = ENGINE.evaluate(model, of_test)

    assert found == pytest.approx(trained.metadata["metrics"], abs=1e-6)


def test_the_reasons_name_what_moves_the_score(model: ConversionModel, rows: pa.Table) -> None:
    reasons = model.explain(rows.slice(0, 300), top=3)

    assert all(len(row) == 3 for row in reasons)
    strongest = {row[0].feature for row in reasons}
    assert strongest & {"channel", "opening_product_views", "opening_events", "opening_high_events", "device"}
    assert not strongest & {"browser", "os", "landing", "week_day"}


def test_the_contributions_and_the_expected_value_add_up_to_the_score(model: ConversionModel, rows: pa.Table) -> None:
    import lightgbm

    few = rows.slice(0, 50)
    all_reasons = model.explain(few, top=1_000)
    booster = lightgbm.Booster(model_str=model.stored.files["model.txt"].decode())
    expected = np.asarray(booster.predict(model.encoding.matrix(few), pred_contrib=True))[0, -1]
    odds = [expected + sum(reason.contribution for reason in row) for row in all_reasons]

    assert 1 / (1 + np.exp(-np.array(odds))) == pytest.approx(model.score(few), abs=1e-5)


def test_each_visitor_is_scored_once_on_its_latest_visit(model: ConversionModel, rows: pa.Table) -> None:
    scores = ENGINE.serve(model, rows)

    visitors = values(rows, "visitor")
    assert sorted(score.visitor for score in scores) == sorted(set(visitors))
    last = {visitor: place for place, visitor in enumerate(visitors)}
    direct = model.score(rows.take(pa.array([last[score.visitor] for score in scores])))
    assert [score.score for score in scores] == pytest.approx(direct.tolist())


def test_a_prediction_is_a_row_of_the_declared_table(model: ConversionModel, rows: pa.Table) -> None:
    scores = ENGINE.serve(model, rows)
    table = prediction_rows("shop", "conversion", FIRST, model.version, scores)

    assert values(table, "visitor") == sorted(score.visitor for score in scores)
    percentiles = values(table, "percentile")
    assert min(percentiles) == 0
    assert 90 < max(percentiles) < 100
    first = json.loads(values(table, "reasons")[0])
    assert [sorted(reason) for reason in first] == [["contribution", "feature", "value"]] * 3


def test_the_percentile_is_the_share_of_lower_scores() -> None:
    from footfall.ml.base import Score

    scores = [Score("a", 0.1, ()), Score("b", 0.3, ()), Score("c", 0.3, ()), Score("d", 0.9, ())]

    assert prediction_rows("t", "e", FIRST, "v", scores).column("percentile").to_pylist() == [0.0, 25.0, 25.0, 75.0]


@pytest.mark.parametrize(
    ("cut", "said"),
    [
        (lambda rows: rows.slice(0, 0), "0 of 0 visits convert"),
        (lambda rows: rows.slice(0, 50), "of 50 visits convert"),
        (lambda rows: rows.filter(pa.array([not x for x in values(rows, "converted")])), "0 of "),
        (lambda rows: rows.filter(pa.array(values(rows, "converted"))), "It takes 200 visits"),
    ],
    ids=["none", "few", "no conversions", "only conversions"],
)
def test_too_little_to_learn_from_is_one_line_that_counts_it(rows: pa.Table, cut: object, said: str) -> None:
    with pytest.raises(FootfallError) as refused:
        ENGINE.train(cut(rows), WINDOW)  # type: ignore[operator]

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_category_that_training_never_saw_is_scored_all_the_same(model: ConversionModel, rows: pa.Table) -> None:
    few = rows.slice(0, 3)
    place = few.column_names.index("channel")
    strange = few.set_column(place, "channel", pa.array(["carrier pigeon", None, ""]))

    assert np.isfinite(model.score(strange)).all()
