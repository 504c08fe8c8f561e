"""Train, evaluate and predict on a lake in a folder."""

import json
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from footfall.cli import build
from footfall.errors import FootfallError
from footfall.events.tenant_file import TenantFile
from footfall.events.tenants import Tenant
from footfall.lake.catalog import load, open_catalog
from footfall.lake.commit import overwrite
from footfall.lake.layout import LocalLake, open_lake
from footfall.ml.workflow import evaluate, predict, train
from footfall.query.embedded import run
from tests.unit.ml.synthetic_visits import synthetic_visits


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> LocalLake:
    """A lake of 1,500 visits of the tenant `shop`, and none of `other`."""
    made = open_lake(tmp_path_factory.mktemp("ml") / "lake", create=True)
    for name in ("shop", "other"):
        TenantFile(made.tenants).add(name, 0)
    visits = synthetic_visits(1_500, seed=1)
    catalog = open_catalog(made)
    for table in ("sessions", "events"):
        iceberg = load(catalog, table)
        rows = visits.connection.execute(f"SELECT * FROM {table}").to_arrow_table()
        overwrite(iceberg, [], rows)
    return made


def tenant(lake: LocalLake, name: str = "shop") -> Tenant:
    return next(found for found in TenantFile(lake.tenants).all() if found.name == name)


def command(lake: LocalLake, *words: str) -> Result:
    arguments: Sequence[str] = [*words, "--lake", str(lake.root), "--tenant", "shop"]
    return CliRunner().invoke(build(), arguments)


def test_a_model_is_trained_evaluated_and_scores_every_visitor(lake: LocalLake) -> None:
    trained = train(lake, tenant(lake))
    evaluated = evaluate(lake, tenant(lake))
    predicted = predict(lake, tenant(lake))

    assert evaluated.metrics == pytest.approx(trained.metrics, abs=1e-6)
    assert trained.version == evaluated.version == predicted.version
    assert trained.metrics["auc"] > 0.6
    (row,) = run(lake, "shop", "select count(*) as n, count(distinct model_version) as v from predictions").to_pylist()
    assert row == {"n": predicted.visitors, "v": 1}


def test_training_and_predicting_again_change_nothing(lake: LocalLake) -> None:
    first = (train(lake, tenant(lake)).version, predict(lake, tenant(lake)))
    before = load(open_catalog(lake), "predictions").current_snapshot()

    assert (train(lake, tenant(lake)).version, predict(lake, tenant(lake))) == first
    assert load(open_catalog(lake), "predictions").current_snapshot() == before


def test_what_happens_after_as_of_is_not_learned_from(lake: LocalLake) -> None:
    as_of = datetime.fromisoformat("2024-04-20T00:00:00")

    report = train(lake, tenant(lake), as_of=as_of)

    assert datetime.fromisoformat(report.metadata["window"]["last"]) <= as_of


@pytest.mark.parametrize("verb", [train, predict])
def test_a_tenant_without_visits_is_one_line(lake: LocalLake, verb: object) -> None:
    with pytest.raises(FootfallError, match="other has no"):
        verb(lake, tenant(lake, "other"))  # type: ignore[operator]


def test_a_goal_that_nobody_reaches_is_one_line_that_counts(lake: LocalLake) -> None:
    with pytest.raises(FootfallError, match=r"0 of .* visits convert .* check the tenant's goal"):
        train(lake, replace_goal(tenant(lake), "signup"))


def replace_goal(old: Tenant, goal: str) -> Tenant:
    return Tenant(name=old.name, salt=old.salt, keys=old.keys, goal=goal)


def test_the_commands_print_json_for_programs(lake: LocalLake) -> None:
    trained = json.loads(command(lake, "train", "conversion", "--json").stdout)
    evaluated = json.loads(command(lake, "evaluate", "conversion", "--json").stdout)
    predicted = json.loads(command(lake, "predict", "conversion", "--json").stdout)

    assert trained["version"] == evaluated["version"] == predicted["version"]
    assert evaluated["metrics"]["auc"] == pytest.approx(trained["metadata"]["metrics"]["auc"], abs=1e-6)
    assert predicted["visitors"] > 100


def test_the_commands_print_the_metrics_beside_the_plain_model_for_people(lake: LocalLake) -> None:
    said = command(lake, "train", "conversion").stdout + command(lake, "evaluate", "conversion").stdout

    for word in ("AUC", "PR-AUC", "log loss", "gradient boosting", "logistic regression", "base rate"):
        assert word in said


@pytest.mark.parametrize("verb", ["train", "evaluate", "predict"])
def test_an_unknown_engine_is_one_line_that_names_the_engines(tmp_path: Path, verb: str) -> None:
    result = CliRunner().invoke(build(), [verb, "churn", "--lake", str(tmp_path)])

    assert isinstance(result.exception, FootfallError)
    assert str(result.exception) == "there is no engine 'churn'; there is: conversion."


def test_a_wrong_time_is_one_line(lake: LocalLake) -> None:
    result = command(lake, "train", "conversion", "--as-of", "soon")

    assert str(result.exception) == "--as-of soon is no time: give one such as 2026-01-31T12:00:00."
