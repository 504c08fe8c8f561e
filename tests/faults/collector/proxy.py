"""A proxy before the emulated AWS that makes the calls of a collector fail, or kills it, as a seed says."""

import http.client
import random
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

HELD_SECONDS = 0.6
"""How long an answer is held back that is to come too late: above the time that the collector gives either service."""
FAULTS = {
    "fair": ((), 0.0),
    "mixed": (("throttle", "error", "refused", "late", "late_landed", "closed", "closed_landed"), 0.6),
    "down": (("error", "throttle", "closed"), 1.0),
    "ambiguous": (("closed_landed", "late_landed"), 0.7),
}
LATE = {"late", "late_landed"}
LANDED = {"", "late_landed", "closed_landed"}
ANSWERS = {
    "throttle": (400, b'{"__type":"ThrottlingException"}'),
    "error": (500, b'{"__type":"InternalFailure"}'),
    "refused": (200, b'{"FailedPutCount":1,"RequestResponses":[{"ErrorCode":"ServiceUnavailableException"}]}'),
}


class FaultyProxy:
    """Passes calls on to one address, or does not. Its `kill` ends the collector."""

    def __init__(self, behind: tuple[str, int]) -> None:
        self.behind = behind
        self.chance = random.Random()
        self.firehose = self.s3 = "fair"
        self.kill_chance = 0.0
        self.kill: Callable[[], None] = lambda: None
        self.happened: dict[str, int] = {}
        self._refused: bytes | None = None
        self._lock = threading.Lock()
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_POST(self) -> None:
                proxy.handle(self)

            do_PUT = do_POST  # noqa: N815

            def log_message(self, *arguments: object) -> None:
                pass

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *arguments: object) -> None:
                """A collector that was killed, or has given up, hangs up."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self._thread = threading.Thread(target=self.server.serve_forever)
        self._thread.start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()
        self._thread.join()

    def handle(self, request: BaseHTTPRequestHandler) -> None:
        body = request.rfile.read(int(request.headers["content-length"]))
        target = request.headers.get("x-amz-target", "")
        weather = "fair" if target.startswith("DynamoDB") else self.firehose if target else self.s3
        with self._lock:
            fault = self._draw(weather, is_s3=not target)
            kills = "" if target.startswith("DynamoDB") else self._draw_kill()
            if not fault and body == self._refused:
                self._count("taken when put again")
            self._refused = body if fault == "refused" else None
        if kills == "kill before":
            self.kill()
        status, content = ANSWERS.get(fault, (503, b""))
        if fault in LANDED:
            status, content = self._forward(request, body)
        if kills == "kill after":
            self.kill()
        if fault in LATE:
            time.sleep(HELD_SECONDS)
        if fault in LATE or fault.startswith("closed"):
            request.close_connection = True
            return
        request.wfile.write(f"HTTP/1.1 {status} Said\r\ncontent-length: {len(content)}\r\n\r\n".encode() + content)

    def _draw(self, weather: str, *, is_s3: bool) -> str:
        faults, likely = FAULTS[weather]
        if self.chance.random() >= likely:
            return ""
        fault = self.chance.choice(faults)
        if is_s3 and fault == "refused":
            fault = "error"
        self._count(f"S3 {fault}" if is_s3 else fault)
        return fault

    def _draw_kill(self) -> str:
        if self.chance.random() >= self.kill_chance:
            return ""
        step = self.chance.choice(["kill before", "kill after"])
        self._count(step)
        return step

    def _count(self, what: str) -> None:
        self.happened[what] = self.happened.get(what, 0) + 1

    def _forward(self, request: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(*self.behind, timeout=30)
        try:
            connection.request(request.command, request.path, body, dict(request.headers.items()))
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()
