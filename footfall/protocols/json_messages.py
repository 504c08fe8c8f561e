"""JSON bodies of other protocols: the body as a whole, and each message in it alone."""

from typing import TypeVar

import msgspec
from msgspec import Raw, Struct

from footfall.events.reasons import Reason
from footfall.events.refusal import Refusal
from footfall.protocols.foreign_event import Unreadable
from footfall.protocols.rescue import split_events

_Type = TypeVar("_Type")
_Envelope = TypeVar("_Envelope", bound=Struct)


def read_body(decoder: msgspec.json.Decoder[_Type], body: bytes) -> _Type:
    """A body as a whole.

    Raises:
        Refusal: it is no JSON, or not of the decoder's type; the detail names the place.
    """
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        raise Refusal(Reason.BODY_NOT_A_BATCH, str(error)) from error
    except RecursionError as error:
        raise Refusal(Reason.BODY_NOT_A_BATCH, "Nested too deep") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal(Reason.BODY_NOT_JSON, str(error)) from error


def read_batch(decoder: msgspec.json.Decoder[_Envelope], body: bytes, field: str, most: int) -> _Envelope:
    """A body whose messages (Raw) are the array `field` of its outer object, none of them looked at.

    A message that no JSON reader takes spoils only itself.

    Args:
        decoder: of the outer object.
        body: the body.
        field: the array's name, in JSON and in the struct.
        most: how many messages it may have; at least one.

    Raises:
        Refusal: as in `read_body`, or there are too many messages, or none.
    """
    try:
        batch = read_body(decoder, body)
    except Refusal:
        rescued = split_events(body, field.encode())
        if rescued is None:
            raise
        head, messages = rescued
        batch = msgspec.structs.replace(read_body(decoder, head), **{field: messages})
    messages = getattr(batch, field)
    if not messages:
        raise Refusal(Reason.BODY_NOT_A_BATCH, f"Expected at least one event - at `$.{field}`")
    if len(messages) > most:
        raise Refusal(Reason.TOO_MANY_EVENTS, f"{len(messages)} events, at most {most} - at `$.{field}`")
    return batch


def read_message(decoder: msgspec.json.Decoder[_Type], text: bytes | Raw) -> _Type:
    """One message.

    Raises:
        Unreadable: it is no JSON, or not of the decoder's type; the detail names the place.
    """
    try:
        return decoder.decode(text)
    except RecursionError as error:
        raise Unreadable(Reason.PROPERTIES_TOO_DEEP, "Nested too deep") from error
    except msgspec.ValidationError as error:
        reason = Reason.EVENT_NOT_JSON if "out of range" in str(error) else Reason.EVENT_INVALID
        raise Unreadable(reason, str(error)) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Unreadable(Reason.EVENT_NOT_JSON, str(error)) from error
