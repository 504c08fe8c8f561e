"""What is on the proven list gives Athena's result, and nothing else is let through."""

import re
import tomllib
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlglot import exp

from footfall.errors import FootfallError
from footfall.query.embedded import execute
from footfall.query.output import csv_text
from footfall.query.translation import PROVEN, parse, translate
from tests.queries.small_lake import small_lake

CASES = tomllib.loads((Path(__file__).resolve().parents[2] / "queries" / "proven.toml").read_text())
EXPRESSIONS: list[tuple[str, str, str]] = [(sql, kind, value) for sql, kind, value in CASES["cases"]]
QUERIES: list[tuple[str, str]] = list(CASES["queries"].items())
THREE = "three as (select * from (values (1, 'a', 10), (2, 'b', 20), (3, 'a', null)) as v(n, word, amount))"
VALUES = "(values (timestamp '2024-05-06 07:08:09', cast(2 as bigint))) as v(moment, bigint_two)"


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        yield opened


def _with_three(sql: str) -> str:
    return f"with {THREE}, {sql.removeprefix('with ')}" if sql.startswith("with ") else f"with {THREE} {sql}"


@pytest.mark.parametrize(("sql", "kind", "value"), EXPRESSIONS, ids=[sql for sql, _, _ in EXPRESSIONS])
def test_an_expression_has_the_type_and_value_that_trino_documents(
    connection: duckdb.DuckDBPyConnection, sql: str, kind: str, value: str
) -> None:
    translation = translate(f"with {THREE} select {sql} as result from {VALUES}")

    assert str(translation.columns["result"]) == kind
    assert connection.execute(f"DESCRIBE {translation.sql}").fetchall()[0][1] == translation.columns["result"].duckdb
    assert csv_text(connection.execute(translation.sql).to_arrow_table()) == "result\r\n" + (value or '""') + "\r\n"


@pytest.mark.parametrize(("sql", "expected"), QUERIES, ids=[sql for sql, _ in QUERIES])
def test_a_query_gives_the_rows_that_trino_documents(sql: str, expected: str) -> None:
    assert csv_text(execute(small_lake(), _with_three(sql))).replace("\r\n", "\n") == expected


def test_every_construct_of_the_proven_list_has_a_case() -> None:
    texts = [f"select {sql}" for sql, _, _ in EXPRESSIONS] + [sql for sql, _ in QUERIES] + ["select :parameter"]
    tested = {type(node) for text in texts for node in parse(text).walk()}

    assert {kind.__name__ for kind in PROVEN} - {kind.__name__ for kind in tested} <= {exp.DateTrunc.__name__}


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("select approx_percentile(value, 0.5) from events", "estimate"),
        ("select approx_distinct(visitor) from events", "count(distinct x)"),
        ("select value / 3 from events", "cast one side to double"),
        ("select 1.0 / 3", "cast one side to double"),
        ("select avg(value) from events", "avg(cast(x as double))"),
        ("select cast(event_time as varchar) from events", "date_format"),
        ("select cast(1e0 as varchar)", "doubles differently"),
        ("select date '2024-01-02' - date '2024-01-01'", "date_diff"),
        ("select interval '1' day", "date_diff"),
        ("select cast(event_time as timestamp(0)) from events", "cast to boolean"),
        ("select date_diff('month', event_time, event_time) from events", "proven units"),
        ("select now()", "as a parameter"),
        ("select try(1 / 0)", "nullif"),
        (r"select regexp_like(name, '\d+') from events", "[0-9]"),
        ("select regexp_like(name, page_path) from events", "as a string"),
        ("select regexp_extract(name, '(a)?b', 1) from events", "may not take part"),
        ("select event_time > '2024-01-01' from events", "mixes timestamp and varchar"),
        ("select 1 = '1'", "mixes integer and varchar"),
        ("select name n from events where n = 'x'", "no column 'n'"),
        ("select * from events limit all", "whole number"),
        ("select * from events, sessions", "CROSS JOIN"),
        ("select * from sessions natural join events", "method"),
        ("with recursive a as (select 1) select 1", "recursive"),
        ("select * from events tablesample bernoulli (10)", "sample"),
        ("select name from events group by rollup (name)", "ROLLUP"),
        ("select row_number() from events", "needs a window"),
        ("select * from unnest(array[1])", "name its columns"),
        ("select i.item from events e cross join unnest(e.items) as i", "name its columns"),
        ("select i.x from events e cross join unnest(e.items) as i (x)", "names 1 columns and has 3"),
        ("select i.x from events e cross join unnest(e.name) as i (x)", "takes an array"),
        ("select i.n from events e cross join unnest(e.path) with ordinality as i (t, x, y, s, n)", "UNNEST"),
        ("select p.t from events e right join unnest(e.path) as p (t, x, y, s) on true", "cross join unnest"),
        ("select a from (select 1) t", "no column 'a'"),
        ("select nope from events", "no column 'nope'; events has tenant, visitor"),
        ("select e.nope from events e", "no column 'nope'; e has"),
        ("select x.name from events e", "no table 'x'"),
        ("select * from nope", "no table 'nope'; there is: events, page_views"),
        ("select visitor from events e join sessions s on s.visitor = e.visitor", "in e and s"),
        ("select :day", "--param day=VALUE"),
        ("select ?", "`:name`"),
        ("select (", "cannot be read at line 1"),
        ("select 'x", "cannot be read"),
        ("", "0 statements"),
        ("select 1; select 2", "2 statements"),
        ("select from events", "a SELECT has columns"),
    ],
)
def test_what_is_not_proven_is_refused_in_one_line_that_says_what_to_do(sql: str, said: str) -> None:
    with pytest.raises(FootfallError) as refused:
        execute(small_lake(), sql)

    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(
    "sql",
    [
        "select * from read_parquet('/etc/passwd')",
        "select * from read_text('/etc/passwd')",
        "select * from iceberg_scan('/lake')",
        "select * from '/etc/passwd'",
        'select * from "/etc/passwd"',
        "select * from information_schema.tables",
        "select * from duckdb_tables()",
        "select * from pg_catalog.pg_tables",
        "select * from sqlite_master",
        "select * from main.events",
        "select read_text('/etc/passwd')",
        "select getenv('HOME')",
        "select current_setting('TimeZone')",
        "select * from query('select 1')",
        "select * from events where name in (select content from read_text('/etc/passwd'))",
        "with a as (select * from read_csv('/etc/passwd')) select * from a",
        "select (select content from read_text('/etc/passwd'))",
        "select * from events order by (select content from read_text('/etc/passwd'))",
        "select count(*) filter (where getenv('HOME') = 'x') from events",
        "select row_number() over (order by getenv('HOME')) from events",
        "copy events to '/tmp/x'",
        "attach '/tmp/x'",
        "insert into events select * from events",
        "drop table events",
        "create table x as select 1",
        "update events set name = 'x'",
        "delete from events",
        "pragma version",
        "install httpfs",
        "set threads = 1",
        "call load_aws_credentials()",
        "explain select 1",
        "show tables",
        "select 1; drop table events",
        "unload (select 1) to 's3://bucket'",
        "select * from events for version as of 1",
    ],
)
def test_nothing_but_the_lakes_own_tables_can_be_reached(sql: str) -> None:
    with pytest.raises(FootfallError):
        translate(sql)


@given(text=st.text(alphabet=st.characters(codec="utf-8", exclude_characters="\x00")))
@settings(max_examples=200, deadline=None)
def test_a_text_parameter_is_never_read_as_sql(connection: duckdb.DuckDBPyConnection, text: str) -> None:
    assert execute(connection, "select :value as v", {"value": text}).column("v").to_pylist() == [text]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (7, "integer"),
        (-(2**40), "bigint"),
        (0.1, "double"),
        (Decimal("-1.50"), "decimal(3,2)"),
        (True, "boolean"),
        (date(2024, 2, 29), "date"),
        (datetime.fromisoformat("2024-02-29T01:02:03.004"), "timestamp"),
        (None, "unknown"),
    ],
)
def test_a_parameter_keeps_its_value_and_type(value: object, kind: str) -> None:
    translation = translate("select :value as v", {"value": value})

    assert str(translation.columns["v"]) == kind
    assert duckdb.connect().execute(translation.sql).fetchall() == [(value,)]


def test_a_failure_on_the_data_is_one_line() -> None:
    with pytest.raises(FootfallError, match="divides by zero: write nullif"):
        execute(small_lake(), "select 1 / n from (values 0) as t(n)")
    with pytest.raises(FootfallError, match="use try_cast"):
        execute(small_lake(), "select cast(word as bigint) from (values 'x') as t(word)")
    with pytest.raises(FootfallError, match="must appear in the GROUP BY"):
        execute(small_lake(), "select name, count(*) from events")


def test_the_view_of_visitors_can_be_asked_like_a_table() -> None:
    result = execute(small_lake(), "select v.visitor from visitors v join sessions using (visitor)")

    assert result.num_rows == 0


WORDS = """
    select from where group by having order limit with as on join left cross using union all except distinct case when
    then else end not and or in is null between like exists over partition rows preceding current row ( ) ( ) , , . *
    + - / % || = < > <> 1 2 0 1.5 1e0 'a' '[a-z]' '$.a' '' :p ? events sessions visitors e s name visitor value
    event_time properties page_views date timestamp interval '1' day month cast try_cast bigint varchar decimal(5,2)
    decimal(50,2) count( sum( avg( lag( if( coalesce( regexp_extract( split_part( json_extract_scalar( date_diff(
    date_trunc( round( row_number() array_agg( filter ntile( min_by( read_text( unnest( $1 ; -- /* " { [
    """
PIECES = tuple(WORDS.split())


@given(words=st.lists(st.sampled_from(PIECES), max_size=25))
@settings(max_examples=400, deadline=None)
def test_no_text_makes_more_than_one_line_of_trouble(words: list[str]) -> None:
    trouble = ""
    try:
        translate("select " + " ".join(words), {"p": 1})
    except FootfallError as error:
        trouble = str(error)

    assert "\n" not in trouble


TOKENS = [
    re.findall(r"'(?:[^']|'')*'|\w+|\S", sql)
    for sql in [f"select {one}" for one, _, _ in EXPRESSIONS] + [*CASES["queries"]]
]


@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_a_proven_query_with_one_part_changed_is_answered_or_refused_in_one_line(
    connection: duckdb.DuckDBPyConnection, data: st.DataObject
) -> None:
    tokens = list(data.draw(st.sampled_from(TOKENS)))
    place = data.draw(st.integers(0, len(tokens) - 1))
    other = data.draw(st.sampled_from(TOKENS))
    tokens[place : place + 1] = data.draw(
        st.sampled_from([[], [data.draw(st.sampled_from(other))], ["(", *other, ")"]])
    )
    trouble = ""
    try:
        execute(connection, _with_three(" ".join(tokens)))
    except FootfallError as error:
        trouble = str(error)

    assert "\n" not in trouble


@pytest.mark.parametrize(
    "sql",
    [
        "select " + "(" * 5_000 + "1" + ")" * 5_000,
        "select " + " + ".join(["1"] * 5_000),
        "select 1 where " + " and ".join(["1 = 1"] * 5_000),
    ],
    ids=["parentheses", "sum", "and"],
)
def test_a_query_too_deep_is_one_line(sql: str) -> None:
    with pytest.raises(FootfallError, match="deep"):
        translate(sql)


@pytest.mark.parametrize(
    "expression",
    [
        "split_part('a', '/', 1.5)",
        "split_part('a', '/', length('a'))",
        "regexp_extract('a', 'a', length('a'))",
        "cast(1 as decimal(50, 2))",
        "cast(1 as decimal(2, 3))",
        "date_add('day', 1.5, date '2024-01-01')",
        "json_extract_scalar('{}', '$..a')",
        "json_extract_scalar('{}', name)",
        "lower(1)",
        "sum('a')",
        "abs('a')",
        "- 'a'",
        "not 1",
        "1 and true",
        "(select 1, 2)",
        "1 in (select 1, 2)",
        "cardinality(1)",
        "count(distinct 1, 2)",
        "first_value(1) over (order by 1 range between 1 preceding and current row)",
        "interval '1' week",
        "true is true",
        "substr('abc')",
        "count()",
        "min_by(1)",
        "array_agg(order by 1)",
        "cast('1' as decimal(1, x))",
    ],
)
def test_an_expression_that_is_misused_is_refused(expression: str) -> None:
    with pytest.raises(FootfallError):
        translate(f"select {expression} as v")
