"""Calls over real sockets, to a server that answers as it is told."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from footfall.collector.aws.connection import Address
from footfall.collector.aws.credentials import CredentialChain
from footfall.collector.aws.errors import AwsError
from footfall.collector.aws.firehose import FirehoseStream
from footfall.collector.aws.s3 import S3Bucket
from footfall.collector.aws.service import Service, endpoint

CHAIN = CredentialChain({"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret"})
TAKEN = b'{"FailedPutCount":0,"RequestResponses":[{"RecordId":"1"}]}'

Serve = Callable[..., "Told"]


class Told:
    """Answers each request with the next of its answers; an answer of None ends the connection without one."""

    def __init__(self, answers: list[bytes | None], slowly: float = 0.0) -> None:
        self._answers = answers
        self._slowly = slowly
        self._ended = threading.Event()
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.requests: list[bytes] = []
        self.connections = 0
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        while not self._ended.is_set():
            connection, _ = self._listening.accept()
            self.connections += 1
            with connection:
                connection.settimeout(0.5)
                while not self._ended.is_set() and self._answer(connection):
                    pass

    def _answer(self, connection: socket.socket) -> bool:
        request = b""
        while b"\r\n\r\n" not in request:
            try:
                part = connection.recv(65_536)
            except TimeoutError:
                part = b""
            if not part:
                return False
            request += part
        head, _, body = request.partition(b"\r\n\r\n")
        length = int(
            next(line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")).split()[1]
        )
        while len(body) < length:
            body += connection.recv(65_536)
        self.requests.append(head + b"\r\n\r\n" + body)
        answer = self._answers.pop(0)
        if answer is None:
            return False
        for place in range(len(answer)) if self._slowly else ():
            if self._ended.wait(self._slowly):
                return False
            try:
                connection.sendall(answer[place : place + 1])
            except OSError:
                return False
        if not self._slowly:
            connection.sendall(answer)
        return True

    def stop(self) -> None:
        self._ended.set()
        with socket.create_connection(self._listening.getsockname()):
            pass
        self._thread.join()
        self._listening.close()


@pytest.fixture
def serve() -> Iterator[Serve]:
    started: list[Told] = []

    def start(*answers: bytes | None, slowly: float = 0.0) -> Told:
        started.append(Told(list(answers), slowly))
        return started[-1]

    yield start
    for told in started:
        told.stop()


def _answer(status: int, body: bytes, *headers: bytes) -> bytes:
    lines = [b"HTTP/1.1 %d Said" % status, b"content-length: %d" % len(body), *headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


_opened: list[Address] = []


@pytest.fixture(autouse=True)
def closed() -> Iterator[None]:
    yield
    while _opened:
        _opened.pop().close()


def _stream(url: str) -> FirehoseStream:
    _opened.append(Address(url))
    return FirehoseStream(Service("firehose", "eu-central-1", _opened[-1], CHAIN), "stream")


@pytest.mark.parametrize(
    ("answer", "code", "status"),
    [
        (_answer(400, b'{"__type":"com.amazonaws#ThrottlingException"}'), "ThrottlingException", 400),
        (_answer(500, b"", b"x-amzn-errortype: InternalFailure:http://x"), "InternalFailure", 500),
        (_answer(503, b"<Error><Code>SlowDown</Code></Error>"), "SlowDown", 503),
        (_answer(502, b"<html>bad gateway"), "Http502", 502),
        (_answer(400, b"[]"), "Http400", 400),
        (_answer(200, b"{"), "AnswerUnreadable", 200),
        (_answer(200, b'{"FailedPutCount":0,"RequestResponses":[]}'), "AnswerUnreadable", 200),
        (_answer(200, b'{"FailedPutCount":1,"RequestResponses":[{"RecordId":"1"}]}'), "AnswerUnreadable", 200),
        (b"nonsense\r\n\r\n", "ConnectionFailed", 0),
        (None, "ConnectionFailed", 0),
    ],
)
def test_what_is_no_success_is_told_by_its_code(serve: Serve, answer: bytes | None, code: str, status: int) -> None:
    with pytest.raises(AwsError) as raised:
        _stream(serve(answer).url).put([b"1\n"], 5.0)
    assert (raised.value.code, raised.value.status) == (code, status)


def test_each_record_has_its_own_outcome(serve: Serve) -> None:
    body = b'{"FailedPutCount":1,"RequestResponses":[{"RecordId":"1"},{"ErrorCode":"ServiceUnavailableException"}]}'
    told = serve(_answer(200, body))
    assert _stream(told.url).put([b"1\n", b"2\n"], 5.0) == ["", "ServiceUnavailableException"]
    assert b'"Data":"MQo="' in told.requests[0]


def test_one_connection_serves_many_calls_and_a_closed_one_is_replaced_unseen(serve: Serve) -> None:
    told = serve(_answer(200, TAKEN), _answer(200, TAKEN), None, _answer(200, TAKEN))
    stream = _stream(told.url)
    for _ in range(3):
        assert stream.put([b"1\n"], 5.0) == [""]
    assert (told.connections, len(told.requests)) == (2, 4)


def test_a_server_that_says_nothing_is_given_up_in_time(serve: Serve) -> None:
    told = serve(_answer(200, TAKEN), slowly=60)
    begin = time.monotonic()
    with pytest.raises(AwsError, match="Timeout"):
        _stream(told.url).put([b"1\n"], 0.1)
    assert time.monotonic() - begin < 5


def test_nobody_there_is_a_failed_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    with pytest.raises(AwsError, match="ConnectionFailed"):
        _stream(f"http://127.0.0.1:{port}").put([b"1\n"], 5.0)


def test_an_object_is_put_below_its_bucket_at_an_endpoint_of_ones_own(serve: Serve) -> None:
    told = serve(_answer(200, b""))
    bucket = S3Bucket("raw", "eu-central-1", {"AWS_ENDPOINT_URL": told.url}, CHAIN)
    _opened.append(bucket.service.address)
    bucket.put("raw/a b.gz", b"body", 5.0)
    assert told.requests[0].startswith(b"PUT /raw/raw/a%20b.gz HTTP/1.1\r\n")
    assert told.requests[0].endswith(b"\r\n\r\nbody")


@pytest.mark.parametrize(
    ("service", "region", "environment", "url"),
    [
        ("firehose", "eu-central-1", {}, "https://firehose.eu-central-1.amazonaws.com"),
        ("s3", "cn-north-1", {}, "https://s3.cn-north-1.amazonaws.com.cn"),
        ("s3", "eu-central-1", {"AWS_ENDPOINT_URL": "http://a"}, "http://a"),
        ("s3", "eu-central-1", {"AWS_ENDPOINT_URL": "http://a", "AWS_ENDPOINT_URL_S3": "http://b"}, "http://b"),
    ],
)
def test_where_a_service_is(service: str, region: str, environment: dict[str, str], url: str) -> None:
    assert endpoint(service, region, environment) == url
