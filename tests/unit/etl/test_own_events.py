"""What a run takes in is at hand: of the table it reads what was stored before, and comes to what a rebuild gives."""

from pathlib import Path
from typing import Any

import pytest

from footfall.events.raw_line import RawEvent, RawLine
from footfall.lake.engines.duckdb import DuckDBEngine
from tests.lakes import MINUTE, NOON, SmallLake, event, line


def click(minute: int, **fields: Any) -> RawEvent:
    place = {"x": 5, "y": 5, "width": 1000, "height": 4000}
    return event(NOON + minute * MINUTE, "click", id=f"c{minute}", properties=place, **fields)


def view(minute: int) -> RawEvent:
    return event(NOON + minute * MINUTE, "page_view", id=f"p{minute}")


BEFORE = [line(view(0), click(2))]
# What comes then, and how many rows the run reads of the events that are stored: for visits, and for the map.
STORIES: dict[str, tuple[list[RawLine], tuple[int, int]]] = {
    "a visit goes on": ([line(view(4), click(5), click(6))], (2, 2)),
    "somebody else comes": ([line(view(4), click(5), visitor="w")], (0, 0)),
    "nobody clicks": ([line(view(4))], (2, 0)),
    "a copy, and more": ([line(click(2), click(5), received=NOON + 9 * MINUTE)], (2, 2)),
    "who clicked turns out to be a bot": ([line(event(NOON, "page_view", properties={"webdriver": True}))], (2, 2)),
    # The stored event leaves for its copy: the day's map is worked out as a whole.
    "an earlier copy": ([line(click(2), click(5), received=NOON + MINUTE)], (2, 0)),
}


@pytest.mark.parametrize("as_many", [False, True], ids=["few", "many"])
@pytest.mark.parametrize(("then", "read"), STORIES.values(), ids=STORIES)
def test_a_run_reads_what_was_stored_before_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, then: list[RawLine], read: tuple[int, int], as_many: bool
) -> None:
    lived, clean = SmallLake(tmp_path / "lived"), SmallLake(tmp_path / "clean")
    found = _rows_of_table(monkeypatch)
    lived.put("a", BEFORE)
    lived.run(as_many=as_many)
    assert [found.pop(name, 0) for name in ("stored_read", "grown_heat")] == [0, 0]
    lived.put("b", then)
    lived.run(as_many=as_many)
    assert (found["stored_read"], found["grown_heat"]) == read
    clean.put("a", BEFORE)
    clean.put("b", then)
    clean.run()
    assert lived.tables() == clean.tables()


def _rows_of_table(monkeypatch: pytest.MonkeyPatch) -> dict[str, int]:
    """How many rows each relation that is read of a table's files has, as of when it was defined last."""
    found: dict[str, int] = {}
    ask = DuckDBEngine.stored_among

    def counted(engine: DuckDBEngine, name: str, *told: Any, **options: Any) -> None:
        ask(engine, name, *told, **options)
        found[name] = int(str(engine.rows(f"select count(*) from {name}")[0][0]))

    monkeypatch.setattr(DuckDBEngine, "stored_among", counted)
    return found
