"""What a request goes through: its protocol, its body, its key, its events one by one, and then the sink."""

import itertools
import logging
import secrets
import time
import traceback
from collections.abc import Callable, Sequence

import msgspec

from footfall.collector import policy
from footfall.collector.admission import Admission
from footfall.collector.body import read_body
from footfall.collector.messages import Request, Response, answer, refuse, status_of
from footfall.collector.routes import Route, Routes
from footfall.collector.sinks.port import Sink, SinkUnavailable
from footfall.errors import FootfallError
from footfall.events import raw_line
from footfall.events.addresses import truncate_address
from footfall.events.raw_line import RawLine
from footfall.events.reasons import Reason
from footfall.events.refusal import Refusal
from footfall.events.tenants import Tenant, TenantRegistry
from footfall.events.validation import safe_text
from footfall.protocols.cross_origin import PREFLIGHT_HEADERS
from footfall.protocols.native import Native
from footfall.protocols.port import ClientProtocol, Submission
from footfall.protocols.predictionio import PredictionIO
from footfall.protocols.segment import Segment
from footfall.protocols.snowplow import Snowplow

HEALTH_PATH = "/v1/health"
SPOKEN: tuple[ClientProtocol, ...] = (Native(), Segment(), PredictionIO(), Snowplow())
"""The protocols that a collector speaks where it is not told which."""
RETRY_AFTER_SECONDS = 5
MAX_LINE_BYTES = 4_194_304
"""What a sink must be able to take in one piece: a body written out may be several times what came."""
MAX_USER_AGENT_LENGTH = 1_024
COUNTRY_HEADER = "cloudfront-viewer-country"
"""What CloudFront says of where a request comes from, by its address: ISO 3166, two capital letters."""

_log = logging.getLogger("footfall.collector")


class Collector:
    """Takes requests of several protocols in. One a process; safe to call from several threads where its sink is."""

    def __init__(
        self,
        registry: TenantRegistry,
        sink: Sink,
        clock: Callable[[], int],
        instance: str,
        protocols: Sequence[ClientProtocol] = SPOKEN,
        admission: Admission | None = None,
    ) -> None:
        """Store the parts; nothing is opened yet.

        Args:
            registry: whose write keys are known.
            sink: where lines are made durable.
            clock: the time in epoch milliseconds.
            instance: names this process among all that ever write into this lake. Its lines are counted from 0;
                a number that is missing in raw is a request that was answered 503, or one that was lost.
            protocols: what its clients speak.
            admission: who may send, and how much; by default on the process's own clock.
        """
        self._admission = admission or Admission(time.monotonic)
        self._registry = registry
        self._sink = sink
        self._clock = clock
        self._instance = instance
        self._sequence = itertools.count()
        self._routes = Routes(protocols)

    def handle(self, request: Request) -> Response:
        """The answer to a request. Never raises, and tells the client nothing of what went wrong inside.

        A success is answered only once every event is durable, accepted or rejected. Of a request that is refused
        nothing is kept, 503 aside, where it may have been.
        """
        route = self._routes.find(request.path)
        if route is None:
            return self._outside(request)
        try:
            return self._respond(route, request)
        except Refusal as refusal:
            headers = {"retry-after": str(refusal.retry_after)} if refusal.retry_after else None
            return _refused(route, request, refusal.reason, refusal.detail, headers)
        except (SinkUnavailable, FootfallError) as error:
            _log.error("unavailable: %s", error)
            later = {"retry-after": str(RETRY_AFTER_SECONDS)}
            return _refused(route, request, Reason.UNAVAILABLE, "Send the batch again later", later)
        except Exception as error:
            # The place but not the message: a message may quote what a visitor sent.
            frame = traceback.extract_tb(error.__traceback__)[-1]
            _log.error("%s in %s, line %s (%s)", type(error).__name__, frame.filename, frame.lineno, frame.name)
            return _refused(route, request, Reason.INTERNAL_ERROR, "Send the batch again later")

    def _outside(self, request: Request) -> Response:
        """The answer where no protocol is asked."""
        if request.path != HEALTH_PATH:
            return refuse(Reason.NOT_FOUND, f"There are {', '.join(self._routes.paths())} and {HEALTH_PATH}")
        if request.method == "OPTIONS":
            return Response(204, PREFLIGHT_HEADERS)
        if request.method != "GET":
            return refuse(Reason.METHOD_NOT_ALLOWED, "", {"allow": "GET, OPTIONS"})
        return answer({"status": "ok"})

    def _respond(self, route: Route, request: Request) -> Response:
        protocol = route.protocol
        if request.method == "OPTIONS":
            return Response(204, protocol.preflight(request))
        if request.method not in route.methods:
            allow = {"allow": ", ".join([*route.methods, "OPTIONS"])}
            return _refused(route, request, Reason.METHOD_NOT_ALLOWED, "", allow)
        received_at = self._clock()
        submission = protocol.read(request, read_body(request))
        tenant = self._registry.by_write_key(submission.write_key, received_at)
        if tenant is None:
            raise Refusal(
                Reason.UNKNOWN_KEY, f"No tenant has this write key, or it has ended - at {protocol.key_place}"
            )
        self._admission.admit(tenant, submission.write_key, request, len(submission.messages))
        line = self._line(request, protocol, submission, tenant, received_at)
        line = policy.apply(tenant, line, request, submission.unescaped, submission.consents)
        encoded = raw_line.encoded(line)
        if len(encoded.text) > MAX_LINE_BYTES:
            raise Refusal(Reason.BODY_TOO_LARGE, f"Written out, the batch is above {MAX_LINE_BYTES} bytes")
        # Numbered only now: a request that is refused leaves no gap.
        self._sink.write(encoded.numbered(next(self._sequence)))
        response = protocol.answer(request, line.events, line.rejected)
        if headers := policy.answer_headers(tenant, line, request):
            return msgspec.structs.replace(response, headers={**response.headers, **headers})
        return response

    def _line(
        self, request: Request, protocol: ClientProtocol, submission: Submission, tenant: Tenant, received_at: int
    ) -> RawLine:
        events, rejected = protocol.accept(submission, received_at)
        return RawLine(
            version=raw_line.VERSION,
            request_id=safe_text(request.id) or secrets.token_hex(8),
            tenant=tenant.name,
            received_at=received_at,
            protocol=protocol.name,
            instance=self._instance,
            sequence=0,
            events=events,
            rejected=rejected,
            sent_at=submission.sent_at,
            visitor=submission.visitor,
            user=submission.user,
            ip=truncate_address(request.ip),
            user_agent=safe_text(request.headers.get("user-agent", "")[:MAX_USER_AGENT_LENGTH]),
            consent=submission.consent,
            library=submission.library,
            page=submission.page,
            screen=submission.screen,
            country=_country(request.headers.get(COUNTRY_HEADER, "")),
        )


def _country(told: str) -> str:
    return told if len(told) == 2 and told.isascii() and told.isalpha() and told.isupper() else ""


def _refused(
    route: Route, request: Request, reason: Reason, detail: str, headers: dict[str, str] | None = None
) -> Response:
    return route.protocol.refuse(request, status_of(reason), reason, detail, headers)
