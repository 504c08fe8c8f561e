"""HTTP to one address of AWS, over connections that are kept, each request with a time limit of its own."""

import http.client
import ssl
import time
from collections.abc import Mapping
from urllib.parse import urlsplit

from msgspec import Struct

from footfall.collector.aws.errors import AwsError

KEPT_SECONDS = 15.0
"""How long an idle connection is trusted: a Lambda function may sleep for minutes, and the other end hang up."""


class Answer(Struct, frozen=True):
    """An HTTP answer; header names in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Address:
    """A server, by its URL. Safe to use from several threads: each request has a connection to itself."""

    def __init__(self, url: str) -> None:
        """Store the URL, such as `https://firehose.eu-central-1.amazonaws.com`; nothing is opened yet."""
        parts = urlsplit(url)
        self._secure = parts.scheme == "https"
        self._host = parts.hostname or ""
        self._port = parts.port
        self.host = parts.netloc
        self.path = parts.path.rstrip("/")
        self._idle: list[tuple[float, http.client.HTTPConnection]] = []
        self._trust: ssl.SSLContext | None = None

    def request(self, method: str, path: str, headers: Mapping[str, str], body: bytes, seconds: float) -> Answer:
        """The answer to a request.

        Args:
            method: such as `POST`.
            path: percent-encoded.
            headers: all but Content-Length.
            body: what to send.
            seconds: the time limit of all of it. Looking up the name is not within it: no system call can be told so.

        Raises:
            AwsError: there was no answer (`Timeout`, `ConnectionFailed`): the request may have been carried out.
        """
        deadline = time.monotonic() + seconds
        while True:
            connection, kept = self._connection()
            try:
                answer = _exchange(connection, method, path, headers, body, deadline)
            except TimeoutError as error:
                connection.close()
                raise AwsError("Timeout") from error
            except (OSError, http.client.HTTPException) as error:
                connection.close()
                # A kept connection that the other end has closed meanwhile is no failure of the service.
                if not kept:
                    raise AwsError("ConnectionFailed") from error
                continue
            except BaseException:
                connection.close()
                raise
            if connection.sock is not None:
                self._idle.append((time.monotonic(), connection))
            return answer

    def close(self) -> None:
        """Close the connections that are kept."""
        while self._idle:
            self._idle.pop()[1].close()

    def _connection(self) -> tuple[http.client.HTTPConnection, bool]:
        """A connection, and whether it was used before."""
        while True:
            try:
                since, connection = self._idle.pop()
            except IndexError:
                return self._new(), False
            if time.monotonic() - since < KEPT_SECONDS:
                return connection, True
            connection.close()

    def _new(self) -> http.client.HTTPConnection:
        if not self._secure:
            return http.client.HTTPConnection(self._host, self._port)
        if self._trust is None:
            self._trust = ssl.create_default_context()
        return http.client.HTTPSConnection(self._host, self._port, context=self._trust)


def _exchange(
    connection: http.client.HTTPConnection,
    method: str,
    path: str,
    headers: Mapping[str, str],
    body: bytes,
    deadline: float,
) -> Answer:
    connection.timeout = _left(deadline)
    if connection.sock is None:
        connection.connect()
    connection.sock.settimeout(_left(deadline))
    connection.request(method, path, body, dict(headers))
    connection.sock.settimeout(_left(deadline))
    response = connection.getresponse()
    if connection.sock is not None:
        connection.sock.settimeout(_left(deadline))
    content = response.read()
    return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, content)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left
