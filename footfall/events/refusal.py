"""A whole request that is refused."""

from footfall.events.reasons import Reason


class Refusal(Exception):  # noqa: N818
    """The request is not acknowledged and nothing of it is kept; the client is told the code and the place."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
