"""A served lake with a tenant, and a door before it that can be told to turn the next requests away."""

import gzip
import http.client
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from footfall.events import raw_line
from footfall.events.raw_line import RawLine
from footfall.events.tenant_file import TenantFile
from footfall.lake.layout import LocalLake, open_lake
from footfall.lake.raw_store import FileRawStore
from footfall.local.server import LocalServer
from footfall.protocols.messages import Response

NOW = 1_767_225_600_000


class Door:
    """Passes requests on to the server, and answers the next ones itself where it is told with what.

    `statuses` are those of all answers so far, a browser's preflights apart: these it lets through.
    """

    def __init__(self, server: LocalServer) -> None:
        self.turned_away: list[Response] = []
        self.statuses: list[int] = []
        door = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("content-length") or 0))
                asks = self.command == "OPTIONS"
                if door.turned_away and not asks:
                    response = door.turned_away.pop(0)
                    status, headers, text = response.status, list(response.headers.items()), response.body
                else:
                    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
                    names = {name: value for name, value in self.headers.items() if name.lower() != "connection"}
                    connection.request(self.command, self.path, body, names)
                    answer = connection.getresponse()
                    status, headers, text = answer.status, answer.getheaders(), answer.read()
                    connection.close()
                if not asks:
                    door.statuses.append(status)
                self.send_response(status)
                for name, value in headers:
                    if name.lower() not in ("content-length", "date"):
                        self.send_header(name, value)
                self.send_header("content-length", str(len(text)))
                self.end_headers()
                self.wfile.write(text)

            do_GET = do_POST = do_DELETE = do_OPTIONS = answer  # noqa: N815

            def log_message(self, *arguments: object) -> None:
                """Say nothing."""

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._http.server_port}"

    def close(self) -> None:
        """Stop."""
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()


@pytest.fixture
def lake(tmp_path: Path) -> LocalLake:
    return open_lake(tmp_path / "lake", create=True)


@pytest.fixture
def write_key(lake: LocalLake) -> str:
    return TenantFile(lake.tenants).add("shop", NOW)[1]


@pytest.fixture
def server(lake: LocalLake) -> Iterator[LocalServer]:
    with LocalServer(lake) as started:
        yield started


@pytest.fixture
def door(server: LocalServer) -> Iterator[Door]:
    door = Door(server)
    yield door
    door.close()


@pytest.fixture
def stored(lake: LocalLake, server: LocalServer) -> Callable[[], list[RawLine]]:
    """Stops the server and reads all that it stored."""

    def read() -> list[RawLine]:
        server.stop()
        store = FileRawStore(lake.raw)
        texts = [text for key in list(store.keys()) for text in gzip.decompress(store.read(key)).splitlines()]
        return [raw_line.decode(text) for text in texts]

    return read
