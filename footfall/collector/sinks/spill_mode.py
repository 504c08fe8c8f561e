"""When to leave Firehose alone for a while, and when to ask it again: a circuit breaker."""

import threading
from collections.abc import Callable

FAILURES = 3
FIRST_PAUSE_SECONDS = 5.0
LONGEST_PAUSE_SECONDS = 60.0


class SpillMode:
    """Begins after three failures of Firehose in a row, so that not every request waits for it in vain.

    While it lasts, one request now and then is let through to Firehose, after 5 seconds at first, then twice as long
    each time, up to a minute. The first that succeeds ends it. Nothing but requests and the clock drive it: a process
    that sleeps for hours asks Firehose with its next request. Safe to use from several threads.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Begin with Firehose trusted. `monotonic` is a clock in seconds that never goes back."""
        self._monotonic = monotonic
        self._failures = 0
        self._pause = FIRST_PAUSE_SECONDS
        self._next_probe = 0.0
        self._lock = threading.Lock()

    @property
    def on(self) -> bool:
        """Whether lines go straight to spill objects."""
        return self._failures >= FAILURES

    def lets_through(self) -> bool:
        """Whether this request is to try Firehose; whoever is told so reports by `succeeded` or `failed`.

        In spill mode one caller is, each pause; where that one never reports, the next pause brings another.
        """
        if not self.on:
            return True
        with self._lock:
            now = self._monotonic()
            if self._failures < FAILURES:  # another request has ended it meanwhile
                return True
            if now < self._next_probe:
                return False
            self._pause = min(2 * self._pause, LONGEST_PAUSE_SECONDS)
            self._next_probe = now + self._pause
            return True

    def succeeded(self) -> bool:
        """Firehose has taken what it was given. Returns whether that has ended the spill mode."""
        if self._failures == 0:
            return False
        with self._lock:
            ended = self.on
            self._failures = 0
            self._pause = FIRST_PAUSE_SECONDS
            return ended

    def failed(self) -> bool:
        """Firehose has not. Returns whether that has begun the spill mode."""
        with self._lock:
            before = self.on
            self._failures += 1
            if self.on and not before:
                self._next_probe = self._monotonic() + self._pause
            return self.on and not before
