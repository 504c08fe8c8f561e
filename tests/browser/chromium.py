"""A real Chromium, driven from Python through `driver.mjs` and playwright-core."""

import base64
import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

DRIVER = Path(__file__).with_name("driver.mjs")
REPOSITORY = DRIVER.parents[2]
MISSING = not (REPOSITORY / "node_modules" / "playwright-core").is_dir() or shutil.which("node") is None
USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/147.0.0.0 Safari/537.36"
"""An ordinary browser's: the headless one names itself, and would be taken for a bot."""
NOT_AUTOMATED = "--disable-blink-features=AutomationControlled"


class BrowserError(Exception):
    """What playwright says, or the driver's end."""


class Remote:
    """An object of playwright's, such as a page: `page.call("mouse.move", 10, 20)`."""

    def __init__(self, browser: "Chromium", number: int) -> None:
        self._browser = browser
        self.number = number

    def call(self, method: str, *arguments: Any) -> Any:
        """Call a method by its name in playwright's JavaScript API; arguments are JSON, or other remote objects.

        Raises:
            BrowserError: what the method throws.
        """
        return self._browser.send(self.number, method, arguments)

    def remote(self, method: str, *arguments: Any) -> "Remote":
        """The same, for a method that gives an object."""
        result = self.call(method, *arguments)
        assert isinstance(result, Remote), result
        return result

    def evaluate(self, expression: str, *arguments: Any) -> Any:
        """What an expression of JavaScript gives in the page, or a function of it called with arguments."""
        written = ", ".join(json.dumps(argument) for argument in arguments)
        return self.call("evaluate", f"({expression})({written})" if arguments else expression)

    def wait_until(self, expression: str) -> None:
        """Wait until an expression holds in the page; one that gives a promise is asked once, and waited for.

        Raises:
            BrowserError: it does not within 30 seconds.
        """
        self.call("waitForFunction", expression)


class Chromium:
    """The browser, as a context manager. One thread at a time."""

    def __init__(self, args: Sequence[str] = (NOT_AUTOMATED,), without: Sequence[str] = ()) -> None:
        """Store how to start it.

        Args:
            args: switches beside those it needs here.
            without: switches of playwright's own to leave out.
        """
        # A profile's own would not be that of requests which outlive their page.
        given = [f"--user-agent={USER_AGENT}", *args]
        self._options = {"args": given, "without": list(without), "executable": os.environ.get("CHROMIUM", "")}
        if self._options["executable"] and hasattr(os, "geteuid") and os.geteuid() == 0:
            self._options["args"] = [*given, "--no-sandbox"]
        self._process: subprocess.Popen[str] | None = None
        self._count = 0
        self.version = ""

    def __enter__(self) -> "Chromium":
        self._process = subprocess.Popen(
            ["node", str(DRIVER), json.dumps(self._options)],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.version = str(self._answer()["value"])
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        assert self._process is not None
        end(self._process)

    def context(self, **options: Any) -> Remote:
        """A profile of its own: no cookies, no storage, nothing cached."""
        return Remote(self, 0).remote("newContext", options)

    def problems(self) -> list[str]:
        """Errors of pages and on their consoles since the last time this was asked."""
        found: list[str] = self.send(0, "problems", ())
        return found

    def send(self, target: int, method: str, arguments: Sequence[Any]) -> Any:
        """One call over to the driver, and its answer."""
        assert self._process is not None
        assert self._process.stdin is not None
        self._count += 1
        given = [{"$object": item.number} if isinstance(item, Remote) else item for item in arguments]
        request = {"id": self._count, "target": target, "method": method, "arguments": given}
        self._process.stdin.write(json.dumps(request) + "\n")
        self._process.stdin.flush()
        answer = self._answer()
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error']}")
        if "objects" in answer:
            return [Remote(self, number) for number in answer["objects"]]
        return Remote(self, answer["object"]) if "object" in answer else answer.get("value")

    def _answer(self) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise BrowserError("the browser's driver has ended; its output says why.")
        answer: dict[str, Any] = json.loads(line)
        return answer


def end(process: subprocess.Popen[str]) -> None:
    """Have a driver end, which it does once nobody can tell it anything more."""
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.close()
    try:
        process.wait(timeout=20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    process.stdout.close()


def picture(page: Remote, path: Path, *, full: bool = True) -> None:
    """Write what a page shows, as PNG."""
    path.write_bytes(base64.b64decode(page.call("screenshot", {"fullPage": full})))
