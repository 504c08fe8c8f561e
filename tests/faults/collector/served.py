"""A child process that runs the Lambda's own handler behind a plain HTTP server, to be killed by SIGKILL."""

import importlib
import logging
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.connection import Connection
from typing import Any

from tests.faults.collector.naive import AnswersFirst


def serve(settings: dict[str, str], naive: bool, ready: Connection) -> None:
    """Serve until killed; the port is sent once requests are answered."""
    os.environ.update(settings)
    logging.getLogger("footfall.collector").setLevel(logging.CRITICAL)
    module: Any = importlib.import_module("lambdas.collector.handler")
    control: AnswersFirst | None = None
    if naive:
        control = AnswersFirst(module.collector()._sink)
        module.collector()._sink = control

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            answer = module.handler(_event(self, body), None)
            content = answer["body"].encode()
            head = f"HTTP/1.1 {answer['statusCode']} Said\r\ncontent-length: {len(content)}\r\n\r\n"
            self.wfile.write(head.encode() + content)
            if control is not None:
                control.after_answer()

        def log_message(self, *arguments: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    ready.send(server.server_address[1])
    server.serve_forever()


def _event(request: BaseHTTPRequestHandler, body: bytes) -> dict[str, Any]:
    http = {"method": request.command, "path": request.path, "sourceIp": request.client_address[0]}
    return {
        "rawPath": request.path,
        "headers": {name.lower(): value for name, value in request.headers.items()},
        "requestContext": {"http": http, "requestId": ""},
        "body": body.decode(),
        "isBase64Encoded": False,
    }
