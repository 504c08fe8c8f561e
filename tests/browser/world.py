"""`footfall up` on a lake of its own, a front door before it, and sites (tenants) whose pages a browser opens there."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

from footfall.events.tenant_file import TenantFile
from footfall.lake.layout import LocalLake, open_lake
from footfall.lake.reader import connect
from footfall.local.etl_run import run_etl
from footfall.local.shop import tracker_files
from tests.browser.chromium import Remote
from tests.browser.front_door import Delivery, FrontDoor

FOOTFALL = str(Path(sys.executable).with_name("footfall"))
_PATIENCE_SECONDS = 60.0

Rows = list[tuple[Any, ...]]


class World:
    """The collector as a process, and what stands before it. A context manager."""

    def __init__(self) -> None:
        self._count = 0

    def __enter__(self) -> "World":
        self._folder = tempfile.TemporaryDirectory(prefix="footfall-browser-")
        root = Path(self._folder.name) / "lake"
        command = [FOOTFALL, "up", "--lake", str(root), "--port", "0", "--no-opensearch", "--etl-every", "0"]
        environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
        self._server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
        assert self._server.stdout is not None
        first = self._server.stdout.readline()
        assert first.startswith("collector"), first
        self.lake: LocalLake = open_lake(root)
        self.door = FrontDoor(int(first.rpartition(":")[2].partition("/")[0])).__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.door.__exit__()
        self._server.send_signal(signal.SIGTERM)
        self._server.communicate(timeout=60)
        self._folder.cleanup()

    def site(self) -> "Site":
        """A site of its own: a tenant that nobody else sends to."""
        self._count += 1
        name = f"site-{self._count}"
        _, key = TenantFile(self.lake.tenants).add(name, time.time_ns() // 1_000_000)
        return Site(self, name, key)

    def shop(self) -> "Site":
        """The demo shop."""
        return Site(self, "shop", str(json.loads((self.lake.root / "shop.json").read_text())["write_key"]))

    def take_in(self) -> None:
        """Run the ETL over all that was acknowledged."""
        _until(lambda: not any((self.lake.raw / "open").iterdir()), "the collector seals what it has open")
        run_etl(self.lake)


class Site:
    """A tenant, its pages, and what of them came to the lake."""

    def __init__(self, world: World, name: str, key: str) -> None:
        self.world, self.name, self.key = world, name, key

    def page(
        self,
        path: str = "",
        body: str = "<p>Hello</p>",
        *,
        head: str = "",
        script: str = '<script src="/footfall.js"></script>',
        headers: dict[str, str] | None = None,
        nonce: str = "",
        **settings: Any,
    ) -> str:
        """Publish a page with the tracker in it, and return its address.

        Args:
            path: below the site's own folder.
            body: HTML.
            head: HTML before the tracker.
            script: the element that loads the tracker, after the one that calls `init`.
            headers: of the answer.
            nonce: of the inline script.
            settings: the tracker's, beside key and address.
        """
        written = json.dumps({"key": self.key, "url": "", **settings}).replace("<", "\\u003c")
        attribute = f' nonce="{nonce}"' if nonce else ""
        start = f"<script{attribute}>{tracker_files.SNIPPET}ff('init',{written})</script>"
        html = (
            f'<!doctype html><html><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>{self.name} {path}'
            f"</title>{head}{start}{script}</head><body>{body}</body></html>"
        )
        return self.raw_page(path, html, headers)

    def raw_page(self, path: str, html: str, headers: dict[str, str] | None = None) -> str:
        """Publish a page as it is, and return its address."""
        place = f"/t/{self.name}/{path}"
        self.world.door.pages[place] = (html.encode(), {"content-type": "text/html", **(headers or {})})
        return self.world.door.url + place

    @property
    def deliveries(self) -> list[Delivery]:
        """The batches that came to the door, whatever became of them."""
        return self.world.door.of(self.key)

    def acknowledged(self) -> list[dict[str, Any]]:
        """The events that were answered 2xx, copies too."""
        return [event for one in self.deliveries if 200 <= one.status < 300 for event in one.events]

    def wait_for(self, *names: str) -> None:
        """Wait until an event of each name was acknowledged; a name that is given twice, two events."""

        def enough(deliveries: Sequence[Delivery]) -> bool:
            events = {
                event["id"]: event["name"] for one in deliveries if 200 <= one.status < 300 for event in one.events
            }
            have = list(events.values())
            return all(have.count(name) >= names.count(name) for name in names)

        self.world.door.wait_for(self.key, enough)

    def visitor_since(self, known: int) -> str:
        """The one visitor of all deliveries but the first so many."""
        (visitor,) = {one.batch["visitor"] for one in self.deliveries[known:]}
        return str(visitor)

    def wait_for_attempts(self, count: int) -> None:
        """Wait until so many batches have come to the door, whatever became of them."""
        self.world.door.wait_for(self.key, lambda deliveries: len(deliveries) >= count)

    def numbers(self, name: str) -> set[int]:
        """The property `number` of the events of a name that were acknowledged."""
        return {event["properties"]["number"] for event in self.acknowledged() if event["name"] == name}

    def wait_for_numbers(self, name: str, count: int, seconds: float) -> None:
        """Wait until so many numbers have come, but no longer than so many seconds."""
        with contextlib.suppress(AssertionError):
            self.world.door.wait_for(self.key, lambda _: len(self.numbers(name)) >= count, seconds)

    def rows(self, sql: str) -> Rows:
        """What the lake's tables say of this site, once all that was acknowledged is taken in."""
        self.world.take_in()
        return self.ask(sql)

    def ask(self, sql: str) -> Rows:
        """What the tables say, nothing more taken in."""
        with connect(self.world.lake, self.name) as connection:
            return connection.execute(sql).fetchall()


def quiet(page: Remote, site: Site) -> None:
    """Let ten seconds of a page's clock, which is installed, pass, and have what it sends in these come to the door.

    Another visitor's page, of another site, is opened only then: what that one sends has come when this ends.
    """
    page.call("clock.runFor", 10_000)
    beside = site.world.site()
    somebody = page.remote("context").remote("browser").remote("newContext")
    somebody.remote("newPage").call("goto", beside.page(wait=50))
    beside.wait_for("page_view")
    somebody.call("close")


def _until(holds: Callable[[], bool], what: str) -> None:
    until = time.monotonic() + _PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < until, f"still waiting until {what}"
        time.sleep(0.02)
