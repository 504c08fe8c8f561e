"""The native protocol: `POST /v1/events` with one batch, as `footfall.events.model.Batch` says."""

from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Raw

from footfall.events import validation
from footfall.events.model import MAX_EVENTS_PER_BATCH, Batch
from footfall.events.raw_line import RawEvent, RawRejected
from footfall.events.reasons import Reason
from footfall.events.refusal import Refusal
from footfall.events.sound_batch import read_sound
from footfall.protocols.cross_origin import PREFLIGHT_HEADERS
from footfall.protocols.messages import Request, Response, json_response
from footfall.protocols.port import Checked, Submission
from footfall.protocols.rescue import split_events

NAME = "native"
PATH = "/v1/events"


class Native:
    """The native protocol. Its clients keep a batch on 429 and 5xx, and drop it on any other status."""

    name = NAME
    key_place = "`$.write_key`"
    routes: Mapping[str, tuple[str, ...]] = {PATH: ("POST",)}

    def read(self, request: Request, body: bytes) -> Submission:
        """See `ClientProtocol`."""
        sound = read_sound(body)
        batch = read(body) if sound is None else sound.batch
        return Submission(
            batch.write_key,
            batch.sent_at,
            batch.events if sound is None else sound.events,
            batch.visitor,
            batch.user or "",
            batch.consent,
            batch.library,
            batch.page,
            batch.screen,
            b"" if sound is None else sound.unescaped,
        )

    def accept(self, submission: Submission, received_at: int) -> Checked:
        """See `ClientProtocol`."""
        messages = submission.messages
        if isinstance(messages[0], RawEvent):
            return list(messages), []
        return validation.accept(messages, sent_at=submission.sent_at)

    def answer(self, request: Request, events: Sequence[RawEvent], rejected: Sequence[RawRejected]) -> Response:
        """Always 200: `{"accepted", "rejected", "errors"}`."""
        return json_response({"accepted": len(events), "rejected": len(rejected), "errors": errors_of(rejected)})

    def refuse(
        self, request: Request, status: int, reason: Reason, detail: str, headers: Mapping[str, str] | None = None
    ) -> Response:
        """`{"error": code, "detail": place}`."""
        return json_response({"error": reason.value, "detail": detail}, status, headers)

    def preflight(self, request: Request) -> Mapping[str, str]:
        """See `ClientProtocol`."""
        return PREFLIGHT_HEADERS


def errors_of(rejected: Sequence[RawRejected]) -> list[dict[str, str | int]]:
    """What the client is told of each rejected event."""
    return [{"index": one.index, "reason": one.reason, "detail": one.detail} for one in rejected]


class Envelope(Batch, frozen=True, forbid_unknown_fields=True, omit_defaults=True, kw_only=True):
    """A batch whose events are still text, each to be read alone."""

    events: list[Raw]  # type: ignore[assignment]


_decoder = msgspec.json.Decoder(Envelope)


def read(body: bytes) -> Envelope:
    """The batch of a body, its events not looked at yet.

    Raises:
        Refusal: the body is no batch; the detail names the place.
    """
    try:
        envelope = _decode(body)
    except msgspec.ValidationError as error:
        raise Refusal(Reason.BODY_NOT_A_BATCH, str(error)) from error
    except RecursionError as error:
        raise Refusal(Reason.BODY_NOT_A_BATCH, "Nested too deep") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal(Reason.BODY_NOT_JSON, str(error)) from error
    _refuse_nul(envelope)
    if not envelope.events:
        raise Refusal(Reason.BODY_NOT_A_BATCH, "Expected at least one event - at `$.events`")
    if len(envelope.events) > MAX_EVENTS_PER_BATCH:
        raise Refusal(
            Reason.TOO_MANY_EVENTS, f"{len(envelope.events)} events, at most {MAX_EVENTS_PER_BATCH} - at `$.events`"
        )
    return envelope


def _decode(body: bytes) -> Envelope:
    try:
        return _decoder.decode(body)
    except msgspec.ValidationError:
        raise
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        rescued = split_events(body)
        if rescued is None:
            raise
        head, events = rescued
        return msgspec.structs.replace(_decoder.decode(head), events=events)


def _refuse_nul(envelope: Envelope) -> None:
    page, library = envelope.page, envelope.library
    texts = {
        "$.visitor": envelope.visitor,
        "$.user": envelope.user or "",
        "$.page.url": page.url,
        "$.page.referrer": page.referrer,
        "$.page.title": page.title,
        "$.library.name": library.name,
        "$.library.version": library.version,
    }
    for place, text in texts.items():
        if "\0" in text:
            raise Refusal(Reason.BODY_NOT_A_BATCH, f"NUL characters (\\u0000) cannot be stored - at `{place}`")
