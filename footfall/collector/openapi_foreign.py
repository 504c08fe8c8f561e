"""The paths of other systems' protocols in the OpenAPI document: what we read of a request, and what we answer.

Fields that are not named are ignored, or kept as docs/protocols.md says; each event is judged alone, as natively.
"""

from typing import Annotated, Any

from msgspec import Meta, Struct

from footfall.collector.openapi_answers import RejectedEvent, refusals, responds
from footfall.protocols import segment, snowplow
from footfall.protocols.foreign_event import MAX_MESSAGES
from footfall.protocols.predictionio import MAX_BATCH, EntityEvent, PredictionIO
from footfall.protocols.segment import SegmentCall


class SegmentSingle(SegmentCall, rename="camel"):
    """A call alone. The write key is here, or the user of Basic authentication."""

    write_key: str | None = None
    sent_at: str | None = None


class SegmentBatch(Struct, rename="camel"):
    """A batch of calls; its context is the default of theirs."""

    batch: Annotated[list[SegmentCall], Meta(min_length=1, max_length=MAX_MESSAGES)]
    write_key: str | None = None
    sent_at: str | None = None
    context: dict[str, Any] | None = None


class SegmentTaken(Struct):
    """All events are stored durably: the accepted ones, and the rejected ones in quarantine."""

    success: bool
    accepted: int
    rejected: int
    errors: list[RejectedEvent]


class SegmentRefused(Struct):
    """Nothing is stored: the reason's code, and the place."""

    success: bool
    code: str
    message: str


class EventTaken(Struct, rename="camel"):
    """The id that the event is stored under."""

    event_id: str


class Message(Struct):
    """What is wrong: the reason's code, and the place."""

    message: str


class EventJudged(Struct, rename="camel"):
    """What became of an event of a batch: 201 and its id, or 400 and why it went to quarantine."""

    status: int
    event_id: str = ""
    message: str = ""


class SnowplowPayload(Struct):
    """A POST of a Snowplow tracker: events of flat fields, the first with the write key as its app id `aid`."""

    schema: str
    data: Annotated[list[snowplow.Fields], Meta(min_length=1, max_length=MAX_MESSAGES)]


ROOTS = (
    SegmentSingle,
    SegmentBatch,
    SegmentTaken,
    SegmentRefused,
    EntityEvent,
    EventTaken,
    Message,
    EventJudged,
    SnowplowPayload,
)


def paths(schemas: dict[Any, dict[str, Any]], refused: dict[str, Any]) -> dict[str, Any]:
    """The path items. `schemas` are references to those of ROOTS, `refused` to the native body of a refusal."""
    return _segment(schemas) | _predictionio(schemas) | _snowplow(schemas[SnowplowPayload], refused)


def _segment(schemas: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    answers = {
        "200": responds("Stored. Do not send it again.", schemas[SegmentTaken]),
        **refusals(schemas[SegmentRefused]),
    }
    return {
        path: _post(
            f"segment{path.replace('/v1/', '').title()}",
            f"Segment: {segment.SINGLE.get(path, 'batch')}",
            schemas[SegmentSingle if path in segment.SINGLE else SegmentBatch],
            answers,
        )
        for path in segment.Segment.routes
    }


def _predictionio(schemas: dict[Any, dict[str, Any]]) -> dict[str, Any]:
    single, batch, _ = PredictionIO.routes
    key = _query("accessKey", "The write key; it may be the user of Basic authentication instead.")
    parameters = [key, _query("channel", "Becomes the property `channel`.")]
    refusal = refusals(schemas[Message])
    taken = {"201": responds("Stored.", schemas[EventTaken])}
    judged = {"200": responds("Each is stored, or in quarantine.", {"type": "array", "items": schemas[EventJudged]})}
    many = {"type": "array", "items": schemas[EntityEvent], "minItems": 1, "maxItems": MAX_BATCH}
    return {
        single: _post("predictionioEvent", "PredictionIO: an event", schemas[EntityEvent], taken | refusal, parameters),
        batch: _post("predictionioBatch", "PredictionIO: events", many, judged | refusal, parameters),
    }


def _snowplow(payload: dict[str, Any], refused: dict[str, Any]) -> dict[str, Any]:
    refusal = refusals(refused, too_large=422)
    ok = {"description": "Stored.", "content": {"text/plain": {"schema": {"type": "string", "const": "ok"}}}}
    image = {"description": "Stored.", "content": {"image/gif": {"schema": {"type": "string", "format": "binary"}}}}
    kind = {**_query("e", "The kind of event."), "schema": {"enum": ["pv", "pp", "se", "ue"]}}
    fields = {
        "aid": "The write key.",
        "eid": "The event's id.",
        "dtm": "When it happened, in milliseconds since 1970.",
        "duid": "The visitor.",
        "url": "The page's address.",
    }
    pixel = {
        "operationId": "snowplowPixel",
        "summary": "Snowplow: an event in the query of an image",
        "parameters": [kind, *(_query(name, meaning) for name, meaning in fields.items())],
        "responses": {"200": image, **refusal},
    }
    post = _post("snowplowPost", "Snowplow: events", payload, {"200": ok, **refusal})
    return {snowplow.POST_PATH: post, snowplow.PIXEL_PATH: {"get": pixel}}


def _post(
    name: str,
    summary: str,
    schema: dict[str, Any],
    responses: dict[str, Any],
    parameters: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": name,
        "summary": summary,
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": responses,
    }
    return {"post": operation | ({"parameters": parameters} if parameters else {})}


def _query(name: str, meaning: str) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": meaning, "schema": {"type": "string"}}
