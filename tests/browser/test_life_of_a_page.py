"""What may happen to a page: closed at once, hidden, cached, prerendered, scripted late, denied its storage."""

import pytest

from tests.browser.chromium import Remote
from tests.browser.world import Site, quiet


def _names(site: Site) -> list[str]:
    return [event["name"] for event in site.acknowledged()]


def test_a_tab_that_is_closed_at_once_has_told_its_page_view_and_its_end(profile: Remote, site: Site) -> None:
    page = profile.remote("newPage")
    page.call("goto", site.page())
    page.call("close")
    site.wait_for("page_view", "page_leave")
    assert site.rows("SELECT page_views, mid_events FROM sessions") == [(1, 2)]


def test_what_a_page_does_before_the_tracker_has_loaded_is_recorded_as_of_then(profile: Remote, site: Site) -> None:
    page = profile.remote("newPage")
    page.call("goto", site.page(script="<script>ff('track', 'early', {n: 1}); then = Date.now()</script>", wait=50))
    page.wait_until("Date.now() > window.then + 300")
    page.call("addScriptTag", {"url": "/footfall.js"})
    site.wait_for("page_view", "early")
    (event,) = [event for event in site.acknowledged() if event["name"] == "early"]
    assert abs(event["time"] - page.evaluate("window.then")) < 100
    assert event["properties"] == {"n": 1}


def test_a_page_that_comes_back_from_the_cache_is_another_page_view(profile: Remote, site: Site) -> None:
    page = profile.remote("newPage")
    page.call("goto", site.page(wait=50))
    page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    site.wait_for("page_view", "page_leave")
    page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    page.evaluate("ff('track', 'after')")
    site.wait_for("page_view", "page_view", "after")
    rows = site.rows("SELECT name FROM events WHERE level <> 'low' ORDER BY event_time, event_id")
    assert [name for (name,) in rows] == ["page_view", "page_leave", "page_view", "after"]


def test_a_tab_in_the_background_is_not_engaged_and_goes_on_when_it_is_seen_again(profile: Remote, site: Site) -> None:
    page = profile.remote("newPage")
    page.call("clock.install", {"time": page.evaluate("Date.now() - 50_000")})
    page.call("goto", site.page(wait=50))
    page.call("clock.runFor", 4_000)
    _show(page, hidden=True)
    page.call("clock.runFor", 20_000)
    _show(page, hidden=False)
    page.call("clock.runFor", 3_000)
    page.call("close")
    site.wait_for("page_view", "page_leave")
    ((engaged,),) = site.rows("SELECT engaged_ms FROM page_views")
    assert engaged == pytest.approx(7_000, abs=1_000)


def _show(page: Remote, *, hidden: bool) -> None:
    """This browser has no window to put another before: the page is told so."""
    state = "Object.defineProperty(document, 'visibilityState', {value: 'hidden', configurable: true})"
    page.evaluate(state if hidden else "delete document.visibilityState")
    page.evaluate("document.dispatchEvent(new Event('visibilitychange', {bubbles: true}))")


def test_somebody_who_has_left_the_desk_is_engaged_for_half_a_minute_more(profile: Remote, site: Site) -> None:
    page = profile.remote("newPage")
    page.call("clock.install", {"time": page.evaluate("Date.now() - 55_000")})
    page.call("goto", site.page(wait=50))
    page.call("clock.runFor", 48_000)
    page.call("close")
    site.wait_for("page_view", "engagement", "engagement", "page_leave")
    ((engaged,),) = site.rows("SELECT engaged_ms FROM page_views")
    assert engaged == pytest.approx(30_000, abs=1_000)


def test_a_page_that_is_prerendered_counts_once_it_is_seen(profile: Remote, site: Site) -> None:
    page = profile.remote("newPage")
    page.call("addInitScript", "Object.defineProperty(document, 'prerendering', {value: true, configurable: true})")
    page.call("clock.install")
    page.call("goto", site.page(wait=50))
    page.evaluate("ff('track', 'while prerendered')")
    quiet(page, site)
    assert site.deliveries == []
    page.evaluate("delete document.prerendering; document.dispatchEvent(new Event('prerenderingchange'))")
    site.wait_for("page_view", "while prerendered")


DENIED = {
    "all": ["localStorage", "sessionStorage", "indexedDB"],
    "localStorage": ["localStorage", "sessionStorage"],
    "IndexedDB": ["indexedDB"],
}


@pytest.mark.parametrize("name", DENIED)
def test_storage_that_is_denied_costs_no_event(profile: Remote, site: Site, name: str) -> None:
    for area in DENIED[name]:
        denied = "{get() { throw new DOMException('denied', 'SecurityError') }}"
        profile.call("addInitScript", f"Object.defineProperty(window, '{area}', {denied})")
    page = profile.remote("newPage")
    page.call("goto", site.page(wait=50))
    page.evaluate("ff('track', 'kept')")
    site.wait_for("page_view", "kept")
    page.call("goto", site.page("second", wait=50))
    site.wait_for("page_view", "page_view", "page_leave")
    assert site.rows("SELECT count(DISTINCT visitor), count(*) FROM events WHERE name = 'page_view'") == [(1, 2)]


def test_a_visitor_is_the_same_on_the_next_page_and_another_in_another_browser(profile: Remote, site: Site) -> None:
    address = site.page(wait=50)
    for _ in range(2):
        page = profile.remote("newPage")
        page.call("goto", address)
    other = profile.remote("browser").remote("newContext").remote("newPage")
    other.call("goto", address)
    site.wait_for(*["page_view"] * 3)
    assert site.rows("SELECT count(DISTINCT visitor), count(DISTINCT session_id) FROM page_views") == [(2, 2)]
    other.remote("context").call("close")


def test_signing_in_names_the_user_and_signing_out_makes_another_visitor(profile: Remote, site: Site) -> None:
    page = profile.remote("newPage")
    page.call("goto", site.page(wait=50))
    page.evaluate("ff('identify', 'user-7', {plan: 'free'}); ff('track', 'signed in')")
    page.evaluate("ff('reset'); ff('track', 'signed out')")
    site.wait_for("identify", "signed in", "signed out")
    rows = site.rows("SELECT name, user_id, visitor FROM events WHERE level = 'high' ORDER BY event_time, event_id")
    assert [(name, user) for name, user, _ in rows] == [
        ("identify", "user-7"), ("signed in", "user-7"), ("signed out", None)
    ]  # fmt: skip
    assert len({visitor for *_, visitor in rows}) == 2
