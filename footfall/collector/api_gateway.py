"""API Gateway's HTTP API (payload format 2.0) to and from the collector."""

import base64
import binascii
from collections.abc import Mapping
from typing import Any

from footfall.collector.handler import Collector
from footfall.collector.messages import Request, Response, refuse
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
                headers=_headers(event),
                body=data,
                ip=http.get("sourceIp", ""),
                id=context.get("requestId", ""),
                query=event.get("rawQueryString") or "",
            )
        )
    return _result(response)


def _headers(event: Mapping[str, Any]) -> Mapping[str, str]:
    """The headers; API Gateway takes the cookies out of them, and here they come back."""
    headers: Mapping[str, str] = event.get("headers") or {}
    cookies = event.get("cookies")
    return {**headers, "cookie": "; ".join(cookies)} if cookies else headers


def _result(response: Response) -> dict[str, Any]:
    try:
        body, is_base64 = response.body.decode(), False
    except UnicodeDecodeError:
        body, is_base64 = base64.b64encode(response.body).decode(), True
    result = {
        "statusCode": response.status,
        "headers": dict(response.headers),
        "body": body,
        "isBase64Encoded": is_base64,
    }
    return result | {"cookies": list(response.cookies)} if response.cookies else result
