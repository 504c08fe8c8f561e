"""docs/queries.md says what there is."""

from pathlib import Path

import pytest

from footfall.query.catalog import SavedQuery, load_all

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "queries.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "query", [query for query in load_all() if query.kind != "features"], ids=lambda query: query.name
)
def test_a_saved_query_and_its_parameters_are_in_the_docs(query: SavedQuery) -> None:
    assert f"| `{query.name}` |" in PAGE
    for parameter in query.parameters:
        assert f"`{parameter.name}`" in PAGE
