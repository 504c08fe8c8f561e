"""A real WebKit, JavaFX's, driven from Python through `WebKitDriver.java`: one page, and a mouse before it."""

import base64
import json
import subprocess
import tempfile
import time
from pathlib import Path
from types import TracebackType
from typing import Any

from footfall.local.java import find_java
from footfall.local.maven import fetch_jars
from tests.browser.chromium import REPOSITORY, BrowserError, end

JAVA = 25
USER_AGENT = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) "
    "Version/18.4 Safari/605.1.15"
)
"""Safari's of the same age: JavaFX's own is no browser's."""
_DRIVER = Path(__file__).with_name("WebKitDriver.java")
_POM = Path(__file__).with_name("webkit.xml")
_PATIENCE_SECONDS = 45.0


class WebKit:
    """A page in a profile of its own, as a context manager. It is its own `page` to a `Hand`."""

    def __enter__(self) -> "WebKit":
        jars = fetch_jars(_POM, REPOSITORY / ".local" / "webkit")
        self._profile = tempfile.TemporaryDirectory(prefix="footfall-webkit-")
        modules = ["--module-path", str(jars[0].parent), "--add-modules", "javafx.web"]
        settings = [
            "-Dglass.platform=Headless",
            "-Dprism.order=sw",
            "--enable-native-access=javafx.graphics,javafx.web",
        ]
        self._process = subprocess.Popen(
            [find_java(version=JAVA), *modules, *settings, _DRIVER, self._profile.name, USER_AGENT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.version = self._answer("start")
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        end(self._process)
        self._profile.cleanup()

    def goto(self, url: str) -> None:
        """Open an address, and wait until it is loaded."""
        self._send("goto", url)

    def evaluate(self, expression: str, *arguments: Any) -> Any:
        """What an expression of JavaScript gives in the page, or a function of it called with arguments."""
        written = ", ".join(json.dumps(argument) for argument in arguments)
        return json.loads(self._send("evaluate", f"({expression})({written})" if arguments else expression))[0]

    def wait_until(self, expression: str) -> None:
        """Wait until an expression holds in the page."""
        until = time.monotonic() + _PATIENCE_SECONDS
        while not self.evaluate(expression):
            assert time.monotonic() < until, f"still waiting until {expression}"
            time.sleep(0.02)

    def call(self, method: str, *arguments: Any) -> None:
        """What a `Hand` asks of a page: `mouse.move`, `mouse.down`, `mouse.up`."""
        verb = {"mouse.move": "move", "mouse.down": "press", "mouse.up": "release"}[method]
        self._send(verb, " ".join(str(argument) for argument in arguments))

    def _send(self, verb: str, given: str) -> str:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{verb} {base64.b64encode(given.encode()).decode()}\n")
        self._process.stdin.flush()
        return self._answer(verb)

    def _answer(self, verb: str) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise BrowserError("WebKit's driver has ended; its output says why.")
        text = base64.b64decode(line[1:]).decode()
        if line[0] != "=":
            raise BrowserError(f"{verb}: {text}")
        return text
