"""Kinds of pages: with a strict policy, of one page, with shadow roots, with forms, links and a search."""

import base64
import hashlib
import json
from collections.abc import Sequence
from typing import Any

import pytest

from footfall.local.shop import tracker_files
from tests.browser.chromium import Chromium, Remote
from tests.browser.front_door import Delivery
from tests.browser.world import Site, World


def _of(site: Site, name: str) -> list[dict[str, Any]]:
    """The properties of the events of a name; a page that goes may send one twice."""
    once = {event["id"]: event["properties"] for event in site.acknowledged() if event["name"] == name}
    return list(once.values())


def _leaves(deliveries: Sequence[Delivery]) -> int:
    stored = [event for one in deliveries if one.status == 200 for event in one.events]
    return len({event["id"] for event in stored if event["name"] == "page_leave"})


def test_a_policy_with_a_nonce_and_the_scripts_hash_lets_the_tracker_work(profile: Remote, site: Site) -> None:
    script = tracker_files.read(tracker_files.folder())["footfall.js"]
    digest = base64.b64encode(hashlib.sha384(script).digest()).decode()
    policy = (
        "default-src 'none'; script-src 'nonce-abc'; connect-src 'self'; img-src data:; "
        "require-trusted-types-for 'script'"
    )
    page = profile.remote("newPage")
    tag = f'<script nonce="abc" src="/footfall.js" integrity="sha384-{digest}" crossorigin="anonymous" async></script>'
    page.call("goto", site.page(script=tag, nonce="abc", headers={"content-security-policy": policy}, wait=50))
    site.wait_for("page_view")
    page.call("close")
    site.wait_for("page_leave")


def test_a_script_of_another_hash_is_not_run_and_the_page_goes_on(
    browser: Chromium, profile: Remote, site: Site
) -> None:
    page = profile.remote("newPage")
    tag = '<script src="/footfall.js" integrity="sha384-AAAA" crossorigin="anonymous"></script>'
    page.call("goto", site.page(script=tag, wait=50))
    page.evaluate("ff('track', 'kept in the page')")
    assert page.evaluate("ff.q.length") == 2
    assert site.deliveries == []
    (problem,) = [problem for problem in browser.problems() if "integrity" in problem]
    assert "blocked" in problem


def test_what_is_clicked_in_a_shadow_root_is_named_by_what_is_in_it(profile: Remote, site: Site) -> None:
    body = """<x-card></x-card><script>customElements.define("x-card", class extends HTMLElement {
      connectedCallback() { this.attachShadow({mode: "open"}).innerHTML =
        '<x-inner></x-inner><button data-ff="buy"><b>Buy</b></button>' } })</script>"""
    page = profile.remote("newPage")
    page.call("goto", site.page(body=body, wait=50))
    page.call("click", "x-card b")
    site.wait_for("click")
    assert [click["target"] for click in _of(site, "click")] == ['[data-ff="buy"]>b']


def test_an_application_of_one_page_with_addresses_of_its_own_has_a_page_view_for_each(
    profile: Remote, world: World
) -> None:
    shop = world.shop()
    known = len(shop.deliveries)
    page = profile.remote("newPage")
    page.call("goto", f"{world.door.url}/shop/planner")
    page.call("click", "#accept")
    page.call("click", "text=May")
    page.call("click", "text=July")
    page.call("goBack")
    page.wait_until("location.pathname.endsWith('may')")
    page.call("close")
    world.door.wait_for(shop.key, lambda deliveries: _leaves(deliveries[known:]) == 4)
    visitor = shop.visitor_since(known)
    rows = shop.rows(
        f"SELECT page_path, page_title, engaged_ms > 0 FROM page_views WHERE visitor = '{visitor}' ORDER BY position"
    )
    planner = "/shop/planner"
    assert [path for path, *_ in rows] == [planner, f"{planner}/may", f"{planner}/july", f"{planner}/may"]
    assert all(engaged for *_, engaged in rows)


def test_an_application_with_routes_behind_the_hash_has_a_page_view_for_each(profile: Remote, world: World) -> None:
    shop = world.shop()
    known = len(shop.deliveries)
    page = profile.remote("newPage")
    page.call("goto", f"{world.door.url}/shop/guides")
    page.call("click", "#accept")
    page.call("click", "text=Soil explained")
    page.call("click", "text=Water less")
    page.call("close")
    world.door.wait_for(shop.key, lambda deliveries: _leaves(deliveries[known:]) == 3)
    visitor = shop.visitor_since(known)
    rows = shop.rows(f"SELECT page_url FROM page_views WHERE visitor = '{visitor}' ORDER BY position")
    assert [url.partition("/shop/")[2] for (url,) in rows] == ["guides", "guides#/soil-explained", "guides#/water-less"]


def test_without_the_navigation_api_the_history_tells_of_pages_too(profile: Remote, site: Site) -> None:
    page = profile.remote("newPage")
    page.call("addInitScript", "Object.defineProperty(window, 'navigation', {value: undefined})")
    page.call("goto", site.page(wait=50))
    page.evaluate("history.pushState({a: 1}, '', 'pushed')")
    page.evaluate("history.replaceState({a: 2}, '', 'pushed?typed=1')")
    page.call("goBack")
    site.wait_for(*["page_view"] * 3)
    assert page.evaluate("history.length") > 1
    paths = [path for (path,) in site.rows("SELECT page_path FROM page_views ORDER BY position")]
    assert [path.rpartition("/")[2] for path in paths] == ["", "pushed", ""]


def test_forms_tell_their_fields_names_and_how_they_end(profile: Remote, site: Site) -> None:
    body = "<form id=order><input name=town><input name=card></form><form id=letter><input name=mail></form>"
    page = profile.remote("newPage")
    page.call("goto", site.page(body=body, wait=50))
    page.call("fill", "[name=town]", "Ulm")
    page.call("fill", "[name=card]", "4111")
    page.call("close")
    site.wait_for("form", "form", "page_leave")
    assert _of(site, "form") == [
        {"action": "start", "form": "order"},
        {"action": "abandon", "form": "order", "field": "card"},
    ]
    assert "Ulm" not in " ".join(one.body.decode() for one in site.deliveries)


def test_links_that_lead_away_and_downloads_are_told(profile: Remote, world: World) -> None:
    site = world.site()
    body = """<a id=out href="https://example.com/x?email=a@b.cd&utm_source=n">out</a> <a id=in href="#x">in</a>
      <a id=file href="/shop/price-list.csv" download>file</a>"""
    page = profile.remote("newPage")
    page.call("goto", site.page(body=body, wait=50))
    page.evaluate("addEventListener('click', (event) => event.preventDefault())")
    for name in ("out", "in", "file"):
        page.call("click", f"#{name}")
    site.wait_for("link", "link")
    told = [(link["kind"], link["href"].removeprefix(world.door.url)) for link in _of(site, "link")]
    assert told == [("outbound", "https://example.com/x?utm_source=n"), ("download", "/shop/price-list.csv")]


def test_a_search_is_told_and_the_address_is_kept_clean(profile: Remote, site: Site) -> None:
    page = profile.remote("newPage")
    page.call("goto", site.page("results", wait=50) + "?q=basil%20pot&token=secret&utm_source=news")
    site.wait_for("search")
    assert _of(site, "search") == [{"query": "basil pot"}]
    assert site.rows("SELECT page_url FROM page_views")[0][0].endswith("/results?utm_source=news")


def test_an_item_is_an_impression_once_it_was_half_in_view_for_a_second(profile: Remote, site: Site) -> None:
    item = '<div data-ff-item="{0}" data-ff-list="l" data-ff-position="{1}" style="height:300px">{0}</div>'
    body = item.format("seen", 1) + "<p style='height:2000px'></p>" + item.format("below", 2)
    page = profile.remote("newPage")
    page.call("goto", site.page(body=body, wait=50))
    page.evaluate(f"document.body.insertAdjacentHTML('afterbegin', {json.dumps(item.format('late', 3))})")
    site.wait_for("impression", "impression")
    found = sorted(_of(site, "impression"), key=lambda one: one["position"])
    assert found == [{"item": "seen", "list": "l", "position": 1}, {"item": "late", "list": "l", "position": 3}]


def test_an_error_of_the_page_is_told_once_and_still_seen_by_the_page(profile: Remote, site: Site) -> None:
    page = profile.remote("newPage")
    page.call("goto", site.page(wait=50))
    page.evaluate(
        "seen = []; addEventListener('error', (event) => { seen.push(event.message); event.preventDefault() })"
    )
    page.evaluate(
        "void setTimeout(() => { for (const a of [1, 2]) setTimeout(() => { throw Error('broken for a@b.cd') }) })"
    )
    site.wait_for("error")
    page.wait_until("seen.length === 2")
    page.evaluate("ff('track', 'done')")
    site.wait_for("done")
    (error,) = _of(site, "error")
    assert "broken" in error["message"]
    assert "a@b.cd" not in error["message"]


def test_a_page_that_breaks_what_the_tracker_needs_is_not_broken_by_the_tracker(profile: Remote, site: Site) -> None:
    page = profile.remote("newPage")
    head = """<script>
      for (const name of ["IntersectionObserver", "MutationObserver", "PerformanceObserver", "fetchLater"])
        delete window[name];
      crypto.randomUUID = undefined;
      navigator.sendBeacon = () => { throw Error("no") };
      Object.defineProperty(navigator, "locks", {value: undefined});
      </script>"""
    page.call("goto", site.page(head=head, body="<a href=#x id=x>x</a>", wait=50))
    page.call("click", "#x")
    page.evaluate("ff('nonsense', 1); ff('track'); ff('identify'); ff('track', 'big', {n: 1n})")
    page.evaluate("circle = {}; circle.circle = circle; void ff('track', 'circle', circle)")
    page.evaluate("ff('track', 'fine')")
    site.wait_for("page_view", "click", "fine")


@pytest.mark.parametrize("file", ["footfall-core.js", "footfall-core-mid.js", "footfall.js"])
def test_each_file_works_alone(profile: Remote, site: Site, file: str) -> None:
    page = profile.remote("newPage")
    page.call("goto", site.page(script=f'<script src="/{file}"></script>', wait=50))
    page.evaluate("ff('track', 'alone')")
    site.wait_for("page_view", "alone")


def test_web_vitals_are_told_by_a_file_that_is_loaded_only_where_they_are_wanted(profile: Remote, site: Site) -> None:
    page = profile.remote("newPage")
    page.call("goto", site.page(wait=50, vitals=True))
    page.call("click", "p")
    page.wait_until("performance.getEntriesByType('resource').some(({name}) => name.includes('web-vitals'))")
    page.call("close")
    site.wait_for("web_vital", "page_leave")
    assert {"FCP", "TTFB"} & {vital["metric"] for vital in _of(site, "web_vital")}
