"""The collector as an OpenAPI document, from the structs: `python -m footfall.collector.openapi` writes it.

The native protocol is told whole; of the others what we read of a request, and what we answer (`openapi_foreign`).
"""

import json
from pathlib import Path
from typing import Any, Literal

import msgspec
from msgspec import Struct

from footfall.collector import openapi_foreign
from footfall.collector.body import MAX_BODY_BYTES
from footfall.collector.handler import HEALTH_PATH
from footfall.collector.openapi_answers import Refused, Taken, refusals, responds
from footfall.events.model import Batch
from footfall.protocols import native

FILE = Path(__file__).resolve().parents[2] / "contract" / "collector.openapi.json"


class Health(Struct):
    """The collector answers."""

    status: Literal["ok"]


def document() -> dict[str, Any]:
    """The document."""
    roots = (Batch, Taken, Refused, Health, *openapi_foreign.ROOTS)
    references, components = msgspec.json.schema_components(roots, ref_template="#/components/schemas/{name}")
    batch, taken, refused, health, *foreign = references
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
                        "200": responds("Stored. Do not send it again.", taken),
                        **refusals(refused),
                    },
                }
            },
            **openapi_foreign.paths(dict(zip(openapi_foreign.ROOTS, foreign, strict=True)), refused),
            HEALTH_PATH: {
                "get": {
                    "operationId": "health",
                    "summary": "Whether the collector answers",
                    "responses": {"200": responds("It does.", health)},
                }
            },
        },
        "components": {"schemas": components},
    }


def text() -> str:
    """The document as it is written."""
    return json.dumps(document(), indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
    print(FILE)
