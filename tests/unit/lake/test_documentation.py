"""The page of the tables."""

from pathlib import Path

from footfall.lake.documentation import tables_page

PAGE = Path(__file__).resolve().parents[3] / "docs" / "tables.md"


def test_the_page_of_the_tables_is_fresh() -> None:
    assert PAGE.read_text(encoding="utf-8") == tables_page(), "run python -m footfall.lake.documentation"
