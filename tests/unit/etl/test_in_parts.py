"""A run that takes in, and writes, a part at a time gives the tables of one that does all at once."""

from pathlib import Path

import pytest

from footfall.etl import pipeline
from footfall.lake.catalog import load, open_catalog
from footfall.lake.engines import duckdb as embedded
from footfall.lake.raw_store import FileRawStore
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
    one_by_one = SmallLake(tmp_path / "one by one")
    put(one_by_one)
    assert parted.run().new_events == first.new_events == 72
    engine = embedded.DuckDBEngine(open_catalog(one_by_one.lake), most_bytes=1)
    report = pipeline.run(engine, FileRawStore(one_by_one.lake.raw), one_by_one.tenants)
    engine.close()
    assert report.objects == 6
    assert parted.tables() == one_by_one.tables() == whole.tables()
    counts = [len(list(load(open_catalog(lake.lake), "events").scan().plan_files())) for lake in (whole, parted)]
    assert counts[0] == 3 < counts[1]


def test_a_run_takes_in_so_many_objects_and_bytes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pipeline, "OBJECTS_A_RUN", 3)
    objects = [("a", 60), ("b", 40), ("c", 1), ("d", 500), ("e", 1), ("f", 1), ("g", 1), ("h", 1)]
    assert list(pipeline._takes(objects, 100)) == [["a", "b"], ["c"], ["d"], ["e", "f", "g"], ["h"]]
    assert list(pipeline._takes([], 100)) == []
