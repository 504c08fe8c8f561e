"""`footfall upkeep`, `replay`, `erase`, and `query --as-of`."""

import json
from datetime import UTC, datetime

import pytest
import typer
from typer.testing import CliRunner

from footfall.cli import erase, query, replay, upkeep
from footfall.cli.duration import milliseconds
from footfall.errors import FootfallError
from footfall.events.tenant_file import TenantFile
from footfall.events.time_text import epoch_ms
from tests.lakes import NOON, SmallLake, event, line


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    small = SmallLake(tmp_path_factory.mktemp("care") / "lake")
    TenantFile(small.lake.tenants).add("shop", 0)
    small.put("2025/10/09/12/a", [line(event(NOON, "page_view"), visitor="visitor-1")])
    small.run()
    return small


def run(*arguments: str) -> str:
    app = typer.Typer()
    app.callback()(lambda: None)
    for verb in (erase, query, replay, upkeep):
        verb.register(app)
    done = CliRunner().invoke(app, list(arguments))
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
    assert run("query", "--sql", "select count(*) as n from events", "--format", "csv", place).split() == ["n", "0"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["erase"], "say whom to erase"),
        (["erase", "--visitor", "v", "--resume"], "say whom to erase"),
        (["replay", "--from", "2026-01-02", "--to", "2026-01-01"], "nothing lies between"),
        (["replay", "--from", "noon", "--to", "2026-01-01"], "is no time"),
        (["upkeep", "--grace", "3 days"], "is no length of time"),
        (["upkeep", "--engine", "trino"], "use duckdb or spark"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_line(lake: SmallLake, arguments: list[str], told: str) -> None:
    with pytest.raises(FootfallError, match=told):
        run(*arguments, f"--lake={lake.lake.root}")


@pytest.mark.parametrize(
    ("text", "length"), [("0", 0), ("3d", 259_200_000), ("12h", 43_200_000), ("5m", 300_000), ("7s", 7_000)]
)
def test_a_length_of_time_has_a_unit(text: str, length: int) -> None:
    assert milliseconds(text) == length


@pytest.mark.parametrize("text", ["2025-10-09T12:00", "2025-10-09T14:00+02:00", "2025-10-09T12:00:00Z"])
def test_a_time_without_a_zone_is_utc(text: str) -> None:
    assert epoch_ms(text) == NOON
