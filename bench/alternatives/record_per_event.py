"""The usual way into Firehose: one record an event, each with what is known of its request."""

import json
from collections.abc import Mapping
from typing import Any


def records(event: dict[str, Any], tenants: Mapping[str, str], received_at: int) -> list[bytes]:
    """The records of a request that came through API Gateway, a JSON line each."""
    batch = json.loads(event["body"])
    context = {
        "tenant": tenants[batch["write_key"]],
        "received_at": received_at,
        "sent_at": batch["sent_at"],
        "visitor": batch["visitor"],
        "user_agent": event["headers"]["user-agent"],
        "page": batch.get("page", {}),
    }
    lines = [json.dumps(context | {"event": one}, separators=(",", ":")) for one in batch["events"]]
    return [line.encode() + b"\n" for line in lines]
