"""One browser and one collector a test run; a profile and a site of its own a test."""

from collections.abc import Iterator

import pytest

from tests.browser import chromium
from tests.browser.chromium import Chromium, Remote
from tests.browser.world import Site, World


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder, so that `-m "not browser"` leaves them out."""
    for item in items:
        if "tests/browser" in item.path.as_posix():
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Chromium]:
    """The browser."""
    if chromium.MISSING:
        pytest.skip("no Chromium: node_modules has no playwright-core. Get it: make setup")
    with Chromium() as started:
        yield started


@pytest.fixture(scope="session")
def world() -> Iterator[World]:
    """The collector and what stands before it."""
    with World() as started:
        yield started


@pytest.fixture
def site(world: World) -> Iterator[Site]:
    """A site of the test's own, in fair weather."""
    world.door.turn("fair")
    yield world.site()
    world.door.turn("fair")


@pytest.fixture
def profile(browser: Chromium) -> Iterator[Remote]:
    """A browser profile of the test's own. Whatever happens, a page must not see an error of the tracker's."""
    browser.problems()
    context = browser.context(viewport={"width": 1000, "height": 700})
    yield context
    context.call("close")
    noise = ("Failed to load resource", "net::ERR_")
    assert [problem for problem in browser.problems() if not any(part in problem for part in noise)] == []
