"""The port to where raw lines are made durable."""

from typing import Protocol

from footfall.events.raw_line import EncodedLine


class SinkUnavailable(Exception):  # noqa: N818
    """The line may not be durable: the request must not be acknowledged. It may have been written all the same."""


class Sink(Protocol):
    """Where raw lines go."""

    def write(self, line: EncodedLine) -> None:
        """Make a line durable; it is when this returns.

        Raises:
            SinkUnavailable: it may not be.
        """

    def close(self) -> None:
        """End; what was written stays. Nothing may be written after."""
