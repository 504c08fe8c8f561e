"""A run that takes in, and writes, a part at a time gives the tables of one that does all at once."""

from pathlib import Path

import pytest

from footfall.etl import pipeline
from footfall.lake.catalog import load, open_catalog
from footfall.lake.engines import duckdb as embedded
from tests.histories import Killed, kill_after
from tests.lakes import DAY, HOUR, NOON, SmallLake, event, line


def put(lake: SmallLake) -> None:
    for number in range(6):
        lines = [
            line(
                *(event(NOON + day * DAY + number * HOUR + step, id=f"{number} {day} {step}") for step in range(4)),
                visitor=f"visitor {day + number}",
                received=NOON + 3 * DAY,
            )
            for day in range(3)
        ]
        lake.put(f"2025/10/12/12/{number}", [*lines, lines[0]])


def test_parts_come_to_the_same_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, parted = SmallLake(tmp_path / "whole"), SmallLake(tmp_path / "parted")
    for lake in (whole, parted):
        put(lake)
    first = whole.run()
    monkeypatch.setattr(embedded, "_WRITTEN_AT_ONCE", 10)
    monkeypatch.setattr(embedded, "_HELD_BYTES", 1)
    monkeypatch.setattr(embedded, "DECODED_AT_ONCE", 10)
    single = SmallLake(tmp_path / "single")
    put(single)
    assert parted.run().new_events == first.new_events == 72
    assert single.run(most_bytes=1).objects == 6
    assert parted.tables() == single.tables() == whole.tables()
    counts = [len(list(load(open_catalog(lake.lake), "events").scan().plan_files())) for lake in (whole, parted)]
    assert counts[0] == 3 < counts[1]


@pytest.mark.parametrize("again", [None, "events", "ledger"])
def test_parts_take_up_what_a_killed_run_had_stored_of_them_all(tmp_path: Path, again: str | None) -> None:
    whole, killed = SmallLake(tmp_path / "whole"), SmallLake(tmp_path / "killed")
    for lake in (whole, killed):
        put(lake)
    whole.run()
    with pytest.raises(Killed):
        killed.run(kill_after("events"))
    if again:
        with pytest.raises(Killed):
            killed.run(kill_after(again), most_bytes=1)
    killed.run(most_bytes=1)
    assert killed.tables() == whole.tables()


def test_a_run_takes_in_so_many_objects_and_bytes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "OBJECTS_A_RUN", 3)
    objects = [("a", 60), ("b", 40), ("c", 1), ("d", 500), ("e", 1), ("f", 1), ("g", 1), ("h", 1)]
    assert list(pipeline._takes(objects, 100)) == [["a", "b"], ["c"], ["d"], ["e", "f", "g"], ["h"]]
    assert list(pipeline._takes([], 100)) == []
