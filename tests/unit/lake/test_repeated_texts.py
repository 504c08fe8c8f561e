"""Texts that many rows share are numbers within a run, and the texts that they were in every table."""

from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from footfall.lake.catalog import load, open_catalog
from footfall.lake.dictionaries import with_dictionaries_of, without_unused_texts
from footfall.lake.engines import repeated_texts
from footfall.lake.engines.repeated_texts import RepeatedTexts
from footfall.lake.file_uri import local_path
from footfall.lake.schemas import arrow_schema
from footfall.lake.tables import EVENTS, TABLES
from tests.lakes import DAY, HOUR, NOON, SmallLake, event, line

# Where order and quoting could go wrong: an empty one, some that others begin with, marks, and not only ASCII.
ODD = ["", "it's", 'Z"', "a", "a\\ ", "ab\n", "é", "😀"]


@pytest.fixture
def connection() -> duckdb.DuckDBPyConnection:
    found = duckdb.connect()
    found.register("told", pa.table({"text": [*ODD, None, *ODD[::-1]], "row": list(range(17))}))
    return found


def numbered(connection: duckdb.DuckDBPyConnection, rows: int = 17) -> RepeatedTexts:
    """The relation `told` as a table, its texts as numbers where they are worth it."""
    texts = RepeatedTexts(connection)
    texts.begin(rows)
    texts.find("told", ["text"], ["row", "text"])
    connection.execute(f"CREATE OR REPLACE TABLE numbers AS {texts.select('told', ['row', 'text'])}")
    return texts


@pytest.mark.parametrize(
    "select",
    [
        "SELECT text FROM {} ORDER BY text NULLS FIRST, row",
        "SELECT min(text), max(text), count(DISTINCT text) FROM {}",
        "SELECT row FROM {} WHERE text = 'nowhere' OR text IN ('a', 'not here') ORDER BY row",
        "SELECT row FROM {} WHERE text < 'ab' ORDER BY row",
        "SELECT a.row, b.row FROM {} AS a JOIN told AS b ON a.text = b.text ORDER BY ALL",
        "SELECT a.row FROM {} AS a LEFT JOIN (SELECT 'elsewhere' AS text) AS b ON a.text = b.text ORDER BY ALL",
        "SELECT row, coalesce(text, 'none'), substring(text, 1, 1), length(text), text || '|' FROM {} ORDER BY row",
        "SELECT text FROM {} UNION ALL SELECT 'more' ORDER BY ALL",
        "SELECT row, text FROM {} EXCEPT SELECT row, text FROM told WHERE text <> 'a'",
    ],
)
def test_numbers_come_to_what_texts_come_to(connection: duckdb.DuckDBPyConnection, select: str) -> None:
    assert numbered(connection).among(["text"], "SELECT * FROM numbers") == {"text"}
    found = connection.execute(select.format("numbers")).fetchall()
    assert found == connection.execute(select.format("told")).fetchall()


def test_texts_that_few_rows_share_stay_texts(
    connection: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repeated_texts, "_FEW_TEXTS", 7)
    assert numbered(connection, rows=63).among(["text"], "SELECT * FROM numbers") == set()
    assert numbered(connection, rows=64).among(["text"], "SELECT * FROM numbers") == {"text"}
    assert numbered(connection, rows=0).among(["text"], "SELECT * FROM told") == set()


def test_a_column_of_no_texts_stays_one(connection: duckdb.DuckDBPyConnection) -> None:
    connection.register("told", pa.table({"text": pa.array([None, None], pa.string()), "row": [1, 2]}))
    assert numbered(connection).among(["text"], "SELECT * FROM numbers") == set()


def test_texts_with_a_character_of_number_0_stay_texts(connection: duckdb.DuckDBPyConnection) -> None:
    connection.register("told", pa.table({"text": ["a", "n\x00ul"], "row": [1, 2]}))
    assert numbered(connection).among(["text"], "SELECT * FROM numbers") == set()


def dictionary(*texts: str | None, of: list[str]) -> "pa.Array[Any]":
    """Texts as numbers, with a dictionary of more."""
    return pa.DictionaryArray.from_arrays(
        pa.array([None if t is None else of.index(t) for t in texts], pa.uint8()), pa.array(of)
    )


def texts_of(rows: pa.Table) -> list[str]:
    """The dictionary of the column `text`."""
    held: Any = rows.column("text").combine_chunks()
    return list(held.dictionary.to_pylist())


def test_a_dictionary_is_left_with_what_is_in_the_rows() -> None:
    rows = pa.table({"text": dictionary("c", None, "a", "c", of=["a", "b", "c", "d"]), "row": [1, 2, 3, 4]})
    kept = without_unused_texts(rows)
    assert texts_of(kept) == ["c", "a"]
    assert kept.to_pylist() == rows.to_pylist()


def test_a_dictionary_of_few_texts_stays_as_it_is() -> None:
    many = pa.table({"text": dictionary(*["a", "b"] * 32, of=["a", "b", "c", "d", *"efgh"])})
    assert len(texts_of(without_unused_texts(many))) == 8


def test_only_texts_that_came_with_a_dictionary_keep_it() -> None:
    came = pa.table({"name": dictionary("a", of=["a"]), "tenant": ["t"]}).schema
    declared = pa.schema(
        [pa.field("tenant", pa.large_string()), pa.field("name", pa.large_string(), metadata={"a": "b"})]
    )
    kept = with_dictionaries_of(came, declared)
    assert kept.names == ["tenant", "name"]
    assert (kept.field("tenant").type, kept.field("name").type) == (pa.large_string(), came.field("name").type)
    assert kept.field("name").metadata == {b"a": b"b"}


def test_no_table_is_sorted_or_parted_by_a_text_that_may_be_a_number() -> None:
    for table in TABLES:
        by = {*table.sort, *(column for column, _ in table.partition), *table.spread}
        assert not by & set(table.repeated), table.name
        assert all(table.column(name).type == "string" for name in table.repeated)


def put(lake: SmallLake) -> None:
    """Events of three days whose texts are odd, some of them late, with copies."""
    for number in range(3):
        lines = [
            line(
                *(event(NOON + day * DAY + step * HOUR, f"n{step}", id=f"{number} {day} {step}") for step in range(3)),
                user_agent=ODD[(number + day) % len(ODD)],
                visitor=f"v{number}",
                received=NOON + (2 + number) * DAY,
            )
            for day in range(3)
        ]
        lake.put(f"2025/10/12/1{number}/o", [*lines, lines[0]])


def test_a_lake_of_many_events_is_that_of_few(tmp_path: Path) -> None:
    few, many = SmallLake(tmp_path / "few"), SmallLake(tmp_path / "many")
    for lake, as_many in ((few, False), (many, True)):
        put(lake)
        assert lake.run(most_bytes=1, as_many=as_many).new_events == 27
    assert few.tables() == many.tables()


def test_files_tell_the_same_of_texts_that_were_numbers(tmp_path: Path) -> None:
    told = []
    for name, as_many in (("few", False), ("many", True)):
        lake = SmallLake(tmp_path / name)
        put(lake)
        lake.run(as_many=as_many)
        table = load(open_catalog(lake.lake), "events")
        files = [task.file for task in table.scan().plan_files()]
        told.append(
            sorted(
                (str(f.partition), f.record_count, f.lower_bounds, f.upper_bounds, f.null_value_counts) for f in files
            )
        )
        for file in files:
            assert pq.read_schema(local_path(file.file_path)).types == arrow_schema(EVENTS).types
    assert told[0] == told[1]
