"""The pages for people agree with the tree."""

import re
from pathlib import Path

import pytest

from footfall.cli import VERBS

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = [*REPOSITORY.glob("*.md"), *(REPOSITORY / "docs").rglob("*.md")]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(REPOSITORY).as_posix())
def test_every_link_into_the_tree_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text())
    inside = [target for target in targets if "://" not in target]
    assert [target for target in inside if not (page.parent / target).exists()] == []


def test_the_index_names_every_page() -> None:
    index = (REPOSITORY / "docs" / "README.md").read_text()
    pages = {page.name for page in (REPOSITORY / "docs").glob("*.md")} - {"README.md"}
    assert {page for page in pages if f"({page})" not in index} == set()


def test_the_readme_names_every_command() -> None:
    table = (REPOSITORY / "README.md").read_text().partition("## Commands")[2].partition("\n## ")[0]
    named = set(re.findall(r"`(?:footfall )?(\w+)", table))
    assert {verb.rstrip("_") for verb in VERBS} - named == set()


def test_each_target_of_the_makefile_is_explained() -> None:
    makefile = (REPOSITORY / "Makefile").read_text()
    page = (REPOSITORY / "docs" / "development.md").read_text() + (REPOSITORY / "README.md").read_text()
    targets = set(re.findall(r"^\.PHONY: (\w+)$", makefile, re.MULTILINE)) - {"help"}
    assert {target for target in targets if f"make {target}" not in page} == set()
    assert targets == set(re.findall(r"^(\w+): .*## ", makefile, re.MULTILINE)) - {"help"}
