"""Only constructs that both engines treat alike may stand in a model."""

from datetime import date
from pathlib import Path

import duckdb
import pytest

from footfall.errors import FootfallError
from footfall.etl.models import model
from footfall.lake.engines.dialect import MACROS, to_duckdb

MODEL_NAMES = sorted(path.stem for path in (Path(__file__).parents[3] / "glue_jobs" / "models").glob("*.sql"))


@pytest.mark.parametrize("name", MODEL_NAMES)
def test_every_model_keeps_to_the_proven_list(name: str) -> None:
    assert to_duckdb(model(name))


@pytest.mark.parametrize(
    "sql",
    [
        "select min_by(a, b) from t",
        "select first(a) from t",
        "select percentile(a, 0.5) from t",
        "select a / b from t",
        "select avg(a) from t",
        "select regexp_replace(a, 'x', '$1') from t",
        "select collect_list(a) from t",
        "select a like 'x%' from t",
        "select lower(a) from t",
        "select hash(a) from t",
        "select dayofweek(a) from t",
        "select a from t; drop table t",
        "delete from t",
        "select unheard_of(a) from t",
    ],
)
def test_a_construct_that_is_not_proven_is_refused_by_name(sql: str) -> None:
    with pytest.raises(FootfallError, match="not proven on both engines"):
        to_duckdb(sql)


@pytest.mark.parametrize(
    ("sql", "expected"),
    [
        ("select 7 div 2", 3),
        ("select 86399999 div 86400000", 0),
        ("select concat('a', cast(1 as string), 'b')", "a1b"),
        ("select concat('a', cast(null as string))", None),
        ("select substring('abc', 1, 2)", "ab"),
        ("select greatest(0, least(5, 3))", 3),
        ("select length('aé𝄞')", 3),
        ("select sha2('abc', 256)", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("select coalesce(null, 2)", 2),
        ("select case when null then 1 else 2 end", 2),
        ("select cast('x' as int)", None),
        ("select cast(date_from_unix_date(1) as date)", date(1970, 1, 2)),
        ("select get(sequence(5, 7), 0)", 5),
        ("select get(sequence(5, 7), 2)", 7),
        ("select get(sequence(5, 7), 3)", None),
        ("select get(sequence(5, 7), -2)", None),
        ("select size(sequence(5, 7))", 3),
        ("select count(*) from (select 1) as t where size(null) > 0", 0),
    ],
)
def test_the_translation_gives_what_spark_documents(sql: str, expected: object) -> None:
    with duckdb.connect() as connection:
        for macro in MACROS.values():
            connection.execute(f"CREATE MACRO {macro}")
        assert connection.execute(to_duckdb(sql)).fetchall() == [(expected,)]


def test_a_row_of_a_grouping_set_has_null_where_it_is_not_grouped() -> None:
    sql = (
        "select a, b, count(*) from (select 'x' as a, 'y' as b union all select null as a, 'y' as b) as t "
        "group by grouping sets ((a), (b))"
    )
    # As Spark 3.5 was seen to answer: a NULL of the data has a row of its own.
    expected = {("x", None, 1), (None, None, 1), (None, "y", 2)}
    assert set(duckdb.connect().execute(to_duckdb(sql)).fetchall()) == expected


def test_milliseconds_of_a_time_are_told_without_a_zone() -> None:
    """DuckDB asks a calendar for each row that is cast to a time with a zone: a tenth of a run's CPU, once."""
    for column in ("e.event_time", "cast('2025-10-09' as date)"):
        sql = to_duckdb(f"select unix_millis(cast({column} as timestamp)) from e")
        assert "TIMESTAMPTZ" not in sql
        with duckdb.connect() as connection:
            connection.execute("SET TimeZone = 'America/New_York'")
            connection.execute("CREATE TABLE e AS SELECT TIMESTAMP '2025-10-09 00:00:00' AS event_time")
            assert connection.execute(sql).fetchall() == [(1_759_968_000_000,)]
