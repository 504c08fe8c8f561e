"""`footfall etl`, `upkeep`, `replay`, `erase`, and `query --as-of`."""

import json
from datetime import UTC, datetime
from pathlib import Path

import boto3
import pytest
import typer
from typer.testing import CliRunner

from footfall.cli import erase, etl, query, replay, upkeep
from footfall.cli.duration import milliseconds
from footfall.errors import FootfallError
from footfall.events.tenant_file import TenantFile
from footfall.events.tenant_table import TenantTable
from footfall.events.time_text import epoch_ms
from footfall.lake.locations import erasure_store
from footfall.lake.receipts import Erasures
from tests.lakes import NOON, SmallLake, event, line


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    small = SmallLake(tmp_path_factory.mktemp("care") / "lake")
    TenantFile(small.lake.tenants).add("shop", 0)
    small.put("2025/10/09/12/a", [line(event(NOON, "page_view"), visitor="visitor-1")])
    small.run()
    return small


def verbs() -> typer.Typer:
    app = typer.Typer()
    app.callback()(lambda: None)
    for verb in (erase, etl, query, replay, upkeep):
        verb.register(app)
    return app


def run(*arguments: str) -> str:
    done = CliRunner().invoke(verbs(), list(arguments))
    if isinstance(done.exception, FootfallError):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_lake_is_kept_up_replayed_asked_as_of_a_time_and_someone_erased(lake: SmallLake) -> None:
    place = f"--lake={lake.lake.root}"
    assert "in order" in run("upkeep", place)
    assert json.loads(run("upkeep", "--json", "--grace", "0", place))["compacted"] == {}
    replayed = json.loads(run("replay", "--from", "2025-10-09", "--to", "2025-10-10", "--json", place))
    assert (replayed["objects"], replayed["new_events"]) == (1, 0)
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}"
    told = run("query", "--sql", "select count(*) as n from events", "--as-of", now, "--format", "csv", place)
    assert told.split() == ["n", "1"]
    with pytest.raises(FootfallError, match="what is kept begins at"):
        run("query", "--sql", "select 1 as n from events", "--as-of", "2001-01-01", place)
    (receipt,) = json.loads(run("erase", "--visitor", "visitor-1", "--now", "--json", place))
    assert (receipt["complete"], receipt["stores"]["raw"]["removed"]["events"]) == (True, 1)
    assert "Nothing to finish" in run("erase", "--resume", place)
    assert json.loads(run("erase", "--receipts", "--json", place)) == [receipt]
    assert run("query", "--sql", "select count(*) as n from events", "--format", "csv", place).split() == ["n", "0"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["erase"], "say whom to erase"),
        (["erase", "--visitor", "v", "--resume"], "say whom to erase"),
        (["erase", "--visitor", ""], "an empty id"),
        (["erase", "--visitor", "v", "--receipts"], "say whom to erase"),
        (["erase", "--visitor", "v", "--table", "tenants"], "name the lake's --raw-bucket too"),
        (["erase", "--visitor", "v", "--raw-bucket", "raw"], "name the tenants' --table too"),
        (["erase", "--resume", "--raw-bucket", "raw"], "the job footfall-ENVIRONMENT-erase goes on"),
        (["replay", "--from", "2026-01-02", "--to", "2026-01-01"], "nothing lies between"),
        (["replay", "--from", "noon", "--to", "2026-01-01"], "is no time"),
        (["upkeep", "--grace", "3 days"], "is no length of time"),
        (["upkeep", "--engine", "trino"], "use duckdb or spark"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(lake: SmallLake, arguments: list[str], told: str) -> None:
    with pytest.raises(FootfallError, match=told):
        run(*arguments, f"--lake={lake.lake.root}")


def test_less_memory_than_a_run_keeps_to_is_refused(lake: SmallLake) -> None:
    done = CliRunner().invoke(verbs(), ["etl", "--memory", "2.9", f"--lake={lake.lake.root}"])
    assert done.exit_code == 2
    assert "greater than or equal to 3" in done.output
    assert run("etl", "--memory", "3", f"--lake={lake.lake.root}")


def test_on_aws_an_erasure_is_ordered_and_its_receipts_are_shown(
    raw_bucket: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    boto3.client("dynamodb").create_table(
        TableName="tenants",
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        BillingMode="PAY_PER_REQUEST",
    )
    TenantTable(boto3.client("dynamodb"), "tenants").add("shop", 0)
    there = ("--raw-bucket", raw_bucket, "--table", "tenants")
    assert "Nobody was erased yet" in run("erase", "--receipts", *there)
    told = run("erase", "--visitor", "v", "--user", "u", *there)
    assert "start-job-run" in told
    (request,) = Erasures(erasure_store(f"s3://{raw_bucket}/raw")).requests()
    assert (request.tenant, request.visitors, request.users, request.is_looked_up) == ("shop", ("v",), ("u",), False)
    assert f"erasure {request.id} of shop: ordered, not begun" in run("erase", "--receipts", *there)
    assert json.loads(run("erase", "--visitor", "w", "--now", "--json", *there))["ordered"] != request.id
    with pytest.raises(FootfallError, match="no tenant is named 'blog'"):
        run("erase", "--visitor", "v", "--tenant", "blog", *there)
    with pytest.raises(FootfallError, match="the raw bucket cannot be asked"):
        run("erase", "--visitor", "v", "--raw-bucket", "other", "--table", "tenants")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("text", "length"), [("0", 0), ("3d", 259_200_000), ("12h", 43_200_000), ("5m", 300_000), ("7s", 7_000)]
)
def test_a_length_of_time_has_a_unit(text: str, length: int) -> None:
    assert milliseconds(text) == length


@pytest.mark.parametrize("text", ["2025-10-09T12:00", "2025-10-09T14:00+02:00", "2025-10-09T12:00:00Z"])
def test_a_time_without_a_zone_is_utc(text: str) -> None:
    assert epoch_ms(text) == NOON
