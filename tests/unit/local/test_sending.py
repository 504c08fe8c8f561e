"""The demo's sender keeps at it until every request is acknowledged, and counts what was answered."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from footfall.errors import FootfallError
from footfall.local.sending import TRIES, send
from footfall.local.simulator.delivery import SimulatedRequest

DROP = 0


class Answers:
    """A collector that answers as told, request by request, and 200 after that; DROP hangs up without an answer."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.bodies: list[dict[str, object]] = []
        self.agents: list[str] = []
        self.lock = threading.Lock()

    def next(self, body: dict[str, object], agent: str) -> int:
        with self.lock:
            self.bodies.append(body)
            self.agents.append(agent)
            return self.statuses.pop(0) if self.statuses else 200


@contextmanager
def collector(answers: Answers) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            status = answers.next(body, self.headers["user-agent"])
            if status == DROP:
                self.close_connection = True
                return
            text = json.dumps({"accepted": len(body["events"]) - 1, "rejected": 1, "errors": []}).encode()
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        serving.join()
        server.server_close()


def requests(count: int) -> list[SimulatedRequest]:
    return [
        SimulatedRequest((n, "v", n), f"agent {n}", b'{"visitor":"v%d","events":[{},{},{}]}' % n, 3)
        for n in range(count)
    ]


def test_every_request_is_sent_once_and_what_was_answered_is_counted() -> None:
    answers = Answers()
    with collector(answers) as url:
        sent = send(url, "ffk_key", requests(30), clock=lambda: 42, connections=4)
    assert (sent.requests, sent.accepted, sent.rejected, sent.repeats, sent.events) == (30, 60, 30, 0, 90)
    assert sorted(str(body["visitor"]) for body in answers.bodies) == sorted(f"v{n}" for n in range(30))
    assert all(body["write_key"] == "ffk_key" and body["sent_at"] == 42 for body in answers.bodies)
    assert set(answers.agents) == {f"agent {n}" for n in range(30)}


@pytest.mark.parametrize("failure", [503, 500, DROP])
def test_a_request_that_is_not_answered_200_is_sent_again_after_a_pause(failure: int) -> None:
    pauses: list[float] = []
    with collector(Answers(failure, failure)) as url:
        sent = send(url, "ffk_key", requests(3), pause=pauses.append, connections=1)
    assert (sent.requests, sent.accepted, sent.repeats) == (3, 6, 2)
    assert pauses == [0.1, 0.2]


def test_a_refusal_is_said_in_one_line() -> None:
    with collector(Answers(401)) as url, pytest.raises(FootfallError, match=r"refuses what the demo sends: 401"):
        send(url, "ffk_key", requests(3), connections=1)


def test_a_collector_that_stays_down_is_given_up_on() -> None:
    pauses: list[float] = []
    with (
        collector(Answers(*[503] * TRIES)) as url,
        pytest.raises(FootfallError, match=rf"in {TRIES} tries \(503"),
    ):
        send(url, "ffk_key", requests(1), pause=pauses.append, connections=1)
    assert len(pauses) == TRIES - 1
    assert max(pauses) == 5.0
