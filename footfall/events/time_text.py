"""Times as a user writes them: `2026-03-01`, `2026-03-01T12:30`, with a zone or in UTC."""

from datetime import UTC, datetime

from footfall.errors import FootfallError


def epoch_ms(text: str) -> int:
    """The time in epoch milliseconds; one without a zone is UTC.

    Raises:
        FootfallError: it is no time in ISO 8601.
    """
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise FootfallError(f"{text!r} is no time: write 2026-03-01 or 2026-03-01T12:30 (UTC).") from error
    return int((found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp() * 1000)
