"""The collector on this machine: HTTP into API Gateway's event, and from there the code that runs in Lambda."""

import asyncio
import base64
import secrets
import socket
import threading
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import Any

import uvicorn

from footfall.collector.api_gateway import respond
from footfall.collector.body import MAX_BODY_BYTES
from footfall.collector.handler import Collector
from footfall.collector.sinks.adoption import adopt
from footfall.collector.sinks.file import FileSink
from footfall.errors import FootfallError
from footfall.events.tenant_file import TenantFile
from footfall.lake.layout import LocalLake
from footfall.local.site import Site, SiteAnswer

Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_THREADS = 8
_SEAL_EVERY_SECONDS = 0.5
_DRAIN_BYTES = 10 * MAX_BODY_BYTES


class LocalServer:
    """Serves the collector of a lake on 127.0.0.1 from a background thread, as a context manager.

    Its start seals what a killed server has left; its stop answers the requests under way and seals the rest. The
    address of a client is the one in X-Forwarded-For where there is one: only this machine can connect.
    """

    def __init__(self, lake: LocalLake, port: int = 0, site: Site | None = None) -> None:
        """Store the parts; nothing is opened yet.

        Args:
            lake: where the events go.
            port: the port to listen on; 0 takes a free one.
            site: pages to serve too; it is asked first.
        """
        self.lake = lake
        self.port = port
        self.site = site
        self._stack: _Running | None = None

    @property
    def url(self) -> str:
        """The server's address, without a slash at its end."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "LocalServer":
        """Listen. Returns itself once requests are answered.

        Raises:
            FootfallError: the port is taken, or something left in the lake cannot be sealed.
        """
        listening = _listen(self.port)
        try:
            adopt(self.lake.raw)
            self._stack = _Running(self.lake, listening, self.site)
        except BaseException:
            listening.close()
            raise
        self.port = int(listening.getsockname()[1])
        return self

    def stop(self) -> None:
        """Stop listening, end what is under way, seal. Does nothing where it has not started."""
        if self._stack is not None:
            self._stack.stop()
            self._stack = None

    def __enter__(self) -> "LocalServer":
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


class _Running:
    """The threads of a server that has started."""

    def __init__(self, lake: LocalLake, listening: socket.socket, site: Site | None) -> None:
        self._site = site
        self._sink = FileSink(lake.raw, _now)
        self._collector = Collector(TenantFile(lake.tenants), self._sink, _now, secrets.token_hex(8))
        self._workers = ThreadPoolExecutor(_THREADS, thread_name_prefix="footfall-collector")
        config = uvicorn.Config(
            self._app,
            log_level="error",
            access_log=False,
            interface="asgi3",
            lifespan="off",
            proxy_headers=True,
            server_header=False,
            timeout_graceful_shutdown=5,
        )
        self._server = _Server(config)
        self._stopping = threading.Event()
        self._serving = threading.Thread(target=self._server.run, args=([listening],), name="footfall-server")
        self._sealing = threading.Thread(target=self._seal_now_and_then, name="footfall-sealing")
        self._serving.start()
        self._sealing.start()
        while not self._server.answering.wait(0.1):
            if not self._serving.is_alive():
                self._stopping.set()
                raise FootfallError("the local server did not start; its log says why.")

    def stop(self) -> None:
        self._server.should_exit = True
        self._serving.join()
        self._stopping.set()
        self._sealing.join()
        self._workers.shutdown()
        self._sink.close()

    async def _app(self, scope: Message, receive: Receive, send: Send) -> None:
        """The ASGI application."""
        if scope["type"] != "http":
            return
        received = await _body(receive)
        if received is None:
            return
        page = None if self._site is None else self._site.answer(scope["method"], scope["path"], _query(scope))
        if page is not None:
            await _send_page(send, page)
            return
        event = _event(scope, received)
        answer = await asyncio.get_running_loop().run_in_executor(self._workers, respond, self._collector, event)
        headers = [(name.encode(), value.encode()) for name, value in answer["headers"].items()]
        headers += [(b"set-cookie", cookie.encode()) for cookie in answer.get("cookies", [])]
        body = base64.b64decode(answer["body"]) if answer["isBase64Encoded"] else answer["body"].encode()
        headers.append((b"content-length", str(len(body)).encode()))
        await send({"type": "http.response.start", "status": answer["statusCode"], "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _seal_now_and_then(self) -> None:
        while not self._stopping.wait(_SEAL_EVERY_SECONDS):
            self._sink.seal_if_due()


class _Server(uvicorn.Server):
    """Tells when it answers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.answering = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.answering.set()


def _now() -> int:
    return time.time_ns() // 1_000_000


def _listen(port: int) -> socket.socket:
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        listening.close()
        raise FootfallError(
            f"port {port} cannot be listened on: {error.strerror}. Name another with --port."
        ) from error
    listening.listen(1024)
    return listening


async def _body(receive: Receive) -> bytes | None:
    """The body, or None where the client has gone before its end.

    Of a body above the limit, one byte more than the limit: the rest is read and dropped, so that the client gets to
    the answer.
    """
    parts: list[bytes] = []
    kept = seen = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        part: bytes = message.get("body", b"")
        seen += len(part)
        room = MAX_BODY_BYTES + 1 - kept
        if room > 0 and part:
            parts.append(part[:room])
            kept += len(parts[-1])
        if not message.get("more_body") or seen > _DRAIN_BYTES:
            return b"".join(parts)


def _event(scope: Message, body: bytes) -> dict[str, Any]:
    """API Gateway's event for a request, as far as the collector reads it."""
    headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    try:
        text, is_base64 = body.decode(), False
    except UnicodeDecodeError:
        text, is_base64 = base64.b64encode(body).decode(), True
    client = scope.get("client") or ("", 0)
    return {
        "version": "2.0",
        "rawPath": scope["path"],
        "rawQueryString": _query(scope),
        "headers": headers,
        "requestContext": {"http": {"method": scope["method"], "path": scope["path"], "sourceIp": client[0]}},
        "body": text,
        "isBase64Encoded": is_base64,
    }


def _query(scope: Message) -> str:
    text: str = scope["query_string"].decode("latin-1")
    return text


async def _send_page(send: Send, page: SiteAnswer) -> None:
    headers = [(name.encode(), value.encode()) for name, value in page.headers.items()]
    headers.append((b"content-length", str(len(page.body)).encode()))
    await send({"type": "http.response.start", "status": page.status, "headers": headers})
    await send({"type": "http.response.body", "body": page.body})
