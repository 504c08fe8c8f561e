"""What a request goes through: its body, its batch, its key, its events one by one, and then the sink."""

import itertools
import logging
import secrets
import traceback
from collections.abc import Callable

import msgspec

from footfall.collector.body import read_body
from footfall.collector.messages import PREFLIGHT_HEADERS, Request, Response, answer, refuse
from footfall.collector.sinks.port import Sink, SinkUnavailable
from footfall.errors import FootfallError
from footfall.events import raw_line
from footfall.events.addresses import truncate_address
from footfall.events.raw_line import RawLine, RawRejected
from footfall.events.reasons import Reason
from footfall.events.refusal import Refusal
from footfall.events.tenants import Tenant, TenantRegistry
from footfall.events.validation import accept, safe_text
from footfall.protocols import native

HEALTH_PATH = "/v1/health"
RETRY_AFTER_SECONDS = 5
MAX_LINE_BYTES = 4_194_304
"""What a sink must be able to take in one piece: a body written out may be several times what came."""
MAX_USER_AGENT_LENGTH = 1_024

_log = logging.getLogger("footfall.collector")


class Collector:
    """Takes batches in. One a process; safe to call from several threads where its sink is."""

    def __init__(self, registry: TenantRegistry, sink: Sink, clock: Callable[[], int], instance: str) -> None:
        """Store the parts; nothing is opened yet.

        Args:
            registry: whose write keys are known.
            sink: where lines are made durable.
            clock: the time in epoch milliseconds.
            instance: names this process among all that ever write into this lake. Its lines are counted from 0;
                a number that is missing in raw is a request that was answered 503, or one that was lost.
        """
        self._registry = registry
        self._sink = sink
        self._clock = clock
        self._instance = instance
        self._sequence = itertools.count()
        self._methods: dict[str, dict[str, Callable[[Request], Response]]] = {
            native.PATH: {"POST": self._collect},
            HEALTH_PATH: {"GET": lambda request: answer({"status": "ok"})},
        }

    def handle(self, request: Request) -> Response:
        """The answer to a request. Never raises, and tells the client nothing of what went wrong inside.

        200 is answered only once every event is durable, accepted or rejected; after any other answer nothing is
        kept, 503 aside, where it may have been.
        """
        try:
            return self._route(request)
        except Refusal as refusal:
            return refuse(refusal.reason, refusal.detail)
        except (SinkUnavailable, FootfallError) as error:
            _log.error("unavailable: %s", error)
            return refuse(Reason.UNAVAILABLE, "Send the batch again later", {"retry-after": str(RETRY_AFTER_SECONDS)})
        except Exception as error:
            # The place but not the message: a message may quote what a visitor sent.
            frame = traceback.extract_tb(error.__traceback__)[-1]
            _log.error("%s in %s, line %s (%s)", type(error).__name__, frame.filename, frame.lineno, frame.name)
            return refuse(Reason.INTERNAL_ERROR, "Send the batch again later")

    def _route(self, request: Request) -> Response:
        methods = self._methods.get(request.path)
        if methods is None:
            return refuse(Reason.NOT_FOUND, f"There are {' and '.join(self._methods)}")
        if request.method == "OPTIONS":
            return Response(204, PREFLIGHT_HEADERS)
        respond = methods.get(request.method)
        if respond is None:
            return refuse(Reason.METHOD_NOT_ALLOWED, "", {"allow": ", ".join([*methods, "OPTIONS"])})
        return respond(request)

    def _collect(self, request: Request) -> Response:
        received_at = self._clock()
        batch = native.read(read_body(request))
        tenant = self._registry.by_write_key(batch.write_key, received_at)
        if tenant is None:
            raise Refusal(Reason.UNKNOWN_KEY, "No tenant has this write key, or it has ended - at `$.write_key`")
        line = self._line(request, batch, tenant, received_at)
        if len(raw_line.encode(line)) > MAX_LINE_BYTES:
            raise Refusal(Reason.BODY_TOO_LARGE, f"Written out, the batch is above {MAX_LINE_BYTES} bytes")
        self._sink.write(msgspec.structs.replace(line, sequence=next(self._sequence)))
        return answer(
            {
                "accepted": len(line.events),
                "rejected": len(line.rejected),
                "errors": [_told(rejected) for rejected in line.rejected],
            }
        )

    def _line(self, request: Request, batch: native.Envelope, tenant: Tenant, received_at: int) -> RawLine:
        events, rejected = accept(batch.events, sent_at=batch.sent_at)
        return RawLine(
            version=raw_line.VERSION,
            request_id=safe_text(request.id) or secrets.token_hex(8),
            tenant=tenant.name,
            received_at=received_at,
            protocol=native.NAME,
            instance=self._instance,
            sequence=0,
            events=events,
            rejected=rejected,
            sent_at=batch.sent_at,
            visitor=batch.visitor,
            user=batch.user or "",
            ip=truncate_address(request.ip),
            user_agent=safe_text(request.headers.get("user-agent", "")[:MAX_USER_AGENT_LENGTH]),
            consent=batch.consent,
            library=batch.library,
            page=batch.page,
            screen=batch.screen,
        )


def _told(rejected: RawRejected) -> dict[str, str | int]:
    return {"index": rejected.index, "reason": rejected.reason, "detail": rejected.detail}
