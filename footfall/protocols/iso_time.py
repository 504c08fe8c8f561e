"""Times of other protocols' clients: ISO 8601, in UTC where they name no offset."""

from datetime import UTC, datetime, timedelta

from footfall.events.reasons import Reason
from footfall.protocols.foreign_event import Unreadable

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


def read_time(text: str | None, place: str) -> int | None:
    """Epoch milliseconds; None for None or an empty text.

    Raises:
        Unreadable: it is no time; the detail names the place.
    """
    if not text:
        return None
    try:
        time = datetime.fromisoformat(text)
        return ((time if time.tzinfo else time.replace(tzinfo=UTC)) - _EPOCH) // _MILLISECOND
    except (ValueError, OverflowError) as error:
        raise Unreadable(Reason.EVENT_INVALID, f"Expected a time in ISO 8601 - at `{place}`") from error


def read_time_or_zero(text: str | None) -> int:
    """Epoch milliseconds; 0 where it is no time, or one before 1970 or after 9999: a clock that tells nothing."""
    try:
        time = read_time(text, "")
    except Unreadable:
        return 0
    return time if time is not None and time > 0 else 0
