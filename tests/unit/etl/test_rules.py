"""History follows the rules: where these change, the tables are those that the new ones had made from the start."""

from pathlib import Path

import pytest

from footfall.etl import rules
from footfall.events.tenants import Tenant
from tests.histories import Killed, kill_after
from tests.lakes import DAY, MINUTE, NOON, SmallLake, event, line

OLD = (Tenant("shop", salt="s"), Tenant("blog", salt="b", goal="signup"))
NEW = (Tenant("shop", salt="s", goals=("signup",), session_gap_seconds=600), OLD[1])


def lake(root: Path, tenants: tuple[Tenant, ...]) -> SmallLake:
    """A lake with six days of two tenants."""
    made = SmallLake(root, tenants)
    for day in range(6):
        events = [
            event(NOON + day * DAY, "page_view"),
            event(NOON + day * DAY + 5 * MINUTE, "signup"),
            event(NOON + day * DAY + 20 * MINUTE, "page_view"),
        ]
        made.put(f"o{day}", [line(*events), line(*events, tenant="blog", visitor="w")])
    return made


@pytest.fixture(scope="module")
def wanted(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    """What the new rules make of it."""
    made = lake(tmp_path_factory.mktemp("wanted") / "lake", NEW)
    made.run()
    return made


def test_a_change_of_settings_takes_hold_of_history(tmp_path: Path, wanted: SmallLake) -> None:
    changed = lake(tmp_path / "lake", OLD)
    assert changed.run().reworked == 0
    assert changed.tables() != wanted.tables()
    changed.tenants = NEW
    assert changed.run().reworked == 6, "the blog's days are left alone"
    assert changed.tables() == wanted.tables()
    before = changed.run()
    assert (before.reworked, changed.run().snapshots) == (0, before.snapshots)


def test_a_new_version_of_the_rules_is_applied_in_bounded_parts_that_go_on_where_they_stopped(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changed = lake(tmp_path / "lake", OLD)
    changed.run()
    before = changed.tables()
    monkeypatch.setattr(rules, "BOT_RULES", rules.BOT_RULES + 1)
    monkeypatch.setattr(rules, "VISITOR_DAYS_AT_ONCE", 2)
    monkeypatch.setattr(rules, "VISITOR_DAYS_A_RUN", 8)
    assert changed.run().reworked == 8
    ((reworked_to, version),) = changed.query("SELECT DISTINCT reworked_to, bot_rules FROM rules")
    assert (str(reworked_to), version) == ("2025-10-12", rules.BOT_RULES)
    assert changed.run().reworked == 4
    assert changed.query("SELECT DISTINCT reworked_to FROM rules") == [(None,)]
    assert changed.run().reworked == 0
    assert changed.tables() == before


def test_a_rework_that_is_killed_goes_on(tmp_path: Path, wanted: SmallLake, monkeypatch: pytest.MonkeyPatch) -> None:
    changed = lake(tmp_path / "lake", OLD)
    changed.run()
    changed.tenants = NEW
    monkeypatch.setattr(rules, "VISITOR_DAYS_AT_ONCE", 2)
    with pytest.raises(Killed):
        changed.run(kill_after("rework"))
    changed.run()
    assert changed.tables() == wanted.tables()


def test_a_lake_that_knows_no_rules_yet_is_worked_out_again(tmp_path: Path, wanted: SmallLake) -> None:
    from footfall.lake.catalog import open_catalog
    from footfall.lake.tables import DATABASE

    older = lake(tmp_path / "lake", OLD)
    older.run()
    open_catalog(older.lake).drop_table((DATABASE, "rules"))
    older.tenants = NEW
    assert older.run().reworked == 12
    assert older.tables() == wanted.tables()
