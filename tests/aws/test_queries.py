"""The saved queries as Athena takes them."""

from pathlib import Path
from typing import Any

import pytest
import sqlglot

from infra.packaging.queries import SavedQuery, for_athena, read_queries

FOLDER = Path(__file__).resolve().parents[2] / "athena_queries"
HEADER = "-- name: a\n-- question: b?\n"


@pytest.mark.parametrize(
    ("text", "expected", "asked"),
    [
        (
            "SELECT count(*) AS events FROM sessions WHERE device = :device",
            "WITH sessions AS (SELECT * FROM footfall.sessions WHERE tenant = ?)\n"
            "SELECT count(*) AS events FROM sessions WHERE device = ?",
            ("tenant", "device"),
        ),
        (
            "WITH daily AS (SELECT 1 FROM events) SELECT * FROM daily JOIN sessions ON true",
            "WITH events AS (SELECT * FROM footfall.events WHERE tenant = ?),\n"
            "sessions AS (SELECT * FROM footfall.sessions WHERE tenant = ?),\n"
            "daily AS (SELECT 1 FROM events) SELECT * FROM daily JOIN sessions ON true",
            ("tenant", "tenant"),
        ),
        ("SELECT 1 FROM events WHERE tenant = :tenant", "SELECT 1 FROM events WHERE tenant = ?", ("tenant",)),
        ("SELECT ':no', \":no\" -- :no\n, :yes", "SELECT ':no', \":no\" -- :no\n, ?", ("yes",)),
        ("SELECT a::bigint", "SELECT a::bigint", ()),
    ],
)
def test_parameters_are_asked_and_tables_are_one_tenants(text: str, expected: str, asked: tuple[str, ...]) -> None:
    query = for_athena(HEADER + text, Path("a.sql"))
    assert query.sql.split("\n", 2)[2] == expected
    assert query.asked == asked


def test_the_views_that_a_query_reads_are_expressions_of_it_after_those_that_they_read() -> None:
    views = {"calls": "SELECT tenant, n FROM events", "a_lot": "SELECT * FROM calls WHERE n > 9", "unread": "SELECT 1"}
    query = for_athena(f"{HEADER}SELECT * FROM a_lot", Path("a.sql"), views)
    assert query.sql.split("\n", 2)[2] == (
        "WITH events AS (SELECT * FROM footfall.events WHERE tenant = ?),\n"
        "calls AS (\nSELECT tenant, n FROM events\n),\n"
        "a_lot AS (\nSELECT * FROM calls WHERE n > 9\n)\n"
        "SELECT * FROM a_lot"
    )
    assert query.asked == ("tenant",)


@pytest.mark.parametrize(
    ("parameter", "written"),
    [
        ("bigint 10", "10"),
        ("varchar it's", "'it''s'"),
        ("varchar ''", "''"),
        ("date 1970-01-01", "DATE '1970-01-01'"),
        ("timestamp 1970-01-01", "TIMESTAMP '1970-01-01'"),
        ("timestamp -", "?"),
    ],
)
def test_a_parameter_becomes_its_default_where_it_has_one(parameter: str, written: str) -> None:
    query = for_athena(f"{HEADER}-- parameter x {parameter}: What it means.\nSELECT :x", Path("a.sql"))
    assert query.sql.endswith(f"\nSELECT {written}")
    assert f"-- x is {written}: What it means." in query.sql


@pytest.mark.parametrize("header", ["", "-- name: a\n", "-- question: b?\n"])
def test_a_query_without_name_and_question_is_refused(header: str) -> None:
    with pytest.raises(ValueError, match=r"a\.sql"):
        for_athena(header + "SELECT 1", Path("a.sql"))


@pytest.mark.parametrize("query", list(read_queries(FOLDER)), ids=lambda query: query.name)
def test_a_saved_query_is_one_statement_of_athena_whose_questions_are_told(query: SavedQuery) -> None:
    [statement] = sqlglot.parse(query.sql, read="athena")
    assert statement is not None
    assert len(list(statement.find_all(sqlglot.exp.Placeholder))) == len(query.asked)
    assert "tenant" in query.asked


def test_each_saved_query_is_in_the_stack(prod: Any) -> None:
    files = sorted(path.stem for path in FOLDER.rglob("*.sql"))
    named = prod.properties("AWS::Athena::NamedQuery")
    assert sorted(query["Name"] for query in named) == files
    assert {query["Database"] for query in named} == {"footfall"}
