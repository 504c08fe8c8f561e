"""`footfall demo`, for real: HTTP, ETL, the books, a model, OpenSearch, the report; and again at once."""

import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from footfall.cli import main
from footfall.local.demo_result import DemoResult, Totals

FOOTFALL = str(Path(sys.executable).with_name("footfall"))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([FOOTFALL, *arguments], capture_output=True, text=True, timeout=500, check=False)


def totals(output: str) -> str:
    """The final table: from the books to the model."""
    return output[output.index("events sent") : output.index("The report")]


@pytest.mark.opensearch
@pytest.mark.timeout(1_000)
def test_a_demo_finds_what_it_sent_and_a_second_one_stores_nothing_new_and_finds_the_same(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    first = run("demo", "--events", "12000", "--lake", str(lake))
    assert first.returncode == 0, first.stderr
    assert "events sent            12,000" in first.stdout
    assert re.search(r"model AUC +0\.\d{3}  best possible 0\.\d{3}", first.stdout), first.stdout
    report = (lake / "report.html").read_text()
    assert "12,000" in report
    again = run("demo", "--events", "12000", "--lake", str(lake))
    assert again.returncode == 0, again.stderr
    assert " 0 new events stored" in again.stdout
    assert totals(again.stdout) == totals(first.stdout)
    books = run("reconcile", "--lake", str(lake), "--json")
    assert books.returncode == 0
    assert '"received": 24000' in books.stdout
    other = run("demo", "--events", "12001", "--lake", str(lake))
    assert other.returncode == 2
    assert other.stderr.count("\n") == 1
    assert "--events 12000" in other.stderr


@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("--events", "5"), 2), (("--engine", "fast"), 2), (("--seed", "x"), 2), (("--port", "70000"), 2)],
)
def test_what_makes_no_sense_is_refused_before_anything_is_sent(
    tmp_path: Path, arguments: tuple[str, ...], code: int
) -> None:
    lake = tmp_path / "lake"
    found = run("demo", "--lake", str(lake), *arguments)
    assert found.returncode == code
    assert "Traceback" not in found.stderr
    assert not (lake / "demo.json").exists()


def test_a_demo_whose_lake_is_not_what_was_sent_says_so_and_exits_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Wrong:
        """A demo that finds less than it sent."""

        def __init__(self, *_: object, **__: object) -> None:
            self.result = DemoResult(
                seed=7,
                first_day=date(2026, 1, 1),
                end_day=date(2026, 1, 3),
                engine="duckdb",
                stages=(),
                totals=Totals(100, 89, 6, 4),
                reasons={},
                visitors=1,
                sessions_found=1,
                sessions_simulated=1,
                days=(),
                funnel=(),
                channels=(),
                pages=(),
                model=None,
                why_no_model="too few visits",
                profile=None,
                problems=("89 events are stored, and 90 distinct good ones were sent",),
            )

        def run(self) -> DemoResult:
            return self.result

    monkeypatch.setattr("footfall.local.demo.Demo", Wrong)
    monkeypatch.setattr("sys.argv", ["footfall", "demo", "--lake", str(tmp_path / "lake")])
    with pytest.raises(SystemExit) as stopped:
        main()
    assert stopped.value.code == 1
    assert "footfall: 89 events are stored" in capsys.readouterr().err
