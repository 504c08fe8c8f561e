"""The protocol of PredictionIO's event server: `POST /events.json` and `POST /batch/events.json`.

Reading events back and deleting them one by one is not for a lake: these are refused, with the way that there is.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs

import msgspec
from msgspec import Raw, Struct

from footfall.events.raw_line import RawEvent, RawRejected
from footfall.events.reasons import Reason
from footfall.events.refusal import Refusal
from footfall.events.visitor_names import named
from footfall.protocols.basic_auth import basic_user
from footfall.protocols.cross_origin import PREFLIGHT_HEADERS
from footfall.protocols.foreign_event import ForeignEvent, Unreadable, accept, with_fields
from footfall.protocols.iso_time import read_time
from footfall.protocols.json_messages import read_body, read_message
from footfall.protocols.known_levels import level_of
from footfall.protocols.messages import Request, Response, json_response
from footfall.protocols.port import Checked, Submission
from footfall.protocols.rescue import split_events

MAX_BATCH = 50
_SINGLE_PATH = "/events.json"
_BATCH_PATH = "/batch/events.json"
_EVENT_PATH = "/events/{id}"
_OF_AN_ENTITY = {"$set", "$unset", "$delete"}
_ENTITY_TYPES = {"pio_pr"}

_REFUSED_METHOD = (
    "A lake takes events in through this door and gives none back: ask for events in SQL (`footfall query`), and have "
    "a visitor's events removed by the lake's operator."
)


class EntityEvent(Struct, rename="camel"):
    """An event as PredictionIO has it. Ids may be numbers; `creationTime` and other fields are ignored."""

    event: str
    entity_type: str
    entity_id: str | int
    target_entity_type: str | None = None
    target_entity_id: str | int | None = None
    properties: dict[str, Any] | None = None
    event_time: str | None = None
    event_id: str | None = None
    pr_id: str | None = None
    tags: list[str] | None = None


class _Batch(Struct, forbid_unknown_fields=True):
    """A batch's array, put into an object."""

    events: list[Raw]


class _Told(Struct):
    """An event's JSON, and the channel that its request names."""

    text: Raw
    channel: str


_event_decoder = msgspec.json.Decoder(EntityEvent)
_batch_decoder = msgspec.json.Decoder(_Batch)
_array_decoder = msgspec.json.Decoder(list[Raw])
_any_decoder = msgspec.json.Decoder(dict[str, Raw])


class PredictionIO:
    """The PredictionIO protocol. Its clients take 201 (a batch: 200) for success, and raise an error on all else."""

    name = "predictionio"
    key_place = "`accessKey` of the query, or the user of Basic authentication"
    routes: Mapping[str, tuple[str, ...]] = {_SINGLE_PATH: ("POST",), _BATCH_PATH: ("POST",), _EVENT_PATH: ()}

    def read(self, request: Request, body: bytes) -> Submission:
        """See `ClientProtocol`."""
        query = parse_qs(request.query, errors="replace")
        channel = query.get("channel", [""])[0]
        if request.path == _BATCH_PATH:
            messages = _read_array(body)
        else:
            read_body(_any_decoder, body)
            messages = [Raw(body)]
        return Submission(
            write_key=query.get("accessKey", [""])[0] or basic_user(request),
            sent_at=0,
            messages=[_Told(message, channel) for message in messages],
        )

    def accept(self, submission: Submission, received_at: int) -> Checked:
        """See `ClientProtocol`."""
        return accept(submission.messages, _read, _text, sent_at=0, received_at=received_at)

    def answer(self, request: Request, events: Sequence[RawEvent], rejected: Sequence[RawRejected]) -> Response:
        """201 `{"eventId"}`, or 400 `{"message"}` where the event went to quarantine; of a batch, one of them each."""
        told: dict[int, tuple[int, dict[str, str]]] = {event.index: (201, {"eventId": event.id}) for event in events}
        told |= {one.index: (400, {"message": f"{one.reason}: {one.detail}"}) for one in rejected}
        if request.path == _BATCH_PATH:
            return json_response([{"status": status, **document} for _, (status, document) in sorted(told.items())])
        status, document = told[0]
        return json_response(document, status)

    def refuse(
        self, request: Request, status: int, reason: Reason, detail: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        """`{"message"}`."""
        if reason is Reason.METHOD_NOT_ALLOWED:
            return json_response({"message": _REFUSED_METHOD}, status, headers)
        return json_response({"message": f"{reason.value}: {detail}"}, status, headers)

    def preflight(self, request: Request) -> Mapping[str, str]:
        """See `ClientProtocol`."""
        return PREFLIGHT_HEADERS


def _read_array(body: bytes) -> list[Raw]:
    """The messages of a batch, none of them looked at: one that no JSON reader takes spoils only itself."""
    try:
        messages = read_body(_array_decoder, body)
    except Refusal:
        rescued = split_events(b'{"events":' + body + b"}")
        if rescued is None:
            raise
        head, messages = rescued
        read_body(_batch_decoder, head)
    if not messages:
        raise Refusal(Reason.BODY_NOT_A_BATCH, "Expected at least one event - at `$`")
    if len(messages) > MAX_BATCH:
        raise Refusal(Reason.TOO_MANY_EVENTS, f"{len(messages)} events, at most {MAX_BATCH} - at `$`")
    return messages


def _text(told: _Told) -> bytes:
    return bytes(told.text)


def _read(told: _Told) -> ForeignEvent:
    event = read_message(_event_decoder, told.text)
    _check(event)
    entity_id = str(event.entity_id)
    fields = {
        "entityType": event.entity_type,
        "entityId": entity_id,
        "targetEntityType": event.target_entity_type,
        "targetEntityId": None if event.target_entity_id is None else str(event.target_entity_id),
        "prId": event.pr_id,
        "tags": event.tags or None,
        "channel": told.channel or None,
    }
    return ForeignEvent(
        name=event.event,
        level=level_of(event.event),
        properties=with_fields(dict(event.properties or {}), fields),
        visitor=named(event.entity_type, entity_id),
        by_nobody=event.event in _OF_AN_ENTITY,
        user=entity_id if event.entity_type == "user" else "",
        id=event.event_id,
        time=read_time(event.event_time, "$.eventTime"),
    )


def _check(event: EntityEvent) -> None:
    """The rules of PredictionIO's own event server."""
    target = (event.target_entity_type, event.target_entity_id)
    problems = {
        "Expected a name - at `$.event`": not event.event,
        "Expected a type - at `$.entityType`": not event.entity_type,
        "Expected an id - at `$.entityId`": event.entity_id == "",
        "Expected both targetEntityType and targetEntityId, or neither - at `$`": (target[0] is None)
        != (target[1] is None),
        "Expected texts that are not empty - at `$.targetEntityId`": "" in target,
        "$set, $unset and $delete have no target - at `$.targetEntityId`": event.event in _OF_AN_ENTITY
        and target != (None, None),
        "$unset names properties - at `$.properties`": event.event == "$unset" and not event.properties,
        "Names that begin with $ or pio_ are reserved - at `$.event`": event.event.startswith(("$", "pio_"))
        and event.event not in _OF_AN_ENTITY,
        "Types that begin with pio_ are reserved - at `$.entityType`": _reserved(event.entity_type),
        "Types that begin with pio_ are reserved - at `$.targetEntityType`": _reserved(event.target_entity_type or ""),
    }
    for detail, broken in problems.items():
        if broken:
            raise Unreadable(Reason.EVENT_INVALID, detail)


def _reserved(entity_type: str) -> bool:
    return entity_type.startswith("pio_") and entity_type not in _ENTITY_TYPES
