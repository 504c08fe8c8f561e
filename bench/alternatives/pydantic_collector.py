"""A collector in pydantic v2 and boto3, one Firehose record a request, as a competent user would write it.

Its models clean the addresses that events carry. What it does not have is a policy for visitors who do not consent.
"""

import base64
import hashlib
import ipaddress
import itertools
import json
import zlib
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from bench.alternatives.pydantic_events import Batch, Event, Line, Rejected, StoredEvent

MAX_BYTES = 1_048_576
DAY = 86_400_000


class PydanticCollector:
    """Answers events of API Gateway."""

    def __init__(
        self,
        tenant_of: Callable[[str], str | None],
        put: Callable[[bytes], object],
        clock: Callable[[], int],
        instance: str,
    ) -> None:
        """Store the parts.

        Args:
            tenant_of: the tenant's name of a write key's SHA-256.
            put: makes a line durable.
            clock: the time in epoch milliseconds.
            instance: names this process.
        """
        self.tenant_of, self.put, self.clock, self.instance = tenant_of, put, clock, instance
        self.sequence = itertools.count()

    def handle(self, event: dict[str, Any]) -> dict[str, Any]:
        """The answer to a request."""
        http = event["requestContext"]["http"]
        if (http["method"], event["rawPath"]) != ("POST", "/v1/events"):
            return _answer(404, {"error": "not_found"})
        received_at = self.clock()
        try:
            body = _body(event)
            batch = Batch.model_validate_json(body)
        except (ValueError, zlib.error) as error:  # pydantic's ValidationError is a ValueError
            return _answer(400, {"error": "body_not_a_batch", "detail": str(error)[:300]})
        tenant = self.tenant_of(hashlib.sha256(batch.write_key.encode()).hexdigest())
        if tenant is None:
            return _answer(401, {"error": "unknown_key"})
        events, rejected = _check(batch)
        line = Line(
            version=1,
            request_id=event["requestContext"]["requestId"],
            tenant=tenant,
            received_at=received_at,
            protocol="native",
            instance=self.instance,
            sequence=next(self.sequence),
            events=events,
            rejected=rejected,
            sent_at=batch.sent_at,
            visitor=batch.visitor,
            user=batch.user or "",
            ip=_truncated(http["sourceIp"]),
            user_agent=event["headers"].get("user-agent", "")[:1_024],
            consent=batch.consent,
            library=batch.library,
            page=batch.page,
            screen=batch.screen,
        )
        self.put(line.model_dump_json(exclude_defaults=True).encode() + b"\n")
        errors = [{"index": one.index, "reason": one.reason, "detail": one.detail} for one in rejected]
        return _answer(200, {"accepted": len(events), "rejected": len(rejected), "errors": errors})


def _body(event: dict[str, Any]) -> bytes:
    body = base64.b64decode(event["body"]) if event["isBase64Encoded"] else event["body"].encode()
    if event["headers"].get("content-encoding") == "gzip":
        body = zlib.decompressobj(wbits=31).decompress(body, MAX_BYTES + 1)
    if len(body) > MAX_BYTES:
        raise ValueError("the body is too large")
    return bytes(body)


def _check(batch: Batch) -> tuple[list[StoredEvent], list[Rejected]]:
    accepted, rejected = [], []
    for index, raw in enumerate(batch.events):
        try:
            event = Event.model_validate(raw)
        except ValidationError as error:
            rejected.append(_rejected(index, "event_invalid", str(error), raw))
            continue
        if event.time > batch.sent_at + DAY:
            rejected.append(_rejected(index, "time_in_future", "", raw))
        elif event.time < batch.sent_at - 400 * DAY:
            rejected.append(_rejected(index, "time_too_old", "", raw))
        else:
            accepted.append(
                StoredEvent(
                    index=index,
                    id=event.id,
                    name=event.name,
                    level=event.level,
                    time=event.time,
                    properties=event.properties,
                    page=event.page,
                )
            )
    return accepted, rejected


def _rejected(index: int, reason: str, detail: str, raw: object) -> Rejected:
    return Rejected(index=index, reason=reason, detail=detail[:300], text=json.dumps(raw)[:8_192])


def _truncated(address: str) -> str:
    parsed = ipaddress.ip_address(address)
    network = ipaddress.ip_network(f"{address}/{24 if parsed.version == 4 else 48}", strict=False)
    return str(network.network_address)


def _answer(status: int, document: object) -> dict[str, Any]:
    headers = {"content-type": "application/json", "access-control-allow-origin": "*", "cache-control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": json.dumps(document), "isBase64Encoded": False}
