"""What the check job prints, and when it fails; by the embedded engine here, tests/aws has it on Spark."""

import argparse
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from footfall.errors import FootfallError
from footfall.events.tenant_file import TenantFile
from footfall.lake.catalog import open_catalog
from footfall.lake.engines.duckdb import DuckDBEngine
from glue_jobs import check
from tests.lakes import DAY, HOUR, SmallLake, event, line, rejected


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> SmallLake:
    """A line of an hour ago and one of ten days ago; jobs use the embedded engine over it."""
    small = SmallLake(tmp_path / "lake")
    TenantFile(small.lake.tenants).add("shop", 0)
    now = time.time_ns() // 1_000_000
    for name, at in (("new", now - HOUR), ("old", now - 10 * DAY)):
        lines = [line(event(at, id=f"{name} {number}"), sequence=number, received=at + number) for number in (1, 2, 4)]
        small.put(f"import/{name}", lines)
    small.run()

    @contextmanager
    def embedded(known: argparse.Namespace, *, writes: bool) -> Iterator[DuckDBEngine]:
        assert not writes
        engine = DuckDBEngine(open_catalog(small.lake))
        try:
            yield engine
        finally:
            engine.close()

    monkeypatch.setattr(check, "spark_engine", embedded)
    return small


def run(lake: SmallLake, capsys: pytest.CaptureFixture[str], *more: str) -> tuple[dict[str, Any], str]:
    """What the job prints, and what it fails with, if it does."""
    failed = ""
    try:
        check.main([f"--raw={lake.lake.raw}", f"--tenants={lake.lake.tenants}", *more])
    except FootfallError as error:
        failed = str(error)
    return json.loads(capsys.readouterr().out), failed


def test_where_all_is_well_it_tells_the_books_of_two_days_and_ends(
    lake: SmallLake, capsys: pytest.CaptureFixture[str]
) -> None:
    told, failed = run(lake, capsys)
    assert (told["balanced"], told["findings"], failed) == (True, [], "")
    assert sum(day["stored"] for day in told["days"]) == 3
    assert "gaps" not in told
    told, _ = run(lake, capsys, "--days", "0", "--gaps")
    assert sum(day["stored"] for day in told["days"]) == 6
    assert [gap["lines"] for gap in told["gaps"]] == [1]


def test_it_fails_where_the_books_do_not_balance(lake: SmallLake, capsys: pytest.CaptureFixture[str]) -> None:
    (lake.lake.raw / "import/new.json.gz").unlink()
    told, failed = run(lake, capsys)
    assert not told["balanced"]
    assert "the books of shop on " in failed
    assert "do not balance: 0 missing, 3 invented" in failed


def test_it_fails_on_the_checks_that_it_is_told_to(lake: SmallLake, capsys: pytest.CaptureFixture[str]) -> None:
    now = time.time_ns() // 1_000_000
    lake.put("import/bad", [line(received=now, rejected=[rejected(number) for number in range(3)])])
    lake.run()
    told, failed = run(lake, capsys)
    assert [found["check"] for found in told["findings"]] == ["rejected"]
    assert failed.startswith("shop: rejected: 3 of 9 events were rejected")
    told, failed = run(lake, capsys, "--fail-on", "taken_in,fresh")
    assert [found["check"] for found in told["findings"]] == ["rejected"]
    assert failed == ""
    _, failed = run(lake, capsys, "--fail-on", "", "--max-age-hours", "0.5")
    assert failed == ""
