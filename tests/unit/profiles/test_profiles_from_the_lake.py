"""From the lake's tables to what `footfall profiles` prints."""

import json
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
import typer
from typer.testing import CliRunner

from footfall.cli import profiles as verb
from footfall.errors import FootfallError
from footfall.events.tenant_file import TenantFile
from footfall.lake import catalog
from footfall.lake.layout import LocalLake, open_lake
from footfall.lake.schemas import arrow_schema
from footfall.lake.tables import IDENTITIES, PREDICTIONS, VISITOR_DAYS, Table
from footfall.local.opensearch_node import OpenSearchNode
from footfall.local.profile_loading import lake_profiles

FIRST = date(2025, 1, 1)


def _at(day: int, hour: int = 0) -> datetime:
    return datetime.combine(FIRST, time(hour)) + timedelta(days=day)


def _day(tenant: str, visitor: str, day: int, **given: Any) -> dict[str, Any]:
    row = {
        "tenant": tenant,
        "visitor": visitor,
        "day": FIRST + timedelta(days=day),
        "first_seen": _at(day, 8),
        "last_seen": _at(day, 9),
        "first_channel": "direct",
        "device": "desktop",
        "is_bot": False,
        "events": 10,
        "page_views": 4,
        "sessions": 1,
        "engaged_ms": 1_000,
        "conversions": 0,
        "value": Decimal(0),
    }
    return {**row, **given}


def _buy(tenant: str, visitor: str, day: int, times: int, value: int) -> dict[str, Any]:
    return _day(tenant, visitor, day, conversions=times, value=Decimal(value))


def _predicted(tenant: str, visitor: str, day: int, score: float, version: str) -> dict[str, Any]:
    reasons = json.dumps([{"feature": "page_views", "value": 4, "contribution": 0.5}])
    row = {"tenant": tenant, "engine": "conversion", "visitor": visitor, "day": FIRST + timedelta(days=day)}
    scored = {"as_of": _at(day), "score": score, "percentile": 75.0, "model_version": version, "reasons": reasons}
    return {**row, **scored}


def _linked(tenant: str, visitor: str, day: int, user: str, **given: Any) -> dict[str, Any]:
    row = {"tenant": tenant, "visitor": visitor, "user_id": user, "person": f"person of {user}", "raw_object": user}
    return {**row, "day": FIRST + timedelta(days=day), "from_time": _at(day, 8), "to_time": _at(day, 9), **given}


DAYS = [
    _day("shop", "ada", 0, first_channel="search", device="mobile", user_id="u1"),
    _buy("shop", "ada", 99, 2, 30),
    _buy("shop", "bob", 10, 1, 5),
    _buy("shop", "cy", 80, 1, 5),
    _day("shop", "dee", 98, is_bot=True),
    _buy("blog", "ada", 300, 9, 900),
]
LINKED = [
    _linked("shop", "ada", 0, "u1"),
    _linked("shop", "ada", 99, "u2"),
    _linked("shop", "ada", 99, "u3", undone_at=_at(99, 20)),
    _linked("blog", "ada", 0, "u9"),
]
PREDICTED = [
    _predicted("shop", "ada", 50, 0.1, "v1"),
    _predicted("shop", "ada", 99, 0.9, "v2"),
    _predicted("blog", "ada", 99, 0.3, "v3"),
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> LocalLake:
    lake = open_lake(tmp_path_factory.mktemp("lake"), create=True)
    for tenant in ("shop", "blog", "empty"):
        TenantFile(lake.tenants).add(tenant, 0)
    tables = catalog.open_catalog(lake)
    for table, rows in ((VISITOR_DAYS, DAYS), (IDENTITIES, LINKED), (PREDICTIONS, PREDICTED)):
        catalog.load(tables, table.name).append(_arrow(table, rows))
    return lake


def _arrow(table: Table, rows: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(
        [{name: row.get(name) for name in arrow_schema(table).names} for row in rows], schema=arrow_schema(table)
    )


def test_the_profiles_of_a_lake_are_what_its_tables_say(lake: LocalLake) -> None:
    ada, bob, cy, dee = lake_profiles(lake, "shop")
    assert (ada.visitor, ada.as_of, ada.tenant) == ("ada", FIRST + timedelta(days=99), "shop")
    assert (ada.first_seen, ada.last_seen) == (_at(0, 8).replace(tzinfo=UTC), _at(99, 9).replace(tzinfo=UTC))
    assert (ada.first_channel, ada.device) == ("search", "desktop")
    assert (ada.user_ids, ada.person) == (("u1", "u2"), "person of u2")
    assert (bob.user_ids, bob.person) == ((), None)
    assert (ada.totals.active_days, ada.totals.events, ada.totals.conversions, ada.totals.value) == (2, 20, 2, 30.0)
    assert [(score.model_version, score.score) for score in ada.scores] == [("v2", 0.9)]
    assert [each.lifecycle for each in (ada, bob, cy, dee)] == ["active", "lapsing", "active", "new"]
    assert [each.is_bot for each in (ada, bob, cy, dee)] == [False, False, False, True]


def test_the_fifths_hold_equal_figures_together(lake: LocalLake) -> None:
    ada, bob, cy, dee = lake_profiles(lake, "shop")
    fifths = [(it.rfm.recency_score, it.rfm.frequency_score, it.rfm.monetary_score) for it in (ada, bob, cy) if it.rfm]
    assert fifths == [(4, 4, 4), (1, 1, 1), (2, 1, 1)]
    assert dee.rfm is None


def test_a_tenant_without_visitors_has_no_profiles(lake: LocalLake) -> None:
    assert list(lake_profiles(lake, "empty")) == []


class _Command:
    def __init__(self, lake: Path, url: str) -> None:
        self._app = typer.Typer()
        self._common = ["--lake", str(lake), "--url", url]
        verb.register(self._app)

        @self._app.command()
        def another() -> None:
            """Typer keeps a verb's name only where there are two."""

    def __call__(self, *words: str) -> str:
        done = CliRunner().invoke(self._app, ["profiles", *words, *self._common])
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0, done.output
        return done.stdout


@pytest.fixture
def command(lake: LocalLake, opensearch_node: OpenSearchNode) -> _Command:
    return _Command(lake.root, opensearch_node.url)


def test_profiles_are_loaded_and_shown(command: _Command) -> None:
    assert json.loads(command("load", "--tenant", "shop", "--json"))["profiles"] == 4
    assert command("load", "--tenant", "shop").startswith("4 profiles of shop are served")
    shown = json.loads(command("show", "ada", "--tenant", "shop", "--json"))
    assert (shown["visitor"], shown["totals"]["value"]) == ("ada", 30.0)
    assert "Visitor ada of shop" in command("show", "ada", "--tenant", "shop")


def test_an_unknown_visitor_says_how_to_find_one(command: _Command) -> None:
    command("load", "--tenant", "blog")
    with pytest.raises(FootfallError, match=r"no profile of visitor 'bob'.*footfall query .*visitor_days") as told:
        command("show", "bob", "--tenant", "blog")
    assert "\n" not in str(told.value)


def test_a_tenant_that_was_never_loaded_says_how_to_load(command: _Command) -> None:
    with pytest.raises(FootfallError, match="footfall profiles load --tenant empty"):
        command("show", "ada", "--tenant", "empty")
