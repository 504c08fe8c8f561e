"""Sends simulated requests to a collector over HTTP, as trackers do: on kept connections, again where it is busy."""

import http.client
import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

from footfall.errors import FootfallError
from footfall.local.simulator.delivery import SimulatedRequest

PATH = "/v1/events"
CONNECTIONS = 8
TRIES = 8
_TIMEOUT_SECONDS = 30
_FIRST_PAUSE_SECONDS = 0.1
_LONGEST_PAUSE_SECONDS = 5.0


@dataclass
class Sent:
    """What a collector answered. `repeats` counts requests sent again because no answer, or a 5xx, came."""

    requests: int = 0
    accepted: int = 0
    rejected: int = 0
    repeats: int = 0

    @property
    def events(self) -> int:
        """The events of the requests that were answered 200."""
        return self.accepted + self.rejected


def send(
    url: str,
    write_key: str,
    requests: Iterable[SimulatedRequest],
    *,
    clock: Callable[[], int] = lambda: time.time_ns() // 1_000_000,
    pause: Callable[[float], None] = time.sleep,
    connections: int = CONNECTIONS,
    each: Callable[[Sent], None] = lambda sent: None,
) -> Sent:
    """Send all requests, in about this order, and return what was answered once every one of them is acknowledged.

    Args:
        url: the collector's address, such as http://127.0.0.1:8080.
        write_key: the tenant's.
        requests: what to send.
        clock: the time for `sent_at`, epoch milliseconds.
        pause: waits so many seconds.
        connections: how many requests are under way at once.
        each: called with the answer to each request, by one thread at a time.

    Raises:
        FootfallError: the collector refuses a request, or does not answer one however often it is sent.
    """
    sending = _Sending(url, write_key, iter(requests), clock, pause, each)
    threads = [threading.Thread(target=sending.work, name="footfall-sender") for _ in range(connections)]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    except BaseException as stopped:  # Ctrl-C: the threads end with the requests that are under way
        sending.error = stopped
        raise
    if sending.error is not None:
        raise sending.error
    return sending.total


class _Sending:
    def __init__(
        self,
        url: str,
        write_key: str,
        requests: Iterator[SimulatedRequest],
        clock: Callable[[], int],
        pause: Callable[[float], None],
        each: Callable[[Sent], None],
    ) -> None:
        self.url, self.write_key, self.requests = url, write_key, requests
        self.clock, self.pause, self.each = clock, pause, each
        self.total = Sent()
        self.error: BaseException | None = None
        self._lock = threading.Lock()

    def work(self) -> None:
        """Send one request after another, until there are no more or one has failed for good."""
        connection = http.client.HTTPConnection(urlsplit(self.url).netloc, timeout=_TIMEOUT_SECONDS)
        try:
            while (request := self._next()) is not None:
                answer = self._deliver(connection, request)
                with self._lock:
                    self.total.requests += answer.requests
                    self.total.accepted += answer.accepted
                    self.total.rejected += answer.rejected
                    self.total.repeats += answer.repeats
                    self.each(answer)
        except BaseException as error:
            self.error = self.error or error
        finally:
            connection.close()

    def _next(self) -> SimulatedRequest | None:
        with self._lock:
            return None if self.error is not None else next(self.requests, None)

    def _deliver(self, connection: http.client.HTTPConnection, request: SimulatedRequest) -> Sent:
        seconds = _FIRST_PAUSE_SECONDS
        said = ""
        for repeats in range(TRIES):
            if repeats:
                self.pause(seconds)
                seconds = min(seconds * 2, _LONGEST_PAUSE_SECONDS)
            try:
                headers = {"content-type": "text/plain", "user-agent": request.user_agent}
                connection.request("POST", PATH, request.body(self.write_key, self.clock()), headers)
                response = connection.getresponse()
                status, text = response.status, response.read()
            except (OSError, http.client.HTTPException) as error:
                said = str(error) or type(error).__name__
                connection.close()
                continue
            if status == 200:
                answer = json.loads(text)
                return Sent(1, int(answer["accepted"]), int(answer["rejected"]), repeats)
            said = f"{status} {text.decode(errors='replace')[:200]}"
            if status < 500:
                raise FootfallError(f"the collector at {self.url} refuses what the demo sends: {said}.")
        raise FootfallError(
            f"the collector at {self.url} did not take a request in {TRIES} tries ({said}). Run the command again."
        )
