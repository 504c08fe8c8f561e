"""A whole request that is refused."""

from footfall.events.reasons import Reason


class Refusal(Exception):  # noqa: N818
    """The request is not acknowledged and nothing of it is kept; the client is told the code and the place.

    `retry_after` is the seconds after which the same request may be taken in; 0 where it never will.
    """

    def __init__(self, reason: Reason, detail: str = "", retry_after: int = 0) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.retry_after = retry_after
