"""A run that takes in, and writes, a part at a time gives the tables of one that does all at once."""

import threading
from functools import partial
from pathlib import Path

import pytest

from footfall.errors import FootfallError
from footfall.lake import decoded_ahead, raw_store
from footfall.lake.catalog import load, open_catalog
from footfall.lake.decoded_ahead import DecodedAhead
from footfall.lake.engines import duckdb as embedded
from footfall.lake.engines.duckdb import DuckDBEngine
from footfall.lake.raw_rows import decode_objects
from footfall.lake.raw_store import FileRawStore, in_parts
from footfall.local.etl_run import run_etl
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


def decoding() -> list[str]:
    """The threads that decode ahead."""
    return [thread.name for thread in threading.enumerate() if thread.name.startswith("decoding")]


def test_parts_come_to_the_same_tables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, parted = SmallLake(tmp_path / "whole"), SmallLake(tmp_path / "parted")
    for lake in (whole, parted):
        put(lake)
    first = whole.run()
    monkeypatch.setattr(embedded, "_WRITTEN_AT_ONCE", 10)
    monkeypatch.setattr(embedded, "_HELD_BYTES", 1)
    for module in (embedded, decoded_ahead):
        monkeypatch.setattr(module, "decode_objects", partial(decode_objects, at_once=10))
    single = SmallLake(tmp_path / "single")
    put(single)
    assert parted.run().new_events == first.new_events == 72
    told: list[str] = []
    assert single.run(told.append, most_bytes=1).objects == 6
    assert [step for step in told if step.startswith("part")] == [f"part {number} of 6" for number in range(1, 7)]
    assert parted.tables() == single.tables() == whole.tables()
    counts = [len(list(load(open_catalog(lake.lake), "events").scan().plan_files())) for lake in (whole, parted)]
    assert counts[0] == 3 < counts[1]


def test_what_is_decoded_ahead_is_what_would_be_decoded_in_its_turn(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    put(lake)
    store = FileRawStore(lake.lake.raw)
    keys = list(store.keys())
    for columns in (None, ("event_id", "raw_line")):
        expected = list(decode_objects(((key, store.read(key)) for key in keys), None, columns=columns))
        for most_bytes in (0, 1, 2**30):
            assert list(DecodedAhead(store, keys, None, most_bytes, columns).rows()) == expected


def test_an_object_that_cannot_be_read_ahead_is_told_when_its_turn_comes(tmp_path: Path) -> None:
    ahead = DecodedAhead(FileRawStore(tmp_path), ["nowhere.json.gz"], None, 1)
    with pytest.raises(FileNotFoundError):
        list(ahead.rows())
    assert not decoding()


def test_a_run_that_ends_early_leaves_no_thread(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    put(lake)
    with pytest.raises(Killed):
        lake.run(kill_after("page_views"), most_bytes=1)
    assert not decoding()


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


def test_more_memory_takes_in_more_at_once(tmp_path: Path) -> None:
    lake = SmallLake(tmp_path / "lake")
    put(lake)
    catalog = open_catalog(lake.lake)
    usual, larger = DuckDBEngine(catalog), DuckDBEngine(catalog, memory=6)
    assert larger.most_bytes == 2 * usual.most_bytes
    asked = "SELECT current_setting('memory_limit')"
    limits = [engine.connection.execute(asked).fetchall() for engine in (usual, larger)]
    assert limits == [[("1.3 GiB",)], [("2.7 GiB",)]]
    for engine in (usual, larger):
        engine.close()
    with pytest.raises(FootfallError, match="leave --memory out"):
        run_etl(lake.lake, "spark", memory=6)


def test_a_run_takes_in_so_many_objects_and_bytes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(raw_store, "OBJECTS_A_PART", 3)
    objects = [("a", 60), ("b", 40), ("c", 1), ("d", 500), ("e", 1), ("f", 1), ("g", 1), ("h", 1)]
    assert list(in_parts(objects, 100)) == [["a", "b"], ["c"], ["d"], ["e", "f", "g"], ["h"]]
    assert list(in_parts([], 100)) == []
