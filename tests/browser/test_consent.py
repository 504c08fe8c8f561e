"""What the visitor wants, and what of it reaches the lake."""

from typing import Any

import pytest

from tests.browser.chromium import Chromium, Remote
from tests.browser.world import Site, quiet


def _stored(page: Remote) -> list[str]:
    found: list[str] = page.evaluate("[...Object.keys(localStorage), ...document.cookie.split('; ').filter(Boolean)]")
    return found


def test_until_the_visitor_has_said_yes_nothing_is_sent_or_kept_and_then_all_is_sent(
    profile: Remote, site: Site
) -> None:
    page = profile.remote("newPage")
    page.call("clock.install")
    page.call("goto", site.page(wait=50, consent="hold"))
    page.evaluate("ff('track', 'held')")
    quiet(page, site)
    assert site.deliveries == []
    assert _stored(page) == []
    page.evaluate("ff('consent', 'granted')")
    site.wait_for("page_view", "held")
    assert site.rows("SELECT DISTINCT consent FROM events") == [("granted",)]
    page.call("goto", site.page("later", wait=50, consent="hold"))
    site.wait_for("page_view", "page_view")


def test_what_was_held_is_dropped_on_a_no_and_a_later_yes_begins_anew(profile: Remote, site: Site) -> None:
    page = profile.remote("newPage")
    page.call("clock.install")
    page.call("goto", site.page(wait=50, consent="hold"))
    page.evaluate("ff('track', 'before'); ff('consent', 'denied'); ff('track', 'against the will')")
    page.call("goto", site.page("next", wait=50, consent="hold"))
    quiet(page, site)
    assert site.deliveries == []
    page.evaluate("ff('consent', 'granted'); ff('track', 'with consent')")
    site.wait_for("with consent")
    assert {event["name"] for event in site.acknowledged()} <= {"with consent", "page_view", "engagement"}


def test_an_anonymous_site_keeps_nothing_in_the_browser(profile: Remote, site: Site) -> None:
    page = profile.remote("newPage")
    for path in ("one", "two"):
        page.call("goto", site.page(path, wait=50, anonymous=True))
        site.wait_for(*["page_view"] * (1 if path == "one" else 2))
        assert _stored(page) == []
        assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0
    assert site.rows("SELECT count(DISTINCT visitor) FROM page_views") == [(2,)]


GPC = "Object.defineProperty(Navigator.prototype, 'globalPrivacyControl', {get: () => true})"
DNT = "Object.defineProperty(Navigator.prototype, 'doNotTrack', {get: () => '1'})"


@pytest.mark.parametrize(
    ("signal", "settings", "sends"),
    [
        (GPC, {}, False),
        (GPC, {"signals": ["dnt"]}, True),
        (DNT, {}, True),
        (DNT, {"signals": ["gpc", "dnt"]}, False),
    ],
    ids=["GPC counts", "GPC need not", "DNT need not", "DNT may count"],
)
def test_the_browsers_signal_is_a_no_where_the_site_heeds_it(
    profile: Remote, site: Site, signal: str, settings: dict[str, Any], sends: bool
) -> None:
    page = profile.remote("newPage")
    page.call("addInitScript", signal)
    page.call("clock.install")
    page.call("goto", site.page(wait=50, **settings))
    page.evaluate("ff('track', 'seen')")
    if sends:
        site.wait_for("page_view", "seen")
    else:
        quiet(page, site)
        assert site.deliveries == []


def test_a_denial_may_leave_events_that_nobody_can_be_known_by(profile: Remote, site: Site) -> None:
    page = profile.remote("newPage")
    page.call("addInitScript", GPC)
    profile.call("setExtraHTTPHeaders", {"Sec-GPC": "1"})
    page.call("goto", site.page(wait=50, denied="anonymous"))
    page.evaluate("ff('identify', 'user-7'); ff('track', 'seen')")
    site.wait_for("page_view", "seen")
    assert all("user" not in one.batch for one in site.deliveries)
    assert _stored(page) in ([], ["ff_consent"])
    assert site.rows("SELECT DISTINCT user_id FROM events") == [(None,)]


def test_a_browser_that_is_automated_says_so_on_its_page_views_only(site: Site) -> None:
    with Chromium(args=()) as automated:
        page = automated.context().remote("newPage")
        assert page.evaluate("navigator.webdriver") is True
        page.call("goto", site.page(wait=50))
        page.evaluate("ff('track', 'other')")
        site.wait_for("page_view", "other")
    found = {event["name"]: event["properties"] for event in site.acknowledged()}
    assert found["page_view"] == {"webdriver": True}
    assert found["other"] == {}


def test_a_page_view_of_a_person_has_no_such_flag(profile: Remote, site: Site) -> None:
    page = profile.remote("newPage")
    page.call("goto", site.page(wait=50))
    site.wait_for("page_view")
    assert site.acknowledged()[0]["properties"] == {}


def test_what_is_masked_or_ignored_is_not_told(profile: Remote, site: Site) -> None:
    body = (
        "<div data-ff-ignore><button id=ignored>x</button></div>"
        "<div data-ff-mask id=account><button id=secret>Ann's account</button></div><button id=plain>x</button>"
        "<form id=card><input name=number value=4111><button>Pay</button></form>"
    )
    page = profile.remote("newPage")
    page.call("goto", site.page(body=body, wait=50))
    for name in ("ignored", "secret", "plain"):
        page.call("click", f"#{name}")
    page.call("fill", "[name=number]", "4111 1111")
    page.call("close")
    site.wait_for("click", "click", "page_leave")
    told = " ".join(one.body.decode() for one in site.deliveries)
    assert "plain" in told
    assert "account" in told
    for word in ("ignored", "secret", "Ann", "4111"):
        assert word not in told
