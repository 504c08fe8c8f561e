"""`footfall query` as it is typed."""

import json
from datetime import datetime
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from footfall.cli import build
from footfall.errors import FootfallError
from footfall.events.tenant_file import TenantFile
from footfall.lake.catalog import load, open_catalog
from footfall.lake.commit import overwrite
from footfall.lake.layout import LocalLake, open_lake
from footfall.query.embedded import run
from tests.queries.small_lake import small_lake


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> LocalLake:
    """A lake of two tenants with one session each."""
    made = open_lake(tmp_path_factory.mktemp("query") / "lake", create=True)
    for name in ("shop", "blog"):
        TenantFile(made.tenants).add(name, 0)
    memory = small_lake()
    started = datetime.fromisoformat("2024-03-10T12:00:00")
    for name, channel in (("shop", "email"), ("blog", 'a "quoted", one')):
        memory.execute(
            "INSERT INTO sessions (tenant, session_id, visitor, started_at, ended_at, channel, converted, is_bot) "
            "VALUES (?, ?, ?, ?, ?, ?, true, false)",
            [name, f"s-{name}", f"v-{name}", started, started, channel],
        )
    iceberg = load(open_catalog(made), "sessions")
    overwrite(iceberg, [], memory.execute("SELECT * FROM sessions ORDER BY tenant").to_arrow_table())
    return made


def ask(lake: LocalLake, *words: str, tenant: str = "shop") -> Result:
    return CliRunner().invoke(build(), ["query", *words, "--lake", str(lake.root), "--tenant", tenant])


def test_csv_is_the_rows_and_nothing_else(lake: LocalLake) -> None:
    result = ask(lake, "--sql", "select channel, value from sessions", "--format", "csv", tenant="blog")

    assert result.stdout_bytes == b'channel,value\r\n"a ""quoted"", one",\r\n'
    assert result.exit_code == 0


def test_json_is_a_list_of_objects(lake: LocalLake) -> None:
    result = ask(lake, "conversion_by_channel", "--format", "json")

    assert json.loads(result.stdout) == [
        {"channel": "email", "sessions": 1, "visitors": 1, "converted": 1, "conversion_percent": 100.0, "value": None}
    ]


def test_a_table_is_for_people(lake: LocalLake) -> None:
    assert "email" in ask(lake, "conversion_by_channel").stdout


def test_a_view_is_asked_by_its_name(lake: LocalLake) -> None:
    assert ask(lake, "visitors", "--format", "csv").stdout.startswith("tenant,visitor,first_seen")


def test_the_saved_queries_are_listed_without_a_lake() -> None:
    result = CliRunner().invoke(build(), ["query", "--list", "--format", "json"])

    assert [row["name"] for row in json.loads(result.stdout)] == [
        "conversion_by_channel",
        "daily_traffic",
        "funnel",
        "heatmap",
        "top_items",
        "top_pages",
        "entities_now",
        "identities_now",
        "persons",
        "sessions_by_person",
        "visitors",
    ]


@pytest.mark.parametrize(
    "sql",
    [
        "select * from sessions where tenant = 'blog'",
        "select * from sessions where tenant <> :tenant",
        "select * from sessions s where exists (select 1 from sessions t where t.tenant = 'blog')",
        "select tenant from sessions except select :tenant",
    ],
)
def test_another_tenants_rows_cannot_be_seen(lake: LocalLake, sql: str) -> None:
    assert run(lake, "shop", sql).num_rows == 0


def test_the_tenant_is_bound_to_every_query(lake: LocalLake) -> None:
    result = run(lake, "shop", "select visitor from sessions where tenant = :tenant")

    assert result.to_pylist() == [{"visitor": "v-shop"}]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nope"], "there is no saved query 'nope'; there is: conversion_by_channel"),
        (["--sql", "select nope from sessions"], "there is no column 'nope'; sessions has tenant"),
        (["--sql", "select 1 from nope"], "there is no table 'nope'; there is: events"),
        (["--sql", "select :a"], "the parameter `:a` has no value"),
        (["top_pages", "--param", "pages=many"], "--param pages=many is no bigint"),
        (["top_pages", "--param", "size=1"], "top_pages has no parameter 'size'; it has: from_day"),
        (["top_pages", "--param", "tenant=blog"], "no parameter 'tenant'"),
        (["--sql", "select :tenant", "--param", "tenant=blog"], "choose the tenant with --tenant"),
        (["top_pages", "--engine", "athena"], "not yet on this version: use --engine duckdb"),
        (["top_pages", "--engine", "oracle"], "there is no engine 'oracle'"),
        (["top_pages", "--format", "xml"], "there is no format 'xml': give one of table, csv, json"),
        ([], "name one saved query or give --sql TEXT"),
        (["top_pages", "--sql", "select 1"], "name one saved query or give --sql TEXT"),
    ],
)
def test_a_wrong_question_is_one_line(lake: LocalLake, words: list[str], said: str) -> None:
    result = ask(lake, *words)

    assert isinstance(result.exception, FootfallError)
    assert said in str(result.exception)
    assert "\n" not in str(result.exception)


def test_an_unknown_tenant_is_one_line(lake: LocalLake) -> None:
    assert "no tenant is named 'nobody'" in str(ask(lake, "top_pages", tenant="nobody").exception)


def test_a_folder_that_is_no_lake_is_one_line(tmp_path: Path) -> None:
    result = CliRunner().invoke(build(), ["query", "top_pages", "--lake", str(tmp_path)])

    assert "is no lake" in str(result.exception)
