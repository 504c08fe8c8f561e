"""What `footfall health` finds, and that it finds nothing where all is well."""

import json
from pathlib import Path

import pytest
import typer.testing

from footfall.cli import build
from footfall.etl.health import Finding, examine
from footfall.events.tenants import EventSchema, Tenant
from footfall.lake.catalog import open_catalog
from footfall.lake.engines.duckdb import DuckDBEngine
from footfall.lake.raw_store import FileRawStore
from tests.lakes import DAY, HOUR, NOON, SmallLake, event, line, rejected

NOW = NOON + 7 * DAY + HOUR
SCHEMAS = (EventSchema("purchase", "warn", "{}"), EventSchema("refund", "warn", "{}"))


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    """A tenant for each thing that may be wrong, and one that is well."""
    names = ("well", "silent", "stale", "rejecting", "late", "drifting", "empty", "declared")
    tenants = [Tenant(name, salt="s", schemas=SCHEMAS if name == "declared" else ()) for name in names]
    made = SmallLake(tmp_path_factory.mktemp("health") / "lake", tenants)
    views = [event(NOON + n, "page_view", id=f"v{n}") for n in range(100)]
    arrived = {"received": NOON + 7 * DAY + 1_000, "sent_at": NOON + 7 * DAY + 1_000}
    lines = [
        *(line(*views[:50], tenant=name) for name in ("well", "rejecting")),
        line(event(NOON + 7 * DAY, "page_view", properties={"a": 1}), event(NOON + 7 * DAY, "b"), tenant="well"),
        line(event(NOON), tenant="stale"),
        line(event(NOON + 7 * DAY), rejected=[rejected(n) for n in range(1, 5)], tenant="rejecting"),
        line(*views, tenant="late", **arrived),
        line(
            event(NOON + 7 * DAY, "cart", id="a", properties={"size": 1, "note": None}),
            event(NOON + 7 * DAY, "cart", id="b", properties={"size": "1", "note": "x"}),
            event(NOON + 7 * DAY, "order", id="c", properties={"note": 1}),
            tenant="drifting",
        ),
        *(
            line(
                *(event(NOON + day * DAY + n, id=f"{day} {n}") for n in range(100)),
                tenant="empty", received=NOON + day * DAY + 1_000, country="" if day == 7 else "DE", user_agent="x",
            )
            for day in (5, 6, 7)
        ),
        line(event(NOON + 7 * DAY, "purchase"), event(NOON + 7 * DAY, "wish"), tenant="declared"),
    ]  # fmt: skip
    made.put("2025/10/16/12/a", lines)
    made.run()
    return made


def examined(lake: SmallLake, tenants: list[Tenant], now: int = NOW, max_age: float = 24) -> list[Finding]:
    engine = DuckDBEngine(open_catalog(lake.lake))
    try:
        return examine(engine, FileRawStore(lake.lake.raw), tenants, now, max_age)
    finally:
        engine.close()


@pytest.fixture(scope="module")
def findings(lake: SmallLake) -> list[Finding]:
    return examined(lake, list(lake.tenants))


@pytest.mark.parametrize(
    ("tenant", "wrong"),
    [
        ("well", {}),
        ("silent", {"fresh": "no event has come yet"}),
        ("stale", {"fresh": "the last event came 169 hours ago"}),
        ("rejecting", {"rejected": "4 of 55 events"}),
        ("late", {"late": "100 of 100 events"}),
        ("drifting", {"types": "more than one type: cart.size (number, text)"}),
        ("empty", {"nulls": "country (0% before, 100% now)"}),
        ("declared", {"undeclared": "event_names: wish", "unseen": "7 days: refund"}),
    ],
)
def test_what_is_wrong_is_found(findings: list[Finding], tenant: str, wrong: dict[str, str]) -> None:
    own = {finding.check: finding.found for finding in findings if finding.tenant == tenant}
    assert set(own) == set(wrong)
    assert all(said in own[check] for check, said in wrong.items())


def test_any_age_may_be_allowed(lake: SmallLake) -> None:
    stale = [tenant for tenant in lake.tenants if tenant.name == "stale"]
    assert examined(lake, stale, max_age=0) == []
    assert [finding.check for finding in examined(lake, stale, now=NOON + 25 * HOUR)] == ["fresh"]
    assert examined(lake, stale, now=NOON + 23 * HOUR) == []


def test_objects_that_wait_too_long_are_found(lake: SmallLake) -> None:
    well = [tenant for tenant in lake.tenants if tenant.name == "well"]
    lake.put("2025/10/16/13/waiting", [line(event(NOON))])
    at_14 = NOON + 7 * DAY + 2 * HOUR
    assert examined(lake, well, now=at_14) == []
    (found,) = examined(lake, well, now=at_14 + 2 * HOUR)
    assert (found.tenant, found.check) == ("", "taken_in")


def test_the_command_ends_with_1_where_something_is_wrong(tmp_path: Path) -> None:
    empty = SmallLake(tmp_path / "lake")
    runner = typer.testing.CliRunner()
    told = runner.invoke(build(), ["health", "--lake", str(empty.lake.root), "--json"])
    assert (told.exit_code, json.loads(told.stdout)) == (0, {"ok": True, "findings": []})
    empty.lake.tenants.write_text('format = 1\n\n[[tenant]]\nname = "shop"\nsalt = "s"\n')
    told = runner.invoke(build(), ["health", "--lake", str(empty.lake.root)])
    assert (told.exit_code, told.stdout) == (
        1,
        "shop: fresh: no event has come yet; send events, then run `footfall etl`.\n",
    )
