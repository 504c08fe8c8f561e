"""The collector as an OpenAPI document, from the structs: `python -m footfall.collector.openapi` writes it.

Only the native protocol is in it; the others are described by those who made them.
"""

import json
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from footfall.collector.body import MAX_BODY_BYTES
from footfall.collector.handler import HEALTH_PATH, RETRY_AFTER_SECONDS
from footfall.events.model import Batch
from footfall.events.reasons import Reason
from footfall.protocols import native

FILE = Path(__file__).resolve().parents[2] / "contract" / "collector.openapi.json"


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


class Health(Struct):
    """The collector answers."""

    status: Literal["ok"]


def document() -> dict[str, Any]:
    """The document."""
    roots = (Batch, Taken, Refused, Health)
    references, components = msgspec.json.schema_components(roots, ref_template="#/components/schemas/{name}")
    batch, taken, refused, health = references
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Footfall collector",
            "version": "1",
            "description": "Takes batches of events in. Each event is judged alone: a 200 may hold rejected ones.",
        },
        "servers": [{"url": "http://127.0.0.1:8080", "description": "footfall up"}],
        "paths": {
            native.PATH: {
                "post": {
                    "operationId": "collect",
                    "summary": "Take a batch of events in",
                    "requestBody": {
                        "required": True,
                        "description": (
                            f"At most {MAX_BODY_BYTES} bytes, before and after inflating, gzip being understood. "
                            "text/plain needs no preflight in a browser. Beyond the schema: integers are written "
                            "without a fraction (1, not 1.0), and no text holds NUL."
                        ),
                        "content": {kind: {"schema": batch} for kind in ("text/plain", "application/json")},
                    },
                    "responses": {
                        "200": _answer("Stored. Do not send it again.", taken),
                        "400": _answer("The body is no batch. Sent again as it is, it is refused again.", refused),
                        "401": _answer("The write key is not known, or has ended.", refused),
                        "403": _answer("Pages of this origin may not send with this write key.", refused),
                        "413": _answer("The body is too large: send fewer events a request.", refused),
                        "429": _answer("The write key has used up its quota: send later.", refused, later=True),
                        "500": _answer("A fault of the collector: keep the batch, send it again later.", refused),
                        "503": _answer("Perhaps not stored: keep the batch, send it again later.", refused, later=True),
                    },
                }
            },
            HEALTH_PATH: {
                "get": {
                    "operationId": "health",
                    "summary": "Whether the collector answers",
                    "responses": {"200": _answer("It does.", health)},
                }
            },
        },
        "components": {"schemas": components},
    }


def text() -> str:
    """The document as it is written."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


def _answer(meaning: str, schema: dict[str, Any], *, later: bool = False) -> dict[str, Any]:
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


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
    print(FILE)
