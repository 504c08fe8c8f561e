"""Snowplow's browser tracker in a real Chromium, on a page of another origin: what it sends, and what it does then."""

import subprocess
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from footfall.events.raw_line import RawEvent, RawLine
from footfall.events.reasons import Reason
from footfall.protocols.messages import Request, Response
from footfall.protocols.snowplow import POST_PATH, Snowplow
from tests.browser import chromium
from tests.browser.chromium import Chromium, Remote

REPOSITORY = Path(__file__).resolve().parents[2]
LIBRARY = REPOSITORY / "node_modules/@snowplow/browser-tracker/dist/index.umd.min.js"
CART = "iglu:com.acme/cart/jsonschema/1-0-0"
WISHED = "iglu:com.acme/wished/jsonschema/1-0-1"
Stored = Callable[[], list[RawLine]]

pytestmark = pytest.mark.skipif(chromium.MISSING or not LIBRARY.exists(), reason="no Chromium: make setup")


@pytest.fixture(scope="module")
def browser() -> Iterator[Chromium]:
    # Started by its path alone: the package's own switches let a page read any origin's answers.
    where = "import('@sparticuz/chromium').then((packed) => packed.default.executablePath()).then(console.log)"
    found = subprocess.run(["node", "-e", where], cwd=REPOSITORY, capture_output=True, text=True, check=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CHROMIUM", found.stdout.strip())
        with Chromium() as started:
            yield started


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        """Say nothing."""


@pytest.fixture
def page(browser: Chromium, tmp_path: Path) -> Iterator[Remote]:
    """A page with the library, of an origin that is not the collector's; what fails is told in `window.failures`."""
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("<title>A</title><script src=sp.js></script><p style='height:3000px'>")
    (folder / "sp.js").write_bytes(LIBRARY.read_bytes())
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Files, directory=str(folder)))
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    context = browser.context(viewport={"width": 1000, "height": 700})
    opened = context.remote("newPage")
    opened.call("goto", f"http://localhost:{server.server_port}/")
    yield opened
    context.call("close")
    server.shutdown()
    server.server_close()
    thread.join()


# After five seconds without an answer the tracker gives a request up, and tries again only with the next event. Here it
# is a busy machine that answers late.
START = """(url, key, more) => {
    window.failures = []; window.successes = 0;
    snowplowBrowserTracking.newTracker("sp", url, {
        appId: key, eventMethod: "post", discoverRootDomain: false, connectionTimeout: 60000,
        onRequestFailure: (data) => failures.push([data.status, data.willRetry]),
        onRequestSuccess: (batch) => { successes += batch.length },
        ...more,
    });
}"""
QUEUES = "Object.keys(localStorage).filter((name) => name.startsWith('snowplowOutQueue'))"
QUEUES_EMPTY = f"{QUEUES}.length > 0 && {QUEUES}.every((name) => localStorage[name] === '[]')"


@pytest.fixture
def start(page: Remote, door: Any, write_key: str) -> Callable[..., None]:
    def begin(key: str = write_key, **more: Any) -> None:
        page.evaluate(START, door.url, key, more)

    return begin


def track(page: Remote, function: str, *arguments: Any) -> None:
    page.evaluate(f"(...given) => snowplowBrowserTracking.{function}(...given)", *arguments)


def events(lines: list[RawLine]) -> dict[str, RawEvent]:
    return {event.name: event for line in lines for event in line.events}


@pytest.mark.parametrize("method", ["post", "get"])
def test_every_kind_of_event_is_stored(
    page: Remote, start: Callable[..., None], door: Any, stored: Stored, method: str
) -> None:
    start(eventMethod=method)
    track(page, "setUserId", "u-1")
    track(page, "enableActivityTracking", {"minimumVisitLength": 1, "heartbeatDelay": 1})
    track(page, "trackPageView", {"context": [{"schema": CART, "data": {"items": 2, "note": "ü>?"}}]})
    added = {"category": "shop", "action": "add-to-basket", "label": "web", "property": "pc", "value": 19.5}
    track(page, "trackStructEvent", added)
    track(page, "trackSelfDescribingEvent", {"event": {"schema": WISHED, "data": {"sku": "s-1"}}})
    page.call("mouse.wheel", 0, 500)
    page.call("mouse.move", 100, 100)
    page.wait_until("successes >= 4")
    assert page.evaluate("failures") == []
    address = page.call("url")

    lines = stored()
    assert [rejected for line in lines for rejected in line.rejected] == []
    found = events(lines)
    assert set(found) == {"page_view", "add-to-basket", "wished", "page_ping"}
    assert {(event.user, event.level) for event in found.values()} == {("u-1", "mid"), ("u-1", "high")}
    assert len({event.visitor for event in found.values()}) == 1
    assert not next(iter(found.values())).visitor.startswith(("user:", "event:"))
    view = found["page_view"]
    assert view.page is not None
    assert (view.page.url, view.page.title) == (address, "A")
    assert {"schema": CART, "data": {"items": 2, "note": "ü>?"}} in view.properties["contexts"]
    assert {name: found["add-to-basket"].properties[name] for name in added} == added
    assert (found["wished"].properties["sku"], found["wished"].properties["schema"]) == ("s-1", WISHED)
    assert found["page_ping"].properties["pp_may"] > 0
    assert {line.library.name for line in lines} == {"js"}
    assert all(line.screen.width > 0 for line in lines)
    assert set(door.statuses) == {200}


def refusal(page: Remote, status: int, reason: Reason) -> Response:
    """As the collector answers this page: the tracker sends cookies along, so its origin is named."""
    request = Request("POST", POST_PATH, {"origin": page.evaluate("location.origin")}, b"")
    return Snowplow().refuse(request, status, reason, "later", {"retry-after": "1"})


@pytest.mark.parametrize(
    ("status", "reason"), [(429, Reason.QUOTA_EXCEEDED), (503, Reason.UNAVAILABLE), (500, Reason.INTERNAL_ERROR)]
)
def test_what_it_is_told_to_keep_it_sends_with_the_next_event(
    page: Remote, start: Callable[..., None], door: Any, stored: Stored, status: int, reason: Reason
) -> None:
    door.turned_away.append(refusal(page, status, reason))
    start()
    track(page, "trackPageView", {})
    page.wait_until("failures.length > 0")
    assert page.evaluate("failures") == [[status, True]]
    track(page, "trackStructEvent", {"category": "shop", "action": "buy"})
    page.wait_until("successes >= 2")
    assert set(events(stored())) == {"page_view", "buy"}
    assert door.statuses[0] == status
    assert set(door.statuses[1:]) == {200}


def test_what_it_keeps_outlives_the_page(page: Remote, start: Callable[..., None], door: Any, stored: Stored) -> None:
    door.turned_away.append(refusal(page, 503, Reason.UNAVAILABLE))
    start()
    track(page, "trackPageView", {})
    page.wait_until("failures.length > 0")
    page.call("reload")
    start()
    track(page, "trackStructEvent", {"category": "shop", "action": "buy"})
    # The page that went may have sent the first once more as it went.
    page.wait_until(f"successes > 0 && {QUEUES_EMPTY}")
    assert set(events(stored())) == {"page_view", "buy"}


def test_an_answer_that_does_not_name_its_origin_is_none_to_the_page(
    page: Remote, start: Callable[..., None], door: Any
) -> None:
    named = refusal(page, 503, Reason.UNAVAILABLE)
    headers = {**named.headers, "access-control-allow-origin": "*"}
    door.turned_away.append(Response(503, headers, named.body))
    start()
    track(page, "trackPageView", {})
    page.wait_until("failures.length > 0")
    assert page.evaluate("failures") == [[None, True]]


def test_it_drops_what_is_refused_for_good(
    page: Remote, start: Callable[..., None], door: Any, stored: Stored, write_key: str
) -> None:
    start("ffk_nobody")
    track(page, "trackPageView", {})
    page.wait_until("failures.length > 0")
    assert page.evaluate("failures") == [[401, False]]
    page.wait_until(QUEUES_EMPTY)
    assert door.statuses == [401]
    assert stored() == []
