"""`footfall identities`, and all that follows from an unlink."""

import json
from typing import Any

import pytest
from typer.testing import CliRunner

from footfall.cli import build
from footfall.errors import FootfallError
from footfall.events.tenant_file import TenantFile
from footfall.local.etl_run import run_etl
from footfall.local.profile_loading import lake_profiles
from footfall.query.embedded import run
from tests.lakes import HOUR, NOON, SmallLake, event, line


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> SmallLake:
    """Ann's phone and laptop; on the laptop ben signed in an hour later. Another tenant has a visitor of that id."""
    made = SmallLake(tmp_path_factory.mktemp("lake") / "lake")
    for tenant in ("blog", "shop"):
        TenantFile(made.lake.tenants).add(tenant, 0)
    made.put("a", [
        line(event(NOON, "identify", user="ann", id="e1"), visitor="phone"),
        line(event(NOON, user="ann", id="e2"), event(NOON + HOUR, user="ben", id="e3"), visitor="laptop"),
        line(event(NOON, user="ben", id="e4"), visitor="laptop", tenant="blog"),
        line(event(NOON, user="ben", id="e5"),
             event(NOON + HOUR, "alias", user="ben", properties={"previous": "benny"}), visitor="tv"),
    ])  # fmt: skip
    run_etl(made.lake)
    return made


def footfall(lake: SmallLake, *arguments: str) -> str:
    command = ["identities", *arguments, "--lake", str(lake.lake.root), "--tenant", "shop"]
    done = CliRunner().invoke(build(), command, catch_exceptions=False)
    assert done.exit_code == 0, done.output
    return done.stdout


def listed(lake: SmallLake, *arguments: str) -> list[tuple[str, str]]:
    return [(row["visitor"], row["user_id"]) for row in json.loads(footfall(lake, "list", "--json", *arguments))]


def followers(lake: SmallLake) -> dict[str, Any]:
    """What reads the links: the persons of visits, and of profiles their users."""
    visits = run(
        lake.lake, "shop", "select visitor, user_id from sessions_by_person order by 1, started_at"
    ).to_pylist()
    people = run(lake.lake, "shop", "select user_id, visitors from persons order by user_id").to_pylist()
    return {
        "visits": [(row["visitor"], row["user_id"]) for row in visits],
        "persons": [(row["user_id"], row["visitors"]) for row in people],
        "profiles": {profile.visitor: profile.user_ids for profile in lake_profiles(lake.lake, "shop")},
    }


def test_links_are_listed_all_or_those_of_a_user(lake: SmallLake) -> None:
    all_of_them = [("benny", "ben"), ("laptop", "ann"), ("laptop", "ben"), ("phone", "ann"), ("tv", "ben")]
    assert listed(lake) == all_of_them
    assert listed(lake, "--user", "ann") == [("laptop", "ann"), ("phone", "ann")]
    assert listed(lake, "--most", "1") == all_of_them[:1]
    assert "laptop" in footfall(lake, "list")
    assert footfall(lake, "list", "--user", "eve").startswith("No visitor of shop is linked to eve")


def test_a_visitor_is_shown_with_the_events_that_say_who_it_is(lake: SmallLake) -> None:
    shown = json.loads(footfall(lake, "show", "laptop", "--json"))
    assert [(row["user_id"], row["cause"], row["event_id"]) for row in shown["links"]] == [
        ("ann", "event", "e2"),
        ("ben", "event", "e3"),
    ]
    assert "e3" in footfall(lake, "show", "laptop")
    assert "benny was given up for" in footfall(lake, "show", "benny")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("show", "nobody"), "no event says who the visitor 'nobody' of shop is"),
        (("unlink", "nobody", "ann"), "no event says who"),
        (("unlink", "phone", "ben"), "not linked to the user 'ben'; it is to: ann"),
    ],
)
def test_what_there_is_not_is_told(lake: SmallLake, arguments: tuple[str, ...], said: str) -> None:
    with pytest.raises(FootfallError, match=said):
        footfall(lake, *arguments)
    assert not (lake.lake.raw / "actions").exists()


def test_everything_follows_an_unlink_and_a_rebuild_gives_the_same(lake: SmallLake) -> None:
    assert followers(lake) == {
        "visits": [("laptop", "ann"), ("laptop", "ben"), ("phone", "ann"), ("tv", "ben"), ("tv", "ben")],
        "persons": [("ann", 1), ("ben", 2)],
        "profiles": {"laptop": ("ann", "ben"), "phone": ("ann",), "tv": ("ben",)},
    }

    assert "Next: footfall etl" in footfall(lake, "unlink", "laptop", "ben", "--by", "operator")
    assert run_etl(lake.lake).unlinks == 1

    after = followers(lake)
    assert after == {
        "visits": [("laptop", "ann"), ("laptop", "ann"), ("phone", "ann"), ("tv", "ben"), ("tv", "ben")],
        "persons": [("ann", 2), ("ben", 1)],
        "profiles": {"laptop": ("ann",), "phone": ("ann",), "tv": ("ben",)},
    }
    shown = json.loads(footfall(lake, "show", "laptop", "--json"))
    assert [row["undone_at"] is None for row in shown["links"]] == [True, False]
    assert lake.query("SELECT count(*) FROM identities WHERE tenant = 'blog' AND undone_at IS NOT NULL") == [(0,)]
    with pytest.raises(FootfallError, match="it is to: ann"):
        footfall(lake, "unlink", "laptop", "ben")
    tables = lake.tables()
    run_etl(lake.lake, rebuild=True)
    assert lake.tables() == tables
    assert followers(lake) == after
