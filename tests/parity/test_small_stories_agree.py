"""Promise 3 where public files and the simulation say nothing: tabs, vitals, bots of each kind, cells, new rules."""

import shutil
from pathlib import Path

import pytest

from footfall.events.tenant_toml import render
from footfall.events.tenants import Tenant
from footfall.lake.layout import open_lake
from footfall.local.etl_run import run_etl
from tests.lakes import DERIVED_FROM_RAW, MINUTE, NOON, SmallLake, event, line
from tests.unit.etl import test_bots, test_heatmap, test_page_views

pytestmark = [pytest.mark.spark, pytest.mark.timeout(1_500)]
BEFORE = Tenant("shop", salt="s", session_gap_seconds=600)
AFTER = Tenant("shop", salt="s", goals=("signup",))
# Nothing is rejected in the stories, and nobody is named in them: test_identities_and_entities.py does that.
UNTOLD = ("quarantine", "entities", "identities", "aliases")


def test_both_engines_tell_the_same_stories_and_take_up_new_rules(tmp_path: Path) -> None:
    embedded = SmallLake(tmp_path / "embedded", [BEFORE])
    bots = [test_bots.told(name, events, fields) for name, (events, fields, _) in test_bots.STORIES.items()]
    pages = [line(*events, visitor=f"tabs {name}", received=NOON + 2 * MINUTE, country="CH")
             for name, (events, _) in test_page_views.STORIES.items()]  # fmt: skip
    vitals = line(*test_page_views.VITALS, visitor="vitals", received=NOON + 2 * MINUTE)
    goods = event(NOON, "purchase", id="goods", properties={"items": ["a", {"item": "b", "quantity": 2, "value": 1.5}]})
    signs = [event(NOON, "signup", id="one"), event(NOON + 20 * MINUTE, "signup", id="two")]
    ways = [test_heatmap.moved(1, [(0, 0, 100), (200, 400, 100), (230, 400, 333)]), test_heatmap.click(2, 7, 70)]
    embedded.put("a", [*bots, *pages, vitals, line(goods, *signs, visitor="buyer"), line(*ways, visitor="pointing")])
    spark = open_lake(tmp_path / "spark", create=True)
    shutil.copytree(embedded.lake.raw, spark.raw, dirs_exist_ok=True)

    for tenant, reworked in ((BEFORE, False), (AFTER, True)):
        embedded.tenants = (tenant,)
        spark.tenants.write_text(render([tenant]))
        ours, theirs = embedded.run(), run_etl(spark, "spark")
        assert (theirs.objects, theirs.reworked) == (ours.objects, ours.reworked)
        assert bool(ours.reworked) == reworked
        other = SmallLake.__new__(SmallLake)
        other.lake = spark
        found, expected = other.tables(), embedded.tables()
        for name in DERIVED_FROM_RAW:
            assert expected[name] or name in UNTOLD, name
            assert found[name] == expected[name], name
