"""Each saved query against its golden cases.

A case is a folder, `tests/queries/<query>/<case>/`: input/*.csv, parameters.json if it gives any, and expect.csv.
"""

import json
from pathlib import Path

import pytest

from footfall.query.catalog import SavedQuery, load, load_all
from footfall.query.embedded import execute
from footfall.query.output import csv_text
from footfall.query.parameters import bind
from tests.queries.small_lake import small_lake

HERE = Path(__file__).resolve().parent
CASES = sorted(path.parent for path in HERE.glob("*/*/expect.csv"))
SAVED = [query for query in load_all() if query.kind != "features"]


@pytest.mark.parametrize("case", CASES, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_a_saved_query_gives_the_rows_of_its_golden_case(case: Path) -> None:
    query = load(case.parent.name)
    given = case / "parameters.json"
    parameters = bind(query.parameters, json.loads(given.read_text()) if given.exists() else {}, query.name)

    # A view has no order of its own; the first columns of each name its rows.
    sql = f"select * from {query.name} order by 1, 2, 3, 4, 5" if query.kind == "views" else query.sql

    result = execute(small_lake(case / "input"), sql, {**parameters, "tenant": "shop"})

    assert csv_text(result).replace("\r\n", "\n") == (case / "expect.csv").read_text()


@pytest.mark.parametrize("query", SAVED, ids=lambda query: query.name)
def test_every_saved_query_has_a_golden_case(query: SavedQuery) -> None:
    assert any(case.parent.name == query.name for case in CASES)
