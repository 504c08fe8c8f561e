"""A web server for a browser's benches: pages and scripts of its own, and a collector that says yes and keeps all."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class PageServer:
    """On 127.0.0.1, at a free port. A context manager."""

    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    """The content type and bytes of each path."""
    posted: list[bytes] = field(default_factory=list)
    """The bodies that were posted, whatever the path."""

    def __enter__(self) -> "PageServer":
        owner = self
        self._changed = threading.Condition()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                kind, content = owner.files.get(self.path.partition("?")[0], ("text/plain", b""))
                self._answer(kind, content)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                with owner._changed:
                    owner.posted.append(body)
                    owner._changed.notify_all()
                self._answer("application/json", b'{"accepted":1,"rejected":0,"errors":[]}')

            def _answer(self, kind: str, content: bytes) -> None:
                self.send_response(200)
                self.send_header("content-type", kind)
                self.send_header("content-length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, *arguments: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *arguments: object) -> None:
                """A page that was closed hangs up."""

        self._server = Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever)
        self._thread.start()
        return self

    def __exit__(self, *unused: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        """Its address, without a slash at its end."""
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    def wait_until(self, holds: Callable[[list[bytes]], bool]) -> None:
        """Wait until the bodies that were posted are such.

        Raises:
            AssertionError: they are not, for 30 seconds.
        """
        with self._changed:
            assert self._changed.wait_for(lambda: holds(self.posted), 30), f"{len(self.posted)} bodies, not all of them"
