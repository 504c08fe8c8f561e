"""Nothing recorded is lost on the way: and a tracker that only sends beacons, in the same weather, loses events."""

import pytest

from tests.browser import delivery
from tests.browser.chromium import BrowserError, Remote
from tests.browser.delivery import EVENT, OURS, SCENARIOS, play
from tests.browser.world import Site


@pytest.mark.parametrize("name", SCENARIOS)
def test_all_that_was_recorded_is_in_the_lake_once(profile: Remote, site: Site, name: str) -> None:
    delivered = play(SCENARIOS[name], profile, site, OURS)
    assert delivered.lost == 0
    found = site.rows(f"SELECT count(*), count(DISTINCT event_id) FROM events WHERE name = '{EVENT}'")
    assert found == [(delivered.recorded, delivered.recorded)]


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_tracker_that_only_sends_beacons_loses_some(
    profile: Remote, site: Site, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    delivered = play(SCENARIOS[name], profile, site, delivery.beacon(), patience=2)
    with capsys.disabled():
        print(f"\n{name}: beacons alone lose {delivered.lost} of {delivered.recorded} events")
    assert delivered.lost > 0


def test_copies_are_stored_once_where_the_answers_were_lost(profile: Remote, site: Site) -> None:
    site.world.door.turn("unheard")
    page = profile.remote("newPage")
    page.call("goto", site.page(wait=50))
    page.evaluate("ff('track', 'once')")
    site.wait_for_attempts(2)
    site.world.door.turn("fair")
    site.wait_for("page_view", "once")
    sent = [event["id"] for one in site.deliveries for event in one.events if event["name"] == "once"]
    assert len(sent) > 1
    assert len(set(sent)) == 1
    assert site.rows("SELECT count(*) FROM events WHERE name = 'once'") == [(1,)]


def test_a_collector_that_is_down_for_a_while_is_asked_again_and_not_at_once(profile: Remote, site: Site) -> None:
    site.world.door.turn("unavailable", retry_after="2")
    page = profile.remote("newPage")
    page.call("goto", site.page(wait=50))
    page.evaluate("ff('track', 'kept')")
    site.wait_for_attempts(1)
    site.world.door.turn("fair")
    site.wait_for("page_view", "kept")
    first, second = (one.batch["sent_at"] for one in site.deliveries)
    assert second - first >= 2_000


def test_an_event_that_the_collector_refuses_does_not_hold_up_the_next(profile: Remote, site: Site) -> None:
    site.world.door.turn("refused")
    page = profile.remote("newPage")
    page.call("goto", site.page(wait=50))
    site.wait_for_attempts(1)
    page.wait_until("new Promise((done) => { ff('on', 'refused', () => done(true)); ff('track', 'bad') })")
    site.world.door.turn("fair")
    page.evaluate("ff('track', 'good')")
    site.wait_for("good")
    assert [event["name"] for event in site.acknowledged()] == ["good"]


def test_a_collector_that_hangs_is_left_alone_until_it_answers(profile: Remote, site: Site) -> None:
    site.world.door.turn("hanging")
    page = profile.remote("newPage")
    page.call("goto", site.page(wait=50))
    page.evaluate("ff('track', 'kept')")
    site.world.door.turn("fair")
    site.wait_for("page_view", "kept")


def test_events_of_a_crashed_page_are_sent_by_the_next_one(profile: Remote, site: Site) -> None:
    page = profile.remote("newPage")
    page.call("goto", site.page(wait=60_000))
    page.evaluate("ff('track', 'before the crash')")
    assert page.evaluate("Object.keys(localStorage).filter((key) => localStorage[key].includes('crash')).length") == 1
    assert site.deliveries == []
    with pytest.raises(BrowserError, match="crash"):
        page.call("goto", "chrome://crash")
    page.call("close")
    other = profile.remote("newPage")
    other.call("goto", site.page("next", wait=50))
    site.wait_for("before the crash")


def test_two_tabs_events_are_stored_once(profile: Remote, site: Site) -> None:
    pages = [profile.remote("newPage") for _ in range(2)]
    for tab, page in enumerate(pages):
        page.call("goto", site.page(f"tab{tab}", wait=50))
    for number in range(10):
        pages[number % 2].evaluate(f"ff('track', '{EVENT}', {{number: {number}}})")
    site.wait_for(*[EVENT] * 10, "page_view", "page_view")
    # A tab may find what the other has kept and not sent yet, and send it too: what comes twice is dropped.
    assert site.rows("SELECT count(*), count(DISTINCT visitor) FROM events WHERE level = 'high'") == [(10, 1)]


def test_another_origin_is_sent_to_without_a_preflight(profile: Remote, site: Site) -> None:
    door = site.world.door
    before = len(door.deliveries)
    page = profile.remote("newPage")
    page.call("goto", site.page(wait=50, url=f"http://localhost:{door.port}"))
    site.wait_for("page_view")
    page.call("close")
    site.wait_for("page_leave")
    assert {one.method for one in door.deliveries[before:]} == {"POST"}
