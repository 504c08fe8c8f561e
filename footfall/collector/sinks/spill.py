"""Raw lines straight into S3, one object a call: dearer than Firehose, and there when Firehose is not."""

from collections.abc import Sequence

from footfall.collector.aws.errors import AwsError
from footfall.collector.aws.s3 import Bucket
from footfall.collector.sinks.port import SinkUnavailable
from footfall.events import raw_object
from footfall.events.raw_line import EncodedLine

PREFIX = "raw/spill/"
"""Where spill objects lie in the raw bucket. The collector may write here only; the ETL reads all below `raw/`."""
SECONDS = 2.0
ATTEMPTS = 2


def key(line: EncodedLine) -> str:
    """The key of the spill object that begins with this line: no two lines of any process share it."""
    return PREFIX + raw_object.key(line.received_at, f"{line.instance}-{line.sequence:010d}")


class SpillSink:
    """Writes spill objects. An attempt is made twice: the second writes the same bytes under the same key."""

    def __init__(self, bucket: Bucket, seconds: float = SECONDS) -> None:
        """Store the raw bucket, and the time limit of an attempt; nothing is opened yet."""
        self._bucket = bucket
        self._seconds = seconds

    def put(self, lines: Sequence[EncodedLine], records: Sequence[bytes]) -> None:
        """Make lines durable, as one object. `records` are their texts, each with its newline.

        Raises:
            SinkUnavailable: they may not be.
        """
        body = raw_object.compress(b"".join(records))
        for attempt in range(ATTEMPTS):
            try:
                self._bucket.put(key(lines[0]), body, self._seconds)
            except AwsError as error:
                if attempt + 1 == ATTEMPTS or error.status == 403:
                    raise SinkUnavailable(f"S3 took no spill object: {error}") from error
            else:
                return
