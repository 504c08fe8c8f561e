"""The collector's answers, as an OpenAPI document tells them."""

from typing import Any

from msgspec import Struct

from footfall.collector.handler import RETRY_AFTER_SECONDS
from footfall.events.reasons import Reason


class RejectedEvent(Struct):
    """An event that is in quarantine: its place in the batch, counted from 0, the reason's code, and what was wrong."""

    index: int
    reason: Reason
    detail: str


class Taken(Struct):
    """All events are stored durably: the accepted ones, and the rejected ones in quarantine."""

    accepted: int
    rejected: int
    errors: list[RejectedEvent]


class Refused(Struct):
    """Nothing is stored: the reason's code, and the place."""

    error: Reason
    detail: str


_REFUSALS = {
    400: "The body is none of this protocol. Sent again as it is, it is refused again.",
    401: "The write key is not known, or has ended.",
    403: "Pages of this origin may not send with this write key.",
    413: "The body is too large: send fewer events a request.",
    429: "The write key has used up its quota: send later.",
    500: "A fault of the collector: keep the events, send them again later.",
    503: "Perhaps not stored: keep the events, send them again later.",
}


def refusals(schema: dict[str, Any], *, too_large: int = 413) -> dict[str, Any]:
    """The answers to a request that is not taken, by their statuses; each has a body of this schema."""
    statuses = {too_large if status == 413 else status: meaning for status, meaning in _REFUSALS.items()}
    return {
        str(status): responds(meaning, schema, later=status in (429, 503))
        for status, meaning in sorted(statuses.items())
    }


def responds(meaning: str, schema: dict[str, Any], *, later: bool = False) -> dict[str, Any]:
    """An answer with a JSON body; `later`: it says after how many seconds to send again."""
    answer: dict[str, Any] = {"description": meaning, "content": {"application/json": {"schema": schema}}}
    if later:
        answer["headers"] = {
            "Retry-After": {
                "description": "After how many seconds.",
                "required": True,
                "schema": {"type": "integer", "minimum": 1, "examples": [RETRY_AFTER_SECONDS]},
            }
        }
    return answer
