"""Why a request, an event or a line was refused: one code each, with what to do about it."""

from enum import StrEnum


class Reason(StrEnum):
    """Reason codes: of a whole request (the answer's `error`), or of one event or line (in quarantine)."""

    UNKNOWN_KEY = "unknown_key"
    ORIGIN_NOT_ALLOWED = "origin_not_allowed"
    QUOTA_EXCEEDED = "quota_exceeded"
    NOT_FOUND = "not_found"
    METHOD_NOT_ALLOWED = "method_not_allowed"
    UNAVAILABLE = "unavailable"
    INTERNAL_ERROR = "internal_error"
    BODY_TOO_LARGE = "body_too_large"
    BODY_UNREADABLE = "body_unreadable"
    BODY_NOT_JSON = "body_not_json"
    BODY_NOT_A_BATCH = "body_not_a_batch"
    TOO_MANY_EVENTS = "too_many_events"
    EVENT_NOT_JSON = "event_not_json"
    EVENT_INVALID = "event_invalid"
    PROPERTIES_TOO_DEEP = "properties_too_deep"
    TIME_IN_FUTURE = "time_in_future"
    TIME_TOO_OLD = "time_too_old"
    LINE_UNREADABLE = "line_unreadable"
    LINE_DAMAGED = "line_damaged"


WHAT_TO_DO: dict[Reason, str] = {
    Reason.UNKNOWN_KEY: "Use a write key that `footfall tenant add` or `rotate-key` showed, and that still works.",
    Reason.ORIGIN_NOT_ALLOWED: "Add the page's origin: `footfall tenant set NAME origins=...`.",
    Reason.QUOTA_EXCEEDED: "Send the batch again after the seconds that Retry-After names, or raise the quota.",
    Reason.NOT_FOUND: "Send events to POST /v1/events.",
    Reason.METHOD_NOT_ALLOWED: "Use the method that the answer's Allow header names.",
    Reason.UNAVAILABLE: "Keep the batch and send it again after the seconds that Retry-After names.",
    Reason.INTERNAL_ERROR: "Keep the batch and send it again later; tell the operator, who finds the place in the log.",
    Reason.BODY_TOO_LARGE: "Send fewer events a request: at most 1 MiB.",
    Reason.BODY_UNREADABLE: "Send the body plain, or as gzip with Content-Encoding: gzip.",
    Reason.BODY_NOT_JSON: "Send one JSON object in UTF-8; the answer names the byte.",
    Reason.BODY_NOT_A_BATCH: "Send write_key, sent_at, visitor and events; the answer names the place.",
    Reason.TOO_MANY_EVENTS: "Split the batch: at most 500 events.",
    Reason.EVENT_NOT_JSON: "Send JSON that can be read back: no number beyond a double, no lone surrogate.",
    Reason.EVENT_INVALID: "Mend the field that the detail names; docs/events.md lists all of them.",
    Reason.PROPERTIES_TOO_DEEP: "Nest properties at most 20 levels deep.",
    Reason.TIME_IN_FUTURE: "Take time and sent_at from one clock: the event is over a day after the batch was sent.",
    Reason.TIME_TOO_OLD: "Send events within 400 days, or import them from a file.",
    Reason.LINE_UNREADABLE: "Mend the line of the file (or its mapping) that the detail names, and import it again.",
    Reason.LINE_DAMAGED: "The raw object was changed after it was written: restore the object, then replay it.",
}
