"""The Snowplow tracker protocol: `POST /com.snowplowanalytics.snowplow/tp2`, and the pixel `GET /i`."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from msgspec import Raw, Struct

from footfall.events.addresses import truncate_address
from footfall.events.model import Level, Library, Page, Screen
from footfall.events.raw_line import RawEvent, RawRejected
from footfall.events.reasons import Reason
from footfall.events.refusal import Refusal
from footfall.events.validation import safe_text
from footfall.events.visitor_names import named
from footfall.protocols.cross_origin import PREFLIGHT_HEADERS, with_credentials
from footfall.protocols.foreign_event import MAX_MESSAGES, ForeignEvent, Unreadable, accept, with_fields
from footfall.protocols.json_messages import read_batch, read_message
from footfall.protocols.known_levels import level_of
from footfall.protocols.messages import Request, Response, json_response
from footfall.protocols.port import Checked, Submission

POST_PATH = "/com.snowplowanalytics.snowplow/tp2"
PIXEL_PATH = "/i"
PIXEL = bytes.fromhex("47494638396101000100800000000000ffffff21f90401000000002c00000000010001000002024401003b")
"""A transparent GIF of one pixel."""

_NUMBER = re.compile(r"[0-9]{1,15}")
_RESOLUTION = re.compile(r"([0-9]{1,5})x([0-9]{1,5})")
_SCHEMA = re.compile(r"iglu:[^/]+/([^/]+)/[^/]+/[^/]+")
# What a tracker does not send again; any other status that is not 2xx, it does: for ever.
_DROPPED = {400, 401, 403, 410, 422}

_STRUCTURED = {"se_ca": "category", "se_ac": "action", "se_la": "label", "se_pr": "property", "se_va": "value"}
_USED = {"e", "eid", "aid", "dtm", "stm", "uid", "duid", "nuid", "tnuid", "url", "refr", "page", "res", "ua", "ip"}
_USED |= {"ue_pr", "ue_px", "co", "cx", "tv", *_STRUCTURED}


class _Payload(Struct):
    """The body of a POST: a self-describing JSON, whose schema says nothing that we need."""

    data: list[Raw]


class _Told(Struct):
    """An event's fields, or what is wrong with them; its text as it came; and the write key of its request."""

    text: bytes
    fields: dict[str, str]
    problem: Unreadable | None
    key: str


class _SelfDescribing(Struct):
    """A JSON that names its schema."""

    schema: str
    data: Any = None


class _Envelope(Struct):
    """What holds a self-describing event."""

    data: _SelfDescribing


class _Contexts(Struct):
    """What holds the contexts of an event."""

    data: list[Any]


_payload_decoder = msgspec.json.Decoder(_Payload)
Fields = dict[str, str | int | float | bool | None]
"""An event of a POST: flat, all of it text where a tracker wrote it."""

_fields_decoder = msgspec.json.Decoder(Fields)
_envelope_decoder = msgspec.json.Decoder(_Envelope)
_contexts_decoder = msgspec.json.Decoder(_Contexts)


class Snowplow:
    """The Snowplow protocol. Its trackers drop events on 400, 401, 403, 410 and 422, and send again on all but 2xx.

    So what is not to be sent again is refused with one of these.
    """

    name = "snowplow"
    key_place = "the app id `aid` of the first event"
    routes: Mapping[str, tuple[str, ...]] = {POST_PATH: ("POST",), PIXEL_PATH: ("GET",)}

    def read(self, request: Request, body: bytes) -> Submission:
        """See `ClientProtocol`."""
        messages = _pixel(request) if request.path == PIXEL_PATH else _payload(body)
        key = next((told.fields["aid"] for told in messages if told.fields.get("aid")), "")
        messages = [msgspec.structs.replace(told, key=key) for told in messages]
        first = messages[0].fields
        resolutions = {told.fields.get("res", "") for told in messages}
        return Submission(
            write_key=key,
            sent_at=_whole(first.get("stm", "")) or 0,
            messages=messages,
            library=Library(*_library(first.get("tv", ""))),
            screen=_screen(first.get("res", "")) if len(resolutions) == 1 else Screen(),
        )

    def accept(self, submission: Submission, received_at: int) -> Checked:
        """See `ClientProtocol`."""
        return accept(submission.messages, _read, _text, sent_at=submission.sent_at, received_at=received_at)

    def answer(self, request: Request, events: Sequence[RawEvent], rejected: Sequence[RawRejected]) -> Response:
        """`ok`, or the pixel."""
        kind, body = ("image/gif", PIXEL) if request.path == PIXEL_PATH else ("text/plain; charset=utf-8", b"ok")
        headers = {"content-type": kind, "cache-control": "no-store", "access-control-allow-origin": "*"}
        return Response(200, headers | with_credentials(request), body)

    def refuse(
        self, request: Request, status: int, reason: Reason, detail: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        """`{"error", "detail"}`, with 422 in place of a status on which a tracker would send the same for ever."""
        if 400 <= status < 500 and status != 429 and status not in _DROPPED:
            status = 422
        document = {"error": reason.value, "detail": detail}
        return json_response(document, status, {**with_credentials(request), **(headers or {})})

    def preflight(self, request: Request) -> Mapping[str, str]:
        """See `ClientProtocol`. A browser's tracker sends cookies along."""
        return {**PREFLIGHT_HEADERS, "access-control-allow-headers": "content-type, sp-anonymous"} | with_credentials(
            request
        )


def _pixel(request: Request) -> list[_Told]:
    try:
        fields = dict(parse_qsl(request.query, errors="replace", max_num_fields=200))
    except ValueError as error:
        raise Refusal(Reason.BODY_NOT_A_BATCH, "Expected at most 200 fields - in the query") from error
    return [_Told(request.query.encode("utf-8", "replace"), fields, None, "")]


def _payload(body: bytes) -> list[_Told]:
    told = []
    for message in read_batch(_payload_decoder, body, "data", MAX_MESSAGES).data:
        try:
            fields = read_message(_fields_decoder, message)
            texts = {name: str(value) for name, value in fields.items() if value is not None}
            told.append(_Told(bytes(message), texts, None, ""))
        except Unreadable as problem:
            told.append(_Told(bytes(message), {}, problem, ""))
    return told


def _text(told: _Told) -> bytes:
    return told.text


def _read(told: _Told) -> ForeignEvent:
    if told.problem is not None:
        raise told.problem
    fields = told.fields
    if fields.get("aid") != told.key:
        raise Unreadable(Reason.EVENT_INVALID, "Expected the app id of the request's first event - at `$.aid`")
    read = _EVENTS.get(fields.get("e", ""))
    if read is None:
        raise Unreadable(Reason.EVENT_INVALID, f"Expected one of {', '.join(_EVENTS)} - at `$.e`")
    name, level, properties = read(fields)
    user = fields.get("uid", "")
    browser = fields.get("duid") or fields.get("tnuid") or fields.get("nuid")
    time = _time(fields, "ttm")
    page = Page(fields.get("url", ""), fields.get("refr", ""), fields.get("page", ""))
    own = {"contexts": _contexts(fields), "snowplow": _rest(fields) or None}
    return ForeignEvent(
        name=name,
        level=level,
        properties=with_fields(properties, own),
        visitor=browser or (named("user", user) if user else ""),
        user=user,
        id=fields.get("eid") or None,
        time=_time(fields, "dtm") if time is None else time,
        page=page if page != Page() else None,
        ip=truncate_address(fields.get("ip", "")),
        user_agent=safe_text(fields.get("ua", ""))[:1_024],
    )


_Read = tuple[str, Level, dict[str, Any]]


def _page_view(fields: Mapping[str, str]) -> _Read:
    return "page_view", "mid", {}


def _page_ping(fields: Mapping[str, str]) -> _Read:
    return "page_ping", "mid", {name: _number(text) for name, text in fields.items() if name.startswith("pp_")}


def _structured(fields: Mapping[str, str]) -> _Read:
    """A structured event's name is its action."""
    properties: dict[str, Any] = {ours: fields[theirs] for theirs, ours in _STRUCTURED.items() if theirs in fields}
    if "value" in properties:
        properties["value"] = _number(properties["value"])
    name = fields.get("se_ac", "")
    return name, level_of(name), properties


def _self_describing(fields: Mapping[str, str]) -> _Read:
    """A self-describing event's name is its schema's."""
    event = read_message(_envelope_decoder, _json(fields, "ue_pr", "ue_px")).data
    match = _SCHEMA.fullmatch(event.schema)
    if match is None:
        raise Unreadable(Reason.EVENT_INVALID, "Expected iglu:vendor/name/format/version - at `$.ue_pr.data.schema`")
    data = event.data if isinstance(event.data, dict) else {} if event.data is None else {"data": event.data}
    return match.group(1), level_of(match.group(1)), with_fields(data, {"schema": event.schema})


_EVENTS: dict[str, Callable[[Mapping[str, str]], _Read]] = {
    "pv": _page_view,
    "pp": _page_ping,
    "se": _structured,
    "ue": _self_describing,
}


def _contexts(fields: Mapping[str, str]) -> list[Any] | None:
    if not (fields.get("co") or fields.get("cx")):
        return None
    return read_message(_contexts_decoder, _json(fields, "co", "cx")).data


def _json(fields: Mapping[str, str], plain: str, encoded: str) -> bytes:
    """The JSON of a field that is either plain or base64, with or without its padding, of either alphabet."""
    if fields.get(plain):
        return fields[plain].encode()
    text = fields.get(encoded, "").rstrip("=").translate(str.maketrans("-_ ", "+/+"))
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except (binascii.Error, ValueError) as error:
        raise Unreadable(Reason.EVENT_INVALID, f"Expected base64 - at `$.{encoded}`") from error


def _rest(fields: Mapping[str, str]) -> dict[str, str]:
    """The fields that are used for nothing else, under Snowplow's names."""
    used = _USED - {"dtm"} if "ttm" in fields else _USED
    return {name: text for name, text in fields.items() if name not in used and not name.startswith("pp_")}


def _time(fields: Mapping[str, str], name: str) -> int | None:
    text = fields.get(name, "")
    time = _whole(text)
    if text and time is None:
        raise Unreadable(Reason.EVENT_INVALID, f"Expected milliseconds since 1970 - at `$.{name}`")
    return time


def _whole(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) else None


def _number(text: str) -> int | float | str:
    """A number where the text is one that reads back the same; else the text."""
    try:
        number = float(text)
    except ValueError:
        return text
    whole = _whole(text)
    return whole if whole is not None else number if repr(number) == text and number - number == 0 else text


def _library(version: str) -> tuple[str, str]:
    """Name and version of a tracker, of `js-3.24.0` or `py-1.1.0`."""
    name, _, number = safe_text(version).rpartition("-")
    return (name or number)[:64], (number if name else "")[:32]


def _screen(resolution: str) -> Screen:
    match = _RESOLUTION.fullmatch(resolution)
    return Screen(int(match.group(1)), int(match.group(2))) if match else Screen()
