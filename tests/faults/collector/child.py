"""The collector of a schedule: a process of its own, killed by SIGKILL and started anew."""

import http.client
import multiprocessing
from contextlib import suppress
from typing import Any

from tests.faults.collector.proxy import HELD_SECONDS
from tests.faults.collector.served import serve

ENVIRONMENT = {"AWS_DEFAULT_REGION": "eu-central-1", "AWS_ACCESS_KEY_ID": "none", "AWS_SECRET_ACCESS_KEY": "none"}
# Each call that is to come too late costs a schedule this limit: as short as an emulator on a busy machine allows.
LIMITS = {"FIREHOSE_SECONDS": "0.2", "SPILL_SECONDS": "0.4"}
assert max(map(float, LIMITS.values())) < HELD_SECONDS
# The child runs the parent's main module again, as forkserver does: what that imports is loaded once, in the server.
PRELOADED = ["tests.faults.collector.served", "lambdas.collector.handler", "pytest"]


class Child:
    """A collector that is started again each time it was killed."""

    def __init__(self, endpoint: str, naive: bool) -> None:
        self._settings = {"STREAM_NAME": "stream", "RAW_BUCKET": "raw", "TENANTS_TABLE": "tenants"}
        self._settings |= {"AWS_ENDPOINT_URL": endpoint, **ENVIRONMENT, **LIMITS}
        self._naive = naive
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(PRELOADED)
        self._process: Any = None
        self._port = 0

    def send(self, body: bytes) -> int:
        """The answer's status; 0 where the collector died before it was out."""
        while self._process is None or self._port == 0 or not self._process.is_alive():
            self._start()
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=30)
        try:
            connection.request("POST", "/v1/events", body)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            self.stop()
            return 0
        finally:
            connection.close()

    def kill(self) -> None:
        """End the process now, wherever it is."""
        process = self._process
        if process is not None:
            with suppress(ProcessLookupError, ValueError):  # it is gone already
                process.kill()

    def stop(self) -> None:
        """End the process, and wait until it is gone."""
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process.close()
            self._process = None

    def _start(self) -> None:
        self.stop()
        ready, theirs = self._context.Pipe(duplex=False)
        process = self._context.Process(target=serve, args=(self._settings, self._naive, theirs))
        process.start()
        self._process = process
        theirs.close()
        with ready:
            assert ready.poll(60), "the collector did not start"
            try:
                self._port = ready.recv()
            except EOFError:  # a call of its predecessor has killed it
                self._port = 0
