"""What stands between the browser and `footfall up`: test pages of its own, and a network that fails when told to."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

Weather = Literal["fair", "unavailable", "refused", "cut", "unheard", "hanging"]
"""What becomes of a batch: stored; answered 503; answered 400; the connection cut before; cut after; no answer."""

EVENTS = "/v1/events"
_PATIENCE_SECONDS = 45.0
_PASSED_ON = ("content-type", "user-agent", "sec-gpc", "dnt", "origin", "referer", "content-encoding", "cookie")
_DROPPED = ("connection", "content-length", "date", "server", "transfer-encoding")


@dataclass(frozen=True)
class Delivery:
    """A request to the collector that came through: its batch, and how it was answered (0: not at all)."""

    method: str
    headers: dict[str, str]
    body: bytes
    weather: Weather
    status: int

    @property
    def batch(self) -> dict[str, Any]:
        """The body's JSON; empty where there is none."""
        decoded: dict[str, Any] = json.loads(self.body) if self.body else {}
        return decoded

    @property
    def events(self) -> list[dict[str, Any]]:
        """The batch's events."""
        found: list[dict[str, Any]] = self.batch.get("events", [])
        return found


@dataclass
class FrontDoor:
    """An HTTP server on 127.0.0.1 (`localhost` is another origin of it). Start and stop it as a context manager."""

    behind: int
    weather: Weather = "fair"
    retry_after: str = ""
    deliveries: list[Delivery] = field(default_factory=list)
    pages: dict[str, tuple[bytes, dict[str, str]]] = field(default_factory=dict)
    port: int = 0

    def __enter__(self) -> "FrontDoor":
        self._changed = threading.Condition()
        door = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                door._handle(self)

            do_POST = do_OPTIONS = do_HEAD = do_GET  # noqa: N815

            def log_message(self, *arguments: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *arguments: object) -> None:
                """A tab that was closed hangs up."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self.port = int(self._server.server_address[1])
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(self, *unused: object) -> None:
        self.turn("fair")
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Its address, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def turn(self, weather: Weather, retry_after: str = "") -> None:
        """From now on batches fare so. What hangs is cut."""
        with self._changed:
            self.weather, self.retry_after = weather, retry_after
            self._changed.notify_all()

    def of(self, write_key: str) -> list[Delivery]:
        """The deliveries of a tenant, preflights apart."""
        with self._changed:
            return self._of(write_key)

    def wait_for(
        self, write_key: str, enough: Callable[[Sequence[Delivery]], bool], seconds: float = _PATIENCE_SECONDS
    ) -> list[Delivery]:
        """The deliveries of a tenant, once they are enough.

        Raises:
            AssertionError: they are not, for so many seconds.
        """
        until = time.monotonic() + seconds
        with self._changed:
            while True:
                found = self._of(write_key)
                if enough(found):
                    return found
                left = until - time.monotonic()
                assert left > 0, f"not delivered in {seconds} s: " + _told(found)
                self._changed.wait(left)

    def _of(self, write_key: str) -> list[Delivery]:
        return [one for one in self.deliveries if one.method == "POST" and one.batch.get("write_key") == write_key]

    def _handle(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers.get("content-length") or 0))
        path = request.path.partition("?")[0]
        if path in self.pages:
            content, headers = self.pages[path]
            self._answer(request, 200, headers, content)
        elif path == EVENTS:
            self._deliver(request, body)
        else:
            self._answer(request, *self._forward(request, body))

    def _deliver(self, request: BaseHTTPRequestHandler, body: bytes) -> None:
        with self._changed:
            weather, retry_after = self.weather, self.retry_after
            while self.weather == "hanging":
                self._changed.wait()
        status, headers, content = 0, dict[str, str](), b""
        if weather in ("fair", "unheard"):
            status, headers, content = self._forward(request, body)
        elif weather == "unavailable":
            status, headers = 503, {"retry-after": retry_after} if retry_after else {}
        elif weather == "refused":
            status = 400
        said = 0 if weather in ("cut", "unheard", "hanging") else status
        given = {name.lower(): value for name, value in request.headers.items()}
        if said:
            headers = {"access-control-allow-origin": "*", **headers}
            self._answer(request, status, headers, content)
        else:
            request.close_connection = True
        with self._changed:
            self.deliveries.append(Delivery(request.command, given, body, weather, said))
            self._changed.notify_all()

    def _forward(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.behind, timeout=30)
        try:
            headers = {name: value for name, value in request.headers.items() if name.lower() in _PASSED_ON}
            connection.request(request.command, request.path, body or None, headers)
            answer = connection.getresponse()
            kept = {name: value for name, value in answer.getheaders() if name.lower() not in _DROPPED}
            return answer.status, kept, answer.read()
        finally:
            connection.close()

    def _answer(self, request: BaseHTTPRequestHandler, status: int, headers: dict[str, str], content: bytes) -> None:
        lines = [f"HTTP/1.1 {status} Said", *(f"{name}: {value}" for name, value in headers.items())]
        head = "\r\n".join([*lines, f"content-length: {len(content)}", "", ""])
        try:
            request.wfile.write(head.encode("latin-1") + (b"" if request.command == "HEAD" else content))
        except OSError:
            request.close_connection = True


def _told(deliveries: Sequence[Delivery]) -> str:
    names = [f"{one.weather}/{one.status}: {','.join(event['name'] for event in one.events)}" for one in deliveries]
    return "; ".join(names) or "nothing came"
