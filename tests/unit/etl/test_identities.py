"""The rules of docs/identity.md: which visitor is which user, from when, and who is one person."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from footfall.etl.unlinks import UNLINK, Unlink
from footfall.events.raw_line import RawEvent
from footfall.query.embedded import run
from tests.lakes import DAY, HOUR, MINUTE, NOON, SmallLake, event, line


@pytest.fixture
def lake(tmp_path: Path) -> SmallLake:
    return SmallLake(tmp_path / "lake")


def named(time: int, user: str, name: str = "click") -> RawEvent:
    return event(time, name, user=user, id=f"{name}-{user}-{time}")


def alias(time: int, previous: str, user: str) -> RawEvent:
    return event(time, "alias", user=user, id=f"{previous}-{user}-{time}", properties={"previous": previous})


def links(lake: SmallLake) -> list[tuple[str, str, float | None, float | None]]:
    """Visitor, user, and the hours since noon from when and until when it holds (None: always)."""
    rows = run(lake.lake, "shop", "select * from identities_now order by visitor, linked_at, event_id").to_pylist()
    return [(row["visitor"], row["user_id"], hours(row["from_time"]), hours(row["until_time"])) for row in rows]


def hours(time: datetime | None) -> float | None:
    if time is None or time == datetime(1970, 1, 1):  # noqa: DTZ001 - the lake's times have no zone
        return None
    return (time.replace(tzinfo=UTC).timestamp() * 1000 - NOON) / HOUR


def persons(lake: SmallLake) -> dict[str, str]:
    """The person of each visitor's last link, by the least visitor that shares it."""
    rows = run(lake.lake, "shop", "select visitor, person from identities_now where until_time is null").to_pylist()
    by_person: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: str(row["visitor"])):
        by_person.setdefault(row["person"], row["visitor"])
    return {row["visitor"]: by_person[row["person"]] for row in rows}


def test_the_history_before_the_first_identify_belongs_to_the_first_user_only(lake: SmallLake) -> None:
    lake.put("a", [line(event(NOON - DAY), named(NOON, "ann", "identify"), named(NOON + HOUR, "ben", "identify"))])
    lake.run()
    assert links(lake) == [("v", "ann", None, 1.0), ("v", "ben", 1.0, None)]


def test_a_user_who_comes_back_after_another_has_two_links(lake: SmallLake) -> None:
    lake.put("a", [line(named(NOON, "ann"), named(NOON + HOUR, "ben"), named(NOON + 2 * HOUR, "ann"))])
    lake.run()
    assert links(lake) == [("v", "ann", None, 1.0), ("v", "ben", 1.0, 2.0), ("v", "ann", 2.0, None)]


def test_events_of_many_days_that_name_one_user_are_one_link(lake: SmallLake) -> None:
    lake.put("a", [line(named(NOON, "ann"), named(NOON + DAY, "ann"), named(NOON + 9 * DAY, "ann"))])
    lake.run()
    assert links(lake) == [("v", "ann", None, None)]


def test_a_late_event_parts_the_link_that_it_falls_into(lake: SmallLake) -> None:
    lake.put("a", [line(named(NOON, "ann"), named(NOON + 2 * HOUR, "ann"))])
    lake.run()
    lake.put("b", [line(named(NOON + HOUR, "ben"), received=NOON + 3 * DAY)])
    lake.run()
    assert links(lake) == [("v", "ann", None, 1.0), ("v", "ben", 1.0, 2.0), ("v", "ann", 2.0, None)]


def test_the_devices_of_one_user_are_one_person(lake: SmallLake) -> None:
    lake.put("a", [line(named(NOON, "ann"), visitor="phone"), line(named(NOON + HOUR, "ann"), visitor="laptop")])
    lake.put("b", [line(named(NOON, "ben"), visitor="tv")])
    lake.run()
    assert persons(lake) == {"phone": "laptop", "laptop": "laptop", "tv": "tv"}


def test_users_of_one_name_of_two_tenants_are_two_persons(lake: SmallLake) -> None:
    lake.put("a", [line(named(NOON, "ann")), line(named(NOON, "ann"), tenant="blog")])
    lake.run()
    assert len({person for (person,) in lake.query("SELECT person FROM identities")}) == 2


def test_a_chain_of_aliases_makes_one_person_of_its_users(lake: SmallLake) -> None:
    lake.put("a", [line(named(NOON, f"u{n}"), visitor=f"v{n}") for n in range(4)])
    lake.put("b", [line(alias(NOON + n * MINUTE, f"u{n}", f"u{n + 1}"), visitor="x") for n in (2, 0, 1)])
    lake.run()
    found = persons(lake)
    assert {found[f"v{n}"] for n in range(4)} == {found["v3"]}


def test_an_alias_links_the_visitor_that_it_names_from_its_time_on(lake: SmallLake) -> None:
    lake.put("a", [line(event(NOON - DAY), visitor="old"), line(alias(NOON, "old", "ann"))])
    lake.run()
    assert ("old", "ann", None, None) in links(lake)


def test_the_latest_alias_of_an_id_counts(lake: SmallLake) -> None:
    lake.put("a", [line(named(NOON, user), visitor=f"v{user}") for user in "abc"])
    lake.put("b", [line(alias(NOON + HOUR, "a", "c"), visitor="x")])
    lake.run()
    lake.put("c", [line(alias(NOON + MINUTE, "a", "b"), visitor="x", received=NOON + DAY)])
    lake.run()
    found = persons(lake)
    assert found["va"] == found["vc"] != found["vb"]


@pytest.mark.parametrize("length", [1, 2, 3, 8])
def test_a_circle_of_aliases_is_one_person(lake: SmallLake, length: int) -> None:
    users = [f"u{number}" for number in range(length)]
    lake.put("a", [line(named(NOON, user), visitor=f"v-{user}") for user in [*users, "tail"]])
    circle = [alias(NOON + number, users[number - 1], user) for number, user in enumerate(users)]
    lake.put("b", [line(*circle, alias(NOON + HOUR, "tail", "u0"), visitor="x")])
    lake.run()
    found = persons(lake)
    assert len({found[f"v-{user}"] for user in [*users, "tail"]}) == 1


def test_a_chain_is_followed_for_eight_aliases_and_no_more(lake: SmallLake) -> None:
    users = [f"u{number:02}" for number in range(12)]
    lake.put("a", [line(named(NOON, user), visitor=f"v-{user}") for user in users])
    lake.put("b", [line(*(alias(NOON + n, users[n], users[n + 1]) for n in range(11)), visitor="x")])
    lake.run()
    found = persons(lake)
    assert {found[f"v-{user}"] for user in users[3:]} == {found["v-u11"]}
    assert found["v-u00"] != found["v-u11"]


def test_an_unlink_undoes_what_was_said_until_then_and_a_later_event_links_anew(lake: SmallLake) -> None:
    lake.put("a", [line(named(NOON, "ann"), named(NOON + HOUR, "ben"), named(NOON + 2 * HOUR, "ann"))])
    lake.run()
    lake.actions.record(UNLINK, "shop", NOON + 3 * HOUR, Unlink("v", "ben"))
    assert lake.run().unlinks == 1
    assert links(lake) == [("v", "ann", None, None)]
    lake.put("b", [line(named(NOON + DAY, "ben"))])
    lake.run()
    assert links(lake) == [("v", "ann", None, 24.0), ("v", "ben", 24.0, None)]


def test_an_unlink_holds_for_what_comes_late(lake: SmallLake) -> None:
    lake.put("a", [line(named(NOON, "ann"))])
    lake.run()
    lake.actions.record(UNLINK, "shop", NOON + DAY, Unlink("v", "ben"))
    lake.run()
    lake.put("b", [line(named(NOON + HOUR, "ben"), received=NOON + 2 * DAY)])
    lake.run()
    assert links(lake) == [("v", "ann", None, None)]


def test_an_alias_that_is_undone_parts_its_users_again(lake: SmallLake) -> None:
    lake.put("a", [line(named(NOON, "a"), visitor="va"), line(named(NOON, "b"), visitor="vb")])
    lake.put("b", [line(alias(NOON + HOUR, "a", "b"), visitor="x")])
    lake.run()
    assert persons(lake)["va"] == persons(lake)["vb"]
    lake.actions.record(UNLINK, "shop", NOON + DAY, Unlink("a", "b"))
    lake.run()
    assert persons(lake)["va"] != persons(lake)["vb"]


def test_unlinks_that_are_carried_out_are_not_carried_out_again(lake: SmallLake) -> None:
    lake.put("a", [line(named(NOON, "ann"))])
    lake.actions.record(UNLINK, "shop", NOON + DAY, Unlink("v", "ann"))
    lake.run()
    before = lake.run().snapshots
    lake.put("b", [line(named(NOON, "ben"), visitor="w")])
    lake.run()
    again = lake.run()
    assert again.unlinks == 0
    assert again.snapshots["identities"] != before["identities"]
    assert lake.run().snapshots == again.snapshots


def test_what_is_said_of_an_item_is_no_visit(lake: SmallLake) -> None:
    said = {"entityType": "item", "entityId": "i", "price": 3}
    lake.put("a", [line(event(NOON, "$set", properties=said), protocol="predictionio", visitor="")])
    lake.run()
    assert lake.query("SELECT count(*) FROM events") == [(1,)]
    assert lake.query("SELECT count(*) FROM sessions") == [(0,)]
    assert lake.query("SELECT count(*) FROM visitor_days") == [(0,)]


def test_the_example_of_the_docs_comes_out_as_it_says(lake: SmallLake) -> None:
    monday, tuesday, wednesday, thursday = (NOON + day * DAY for day in range(4))
    lake.put("a", [
        line(event(monday - 130 * MINUTE, "page_view"), named(monday - 2 * HOUR, "ann", "identify"), visitor="tablet"),
        line(named(tuesday + 8 * HOUR, "ben", "identify"), visitor="tablet"),
        line(event(wednesday - 65 * MINUTE, "page_view"), named(wednesday - HOUR, "ann", "purchase"), visitor="tablet"),
        line(named(wednesday, "ann", "identify"), visitor="phone"),
        line(alias(thursday, "ann", "anne"), visitor="phone"),
    ])  # fmt: skip
    lake.run()
    assert [link for link in links(lake) if link[0] != "ann"] == [
        ("phone", "ann", None, 72.0),
        ("phone", "anne", 72.0, None),
        ("tablet", "ann", None, 32.0),
        ("tablet", "ben", 32.0, 47.0),
        ("tablet", "ann", 47.0, None),
    ]
    people = run(lake.lake, "shop", "select user_id, visitors, sessions from persons order by user_id").to_pylist()
    assert [tuple(row.values()) for row in people] == [("anne", 2, 4), ("ben", 1, 1)]
    visits = run(
        lake.lake, "shop", "select user_id from sessions_by_person where visitor = 'tablet' order by started_at"
    )
    assert visits.column("user_id").to_pylist() == ["ann", "ben", "ann"]
