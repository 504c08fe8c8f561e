"""Whether a request of a known tenant is taken in at all: its page's origin, and the quota of its write key."""

from collections.abc import Callable
from urllib.parse import urlsplit

from footfall.collector.messages import Request
from footfall.collector.quota import TokenBuckets
from footfall.events.origins import is_allowed
from footfall.events.reasons import Reason
from footfall.events.refusal import Refusal
from footfall.events.tenants import Tenant

_BURST_SECONDS = 10


class Admission:
    """The quotas of a process. Safe to use from several threads."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Store the clock: seconds that never go back, such as `time.monotonic`."""
        self._buckets = TokenBuckets(monotonic)

    def admit(self, tenant: Tenant, write_key: str, request: Request, events: int = 1) -> None:
        """Return where the request may go on.

        Args:
            tenant: whose key it came with.
            write_key: the key; each has a quota of its own.
            request: where it comes from.
            events: how many events are in it.

        Raises:
            Refusal: a page of this origin may not send (403), or the key has used up its quota (429).
        """
        if tenant.origins:
            _check_origin(tenant, request)
        if tenant.events_per_second:
            capacity = tenant.burst_events or tenant.events_per_second * _BURST_SECONDS
            sender = (tenant.name, write_key)
            wait = self._buckets.take(sender, events, rate=tenant.events_per_second, capacity=capacity)
            if wait:
                raise Refusal(
                    Reason.QUOTA_EXCEEDED, f"More than {tenant.events_per_second} events a second for this key", wait
                )


def page_origin(request: Request) -> str:
    """The origin of the page that sent the request; empty where it tells none, as servers do not."""
    origin = request.headers.get("origin", "")
    if origin:
        return origin
    try:
        referer = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        return "null"
    return f"{referer.scheme}://{referer.netloc}" if referer.netloc else ""


def _check_origin(tenant: Tenant, request: Request) -> None:
    origin = page_origin(request)
    if origin and not is_allowed(origin, tenant.origins):
        # The origin is not repeated in the answer: it is the client's own text.
        raise Refusal(Reason.ORIGIN_NOT_ALLOWED, f"Pages of this origin may not send to {tenant.name}")
