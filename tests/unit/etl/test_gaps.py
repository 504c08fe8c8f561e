"""What a collector numbered, and raw does not hold."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from footfall.cli import reconcile
from footfall.etl.gaps import Gap, find_gaps
from footfall.lake.raw_store import FileRawStore
from tests.lakes import NOON, SmallLake, event, line


@pytest.fixture
def lake(tmp_path: Path) -> SmallLake:
    """Two processes, their lines out of order and over several objects; 3, 4 and 7 of the first are nowhere."""
    small = SmallLake(tmp_path / "lake")
    numbered = [("i-1", 8), ("i-1", 2), ("i-2", 5), ("i-1", 1), ("i-1", 5), ("i-2", 6), ("i-1", 6), ("i-1", 5)]
    for place, (instance, sequence) in enumerate(numbered):
        text = line(event(NOON, id=str(place)), instance=instance, sequence=sequence, received=NOON + sequence)
        small.put(f"2025/10/09/12/{place}", [text])
    small.put_bytes("2025/10/09/12/damaged", b"damaged")
    return small


def test_numbers_that_no_raw_object_holds_are_told(lake: SmallLake) -> None:
    assert find_gaps(FileRawStore(lake.lake.raw)) == [
        Gap("i-1", 2, NOON + 2, NOON + 5),
        Gap("i-1", 1, NOON + 6, NOON + 8),
    ]


def test_reconcile_shows_them_where_it_is_asked_to(lake: SmallLake) -> None:
    lake.run()
    app = typer.Typer()
    app.callback()(lambda: None)
    reconcile.register(app)
    told = CliRunner().invoke(app, ["reconcile", "--gaps", f"--lake={lake.lake.root}"])
    assert told.exit_code == 0, told.output
    assert "2 lines of the collector i-1 are nowhere in raw, between 2025-10-09 12:00:00.002 and" in told.stdout
    whole = CliRunner().invoke(app, ["reconcile", "--gaps", "--json", f"--lake={lake.lake.root}"])
    assert [gap["lines"] for gap in json.loads(whole.stdout)["gaps"]] == [2, 1]
    silent = CliRunner().invoke(app, ["reconcile", "--json", f"--lake={lake.lake.root}"])
    assert "gaps" not in json.loads(silent.stdout)
