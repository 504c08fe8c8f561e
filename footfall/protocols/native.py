"""The native protocol: `POST /v1/events` with one batch, as `footfall.events.model.Batch` says."""

import msgspec
from msgspec import Raw

from footfall.events.model import MAX_EVENTS_PER_BATCH, Batch
from footfall.events.reasons import Reason
from footfall.events.refusal import Refusal
from footfall.protocols.rescue import split_events

NAME = "native"
PATH = "/v1/events"


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
