"""Raw lines into a Firehose delivery stream, one record a line."""

from collections.abc import Callable, Sequence

from msgspec import Struct

from footfall.collector.aws.errors import AwsError
from footfall.collector.aws.firehose import Stream

MAX_RECORD_BYTES = 1_000_000
"""What a record may hold, newline included. Firehose's own limit is 1,000 KiB."""
BUDGET_SECONDS = 0.3
"""How long Firehose may take, all attempts and pauses together, before its records go elsewhere."""
FIRST_PAUSE_SECONDS = 0.02
LEAST_SECONDS = 0.04
"""The least time that is worth another attempt."""

_HOPELESS = {
    "AccessDeniedException",
    "InvalidArgumentException",
    "InvalidKMSResourceException",
    "NoCredentials",
    "ResourceNotFoundException",
    "UnrecognizedClientException",
}


class Left(Struct, frozen=True):
    """What Firehose did not take, or did not say that it took: the records' places, and the last reason."""

    places: list[int]
    why: str


class FirehoseSink:
    """Puts records on a stream within a time limit.

    A record is durable once Firehose has taken it, and in S3 within the stream's buffer time. One that Firehose
    refuses is put again, alone, with growing pauses, as long as the time allows.
    """

    def __init__(
        self,
        stream: Stream,
        monotonic: Callable[[], float],
        pause: Callable[[float], None],
        budget_seconds: float = BUDGET_SECONDS,
    ) -> None:
        """Store the parts; nothing is opened yet.

        Args:
            stream: the delivery stream.
            monotonic: a clock in seconds that never goes back, such as `time.monotonic`.
            pause: waits for so many seconds, such as `time.sleep`.
            budget_seconds: the time limit of a `put`.
        """
        self._stream = stream
        self._monotonic = monotonic
        self._pause = pause
        self._budget_seconds = budget_seconds

    def put(self, records: Sequence[bytes]) -> Left | None:
        """Put records (at most 500, 4 MiB) on the stream. None where Firehose has taken all of them."""
        deadline = self._monotonic() + self._budget_seconds
        waiting = list(range(len(records)))
        pause = FIRST_PAUSE_SECONDS
        while True:
            try:
                failed = self._stream.put([records[place] for place in waiting], deadline - self._monotonic())
            except AwsError as error:
                why = error.code
            else:
                why = next((code for code in failed if code), "")
                waiting = [place for place, code in zip(waiting, failed, strict=True) if code]
            if not waiting:
                return None
            if why in _HOPELESS or deadline - self._monotonic() < pause + LEAST_SECONDS:
                return Left(waiting, why)
            self._pause(pause)
            pause *= 2
            if deadline - self._monotonic() < LEAST_SECONDS:
                return Left(waiting, why)
