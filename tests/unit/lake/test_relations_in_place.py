"""Rows leave a relation, come to it and are numbered where they are, and it makes no difference to who reads them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from footfall.etl.late_events import BETWEEN
from footfall.lake.catalog import open_catalog
from footfall.lake.engines.duckdb import DuckDBEngine
from footfall.lake.layout import open_lake
from tests.lakes import DAY, NOON, SmallLake, event, line

LAZILY = pytest.mark.parametrize("lazily", [False, True], ids=["held", "lazy"])


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[DuckDBEngine]:
    made = DuckDBEngine(open_catalog(open_lake(tmp_path / "lake", create=True)))
    made.register("told", pa.table({"key": [1, 2, 3, 4], "text": ["a", "b", "c", None]}))
    yield made
    made.close()


def rows(engine: DuckDBEngine, name: str) -> list[tuple[object, ...]]:
    return engine.rows(f"select * from {name} order by key")


@LAZILY
@pytest.mark.parametrize("leaving", [[], [2], [1, 2, 3, 4], [5]])
def test_rows_leave(engine: DuckDBEngine, lazily: bool, leaving: list[int]) -> None:
    engine.define("source", "select * from told", lazily=lazily)
    engine.register("leaving", pa.table({"key": pa.array(leaving, pa.int64())}))
    before = rows(engine, "source")
    engine.without("others", "source", "leaving", ["key"])
    assert rows(engine, "others") == [row for row in before if row[0] not in leaving]
    # Once more, of what is left.
    engine.register("leaving_too", pa.table({"key": [3]}))
    engine.without("others_then", "others", "leaving_too", ["key"])
    assert rows(engine, "others_then") == [row for row in before if row[0] not in (*leaving, 3)]


@LAZILY
def test_rows_come(engine: DuckDBEngine, lazily: bool) -> None:
    engine.define("source", "select * from told", lazily=lazily)
    # The columns go by their names.
    engine.register("coming", pa.table({"text": ["z"], "key": [9]}))
    before = rows(engine, "source")
    engine.add("all_rows", "source", "coming")
    assert rows(engine, "all_rows") == [*before, (9, "z")]


@pytest.mark.parametrize("text", ["b", "not among them"])
def test_rows_come_to_texts_with_numbers(engine: DuckDBEngine, text: str) -> None:
    engine.connection.execute("CREATE TYPE few AS ENUM ('a', 'b', 'c')")
    engine.define("source", "select * from told")
    engine.connection.execute("ALTER TABLE source ALTER COLUMN text TYPE few")
    engine.register("coming", pa.table({"key": [8, 9], "text": ["a", text]}))
    engine.add("all_rows", "source", "coming")
    assert rows(engine, "all_rows")[3:] == [(4, None), (8, "a"), (9, text)]
    ((_, kind, *_),) = [of for of in engine.connection.execute("DESCRIBE all_rows").fetchall() if of[0] == "text"]
    assert kind.startswith("ENUM") == (text == "b")


@LAZILY
def test_each_row_has_a_number_of_its_own(engine: DuckDBEngine, lazily: bool) -> None:
    engine.define("source", "select * from told", lazily=lazily)
    engine.register("leaving", pa.table({"key": [1]}))
    engine.without("others", "source", "leaving", ["key"])
    engine.register("more", pa.table({"key": [5, 6], "text": ["x", "y"]}))
    for relations, keys in (
        (("others", "more"), [2, 3, 4, 5, 6]),
        (("others",), [2, 3, 4]),
        (("more", "others"), [*range(2, 7)]),
    ):
        engine.number_together("numbered", relations, ["key"])
        found = engine.rows("select number, key from numbered order by key")
        assert [key for _, key in found] == keys
        assert len({number for number, _ in found}) == len(keys)
        assert engine.rows("select number, key from numbered order by key") == found


def test_what_stands_for_a_table_does_so_until_it_is_defined_again(engine: DuckDBEngine) -> None:
    engine.define("source", "select * from told")
    engine.register("leaving", pa.table({"key": [1]}))
    engine.without("others", "source", "leaving", ["key"])
    engine.define("others", "select * from told where key = 1", lazily=True)
    engine.number_together("numbered", ["others"], ["key"])
    assert [key for _, key in engine.rows("select number, key from numbered")] == [1]


def test_late_events_that_are_due_are_of_the_same_kind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their texts have numbers too: else those of all that arrived with them would be texts again."""
    kinds: dict[str, str] = {}
    add = DuckDBEngine.add

    def and_tell(engine: DuckDBEngine, *names: Any) -> None:
        add(engine, *names)
        kinds.update({name: kind for name, kind, *_ in engine.connection.execute("DESCRIBE candidates").fetchall()})

    monkeypatch.setattr(DuckDBEngine, "add", and_tell)
    lake = SmallLake(tmp_path / "lake")
    lake.put("2025/10/10/12/a", [line(event(NOON, id="a"))])
    lake.run(as_many=True)
    late = line(event(NOON, "page_view", id="b"), received=NOON + 3 * DAY, user_agent="seldom seen")
    lake.put("2025/10/13/12/b", [line(event(NOON + 3 * DAY, id="c"), received=NOON + 3 * DAY), late])
    assert lake.run(as_many=True, late=replace(BETWEEN, most_share=1.0)).waiting == 1
    lake.put("2025/10/20/12/c", [line(event(NOON + 10 * DAY, id="d"), received=NOON + 10 * DAY)])
    report = lake.run(as_many=True)
    assert (report.waiting, report.new_events) == (0, 2)
    assert all(kinds[name].startswith("ENUM") for name in ("name", "user_agent", "raw_object", "browser", "page_path"))
