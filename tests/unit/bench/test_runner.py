"""`make bench`: all figures are run, and written into their page."""

from pathlib import Path

import pytest

from bench.__main__ import BEGIN, END, main

LINE = (
    '{"bench": "speed", "figure": "a run", "ours": 2, "theirs": 4, "ratio": 0.5, "unit": "s", "better": "lower", '
    '"goal": "< 1", "ok": true, "quick": false, "machine": "m"}'
)


def repository(root: Path, **figures: str) -> Path:
    """A repository with these figures, and a page for them."""
    (root / "bench").mkdir()
    (root / "bench" / "__init__.py").touch()
    for name, text in figures.items():
        (root / "bench" / f"{name}.py").write_text(text)
    page = root / "page.md"
    page.write_text(f"before\n{BEGIN}old\n{END}after\n")
    return page


def test_the_figures_of_every_module_stand_in_the_page(tmp_path: Path) -> None:
    page = repository(tmp_path, speed=f"print('''{LINE}''')")
    assert main(tmp_path, page) == 0
    text = page.read_text()
    assert "| speed: a run | 2 s | 4 s | 0.5 | < 1 | yes |" in text
    assert text.startswith("before\n")
    assert text.endswith("after\n")
    assert "old" not in text


@pytest.mark.parametrize("failure", ["raise SystemExit(1)", "1 / 0"])
def test_a_goal_that_is_missed_or_a_figure_that_fails_is_told(tmp_path: Path, failure: str) -> None:
    page = repository(tmp_path, a=failure, speed=f"print('''{LINE}''')")
    assert main(tmp_path, page) == 1
    assert "speed" in page.read_text()


def test_without_figures_the_page_stays_as_it_is(tmp_path: Path) -> None:
    page = repository(tmp_path)
    assert main(tmp_path, page) == 0
    assert "old" in page.read_text()


def test_of_benches_that_are_not_asked_for_the_rows_stay(tmp_path: Path) -> None:
    page = repository(tmp_path, speed=f"print('''{LINE}''')", weight="1 / 0")
    row = "| weight: a page | 1 B | 2 B | 0.5 | < 1 | yes |\n"
    page.write_text(f"{BEGIN}{row}| gone: a figure | 1 | 1 | 1 | 1 | no |\n{END}")
    assert main(tmp_path, page, ["speed"]) == 0
    text = page.read_text()
    assert text.index("| speed: a run | 2 s |") < text.index(row)
    assert "gone" not in text


def test_a_bench_that_there_is_not_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    page = repository(tmp_path, speed="1 / 0")
    with pytest.raises(SystemExit, match="2"):
        main(tmp_path, page, ["sped"])
    assert "there is no bench 'sped': speed" in capsys.readouterr().err
