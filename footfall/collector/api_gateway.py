"""API Gateway's HTTP API (payload format 2.0) to and from the collector."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from footfall.collector.handler import Collector
from footfall.collector.messages import Request, refuse
from footfall.events.reasons import Reason


def respond(collector: Collector, event: Mapping[str, Any]) -> dict[str, Any]:
    """What the Lambda function returns for an event of API Gateway."""
    context = event["requestContext"]
    http = context["http"]
    body = event.get("body") or ""
    try:
        data = base64.b64decode(body, validate=True) if event.get("isBase64Encoded") else body.encode()
    except (binascii.Error, UnicodeEncodeError, ValueError):
        response = refuse(Reason.BODY_UNREADABLE, "The body is not what isBase64Encoded says")
    else:
        response = collector.handle(
            Request(
                method=http["method"],
                path=event["rawPath"],
                headers=event.get("headers") or {},
                body=data,
                ip=http.get("sourceIp", ""),
                id=context.get("requestId", ""),
            )
        )
    return {
        "statusCode": response.status,
        "headers": dict(response.headers),
        "body": response.body.decode(),
        "isBase64Encoded": False,
    }
