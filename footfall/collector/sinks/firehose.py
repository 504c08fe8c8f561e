"""Raw lines into a Firehose delivery stream, one record a line."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from footfall.collector.sinks.port import SinkUnavailable
from footfall.events import raw_line
from footfall.events.raw_line import RawLine

if TYPE_CHECKING:
    from mypy_boto3_firehose import FirehoseClient
    from mypy_boto3_firehose.type_defs import RecordTypeDef

ATTEMPTS = 4
FIRST_PAUSE_SECONDS = 0.05

_HOPELESS = {
    "AccessDeniedException",
    "InvalidArgumentException",
    "ResourceNotFoundException",
    "UnrecognizedClientException",
}


class FirehoseSink:
    """Puts lines on a stream; a line is durable once Firehose has taken it, and in S3 within the stream's buffer time.

    A record that Firehose refuses (throttling) is put again, alone, a few times with growing pauses.
    """

    def __init__(self, client: "FirehoseClient", stream: str, pause: Callable[[float], None]) -> None:
        """Store the parts; nothing is opened yet.

        Args:
            client: a boto3 Firehose client; its timeouts and own retries are the caller's choice.
            stream: the delivery stream's name.
            pause: waits for so many seconds, such as `time.sleep`.
        """
        self._client = client
        self._stream = stream
        self._pause = pause

    def write(self, line: RawLine) -> None:
        """Make a line durable.

        Raises:
            SinkUnavailable: Firehose did not take it, or did not say so.
        """
        self.write_all([line])

    def write_all(self, lines: Sequence[RawLine]) -> None:
        """Make several lines (at most 500, 4 MiB) durable in one call.

        Raises:
            SinkUnavailable: at least one may not be.
        """
        waiting: list[RecordTypeDef] = [{"Data": raw_line.encode(line) + b"\n"} for line in lines]
        why = ""
        for attempt in range(ATTEMPTS):
            if attempt:
                self._pause(FIRST_PAUSE_SECONDS * 2 ** (attempt - 1))
            try:
                answer = self._client.put_record_batch(DeliveryStreamName=self._stream, Records=waiting)
            except ClientError as error:
                why = error.response.get("Error", {}).get("Code", "") or type(error).__name__
                if why in _HOPELESS:
                    break
            except BotoCoreError as error:
                why = type(error).__name__
            else:
                if not answer["FailedPutCount"]:
                    return
                outcomes = list(zip(waiting, answer["RequestResponses"], strict=True))
                waiting = [record for record, outcome in outcomes if outcome.get("ErrorCode")]
                why = next(outcome["ErrorCode"] for _, outcome in outcomes if outcome.get("ErrorCode"))
        raise SinkUnavailable(f"Firehose stream {self._stream} took {len(lines) - len(waiting)} of {len(lines)}: {why}")

    def close(self) -> None:
        """Nothing is held back: nothing to do."""
