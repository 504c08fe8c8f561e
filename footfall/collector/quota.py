"""Token buckets: how much a sender may send, refilled as time passes."""

import math
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable

_MOST_BUCKETS = 10_000


class TokenBuckets:
    """One bucket a sender, full at first. Safe to use from several threads; each sender has its own bucket alone.

    The buckets that were used last are remembered, at most 10,000: one that is forgotten is full again.
    """

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Store the clock.

        Args:
            monotonic: a clock in seconds that never goes back, such as `time.monotonic`.
        """
        self._monotonic = monotonic
        self._buckets: OrderedDict[Hashable, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, sender: Hashable, tokens: int, *, rate: float, capacity: float) -> int:
        """Take tokens from a sender's bucket. Returns 0, or the whole seconds after which there will be enough.

        What is larger than the bucket is given once the bucket is full, and leaves a debt: it would never fit else,
        and the rate holds all the same.

        Args:
            sender: whose bucket.
            tokens: how many.
            rate: tokens a second that come back, above 0.
            capacity: what a full bucket holds, above 0.
        """
        with self._lock:
            now = self._monotonic()
            held, at = self._buckets.get(sender, (capacity, now))
            held = min(capacity, held + (now - at) * rate)
            missing = min(tokens, capacity) - held
            self._buckets[sender] = (held if missing > 0 else held - tokens, now)
            self._buckets.move_to_end(sender)
            if len(self._buckets) > _MOST_BUCKETS:
                self._buckets.popitem(last=False)
        return 0 if missing <= 0 else max(1, math.ceil(missing / rate))
