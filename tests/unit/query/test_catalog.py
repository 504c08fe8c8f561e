"""The saved queries: their headers, what they bind, and whom they leave out."""

from datetime import date
from pathlib import Path

import pytest
from sqlglot import exp

from footfall.errors import FootfallError
from footfall.lake.tables import TABLES
from footfall.query.catalog import SavedQuery, load, load_all, read
from footfall.query.parameters import Parameter, bind, guess, pairs
from footfall.query.translation import parse, translate

SAVED = load_all()
ASKED = [query for query in SAVED if query.kind == "insights" or query.name in ("visitors", "conversion")]
LABELLED = {table.name for table in TABLES if any(column.name == "is_bot" for column in table.columns)}


@pytest.mark.parametrize("query", SAVED, ids=lambda query: query.name)
def test_a_saved_query_uses_exactly_the_parameters_of_its_header(query: SavedQuery) -> None:
    used = {str(node.this) for node in parse(query.sql).find_all(exp.Placeholder)}

    assert used - {"tenant"} == {parameter.name for parameter in query.parameters}
    assert query.question.endswith("?")


@pytest.mark.parametrize("query", [query for query in SAVED if query.kind == "insights"], ids=lambda query: query.name)
def test_a_saved_insight_runs_with_its_defaults_alone(query: SavedQuery) -> None:
    assert translate(query.sql, {**bind(query.parameters, {}, query.name), "tenant": "shop"}).columns


@pytest.mark.parametrize("query", ASKED, ids=lambda query: query.name)
def test_a_saved_query_leaves_bots_out(query: SavedQuery) -> None:
    for select in parse(query.sql).find_all(exp.Select):
        sources = [node for node in (select.args.get("from_"), *(select.args.get("joins") or [])) if node is not None]
        read_here = {source.this.alias_or_name for source in sources if source.this.name in LABELLED}
        where = select.args.get("where")
        left_out = {
            str(column.table)
            for refusal in (where.find_all(exp.Not) if where else [])
            if isinstance(column := refusal.this, exp.Column) and column.name == "is_bot"
        }
        assert read_here <= left_out, f"{query.name} reads bots of {read_here - left_out}"


@pytest.mark.parametrize("query", [query for query in ASKED if query.kind != "views"], ids=lambda query: query.name)
def test_a_saved_query_binds_every_table_to_its_tenant(query: SavedQuery) -> None:
    for select in parse(query.sql).find_all(exp.Select):
        sources = [node for node in (select.args.get("from_"), *(select.args.get("joins") or [])) if node is not None]
        tables = {
            source.this.alias_or_name for source in sources if source.this.name in {table.name for table in TABLES}
        }
        where = select.args.get("where")
        bound = {
            str(equal.this.table)
            for equal in (where.find_all(exp.EQ) if where else [])
            if isinstance(equal.this, exp.Column) and equal.this.name == "tenant" and equal.expression.name == "tenant"
        }
        assert tables <= bound, f"{query.name} does not bind {tables - bound}"


def test_an_unknown_saved_query_is_one_line_that_names_those_there_are() -> None:
    with pytest.raises(FootfallError, match="no saved query 'nope'; there is: conversion_by_channel, daily_traffic"):
        load("nope")


@pytest.mark.parametrize(
    ("header", "said"),
    [
        ("-- question: What?\n", "must say `-- name: case`"),
        ("-- name: other\n-- question: What?\n", "must say `-- name: case`"),
        ("-- name: case\n", "must say"),
        ("-- name: case\n-- question: What?\n-- parameter day date: When.\n", "should be `-- parameter NAME TYPE"),
        ("-- name: case\n-- question: What?\n-- parameter day datum 2024-01-01: When.\n", "should be `-- parameter"),
        ("-- name: case\n-- question: What?\n-- parameter day date soon: When.\n", "is no date"),
    ],
)
def test_a_wrong_header_is_refused(tmp_path: Path, header: str, said: str) -> None:
    path = tmp_path / "case.sql"
    path.write_text(f"{header}select 1")

    with pytest.raises(FootfallError, match=said):
        read(path)


DAY = Parameter("day", "date", None, "The day.")
PAGES = Parameter("pages", "bigint", "10", "How many.")


def test_parameters_are_typed_by_the_header_and_filled_with_defaults() -> None:
    assert bind([DAY, PAGES], pairs(["day=2024-02-29"]), "q") == {"day": date(2024, 2, 29), "pages": 10}


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([], "q needs --param day=DATE"),
        (["day=soon"], "--param day=soon is no date: give a day, such as"),
        (["day=2024-02-29", "pages=many"], "is no bigint"),
        (["day=2024-02-29", "size=1"], "no parameter 'size'; it has: day, pages"),
        (["day"], "write --param name=value"),
        (["day=1", "day=2"], "given twice"),
    ],
)
def test_a_wrong_parameter_is_one_line(given: list[str], said: str) -> None:
    with pytest.raises(FootfallError, match=said):
        bind([DAY, PAGES], pairs(given), "q")


@pytest.mark.parametrize(
    ("text", "kind"),
    [("7", "int"), ("1.5", "Decimal"), ("2024-02-29", "date"), ("true", "bool"), ("x", "str"), ("", "str")],
)
def test_a_parameter_of_free_sql_is_typed_by_its_looks(text: str, kind: str) -> None:
    assert type(guess(text)).__name__ == kind
