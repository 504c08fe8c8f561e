"""The sink on AWS: Firehose, and where Firehose does not take a line in time, a spill object."""

import logging
from collections.abc import Sequence

from footfall.collector.sinks.firehose import MAX_RECORD_BYTES, FirehoseSink
from footfall.collector.sinks.port import SinkUnavailable
from footfall.collector.sinks.spill import SpillSink
from footfall.collector.sinks.spill_mode import SpillMode
from footfall.events.raw_line import EncodedLine

_log = logging.getLogger("footfall.collector")


class DurableSink:
    """Makes lines durable in one of two ways; only where both fail is it unavailable.

    What Firehose took without saying so in time is written twice, in Firehose and in a spill object, as the same line;
    the lake keeps one. Safe to use from several threads.
    """

    def __init__(self, firehose: FirehoseSink, spill: SpillSink, mode: SpillMode) -> None:
        """Store the parts; nothing is opened yet."""
        self._firehose = firehose
        self._spill = spill
        self._mode = mode

    def write(self, line: EncodedLine) -> None:
        """Make a line durable, of whatever size.

        Raises:
            SinkUnavailable: it may not be.
        """
        self.write_all([line])

    def write_all(self, lines: Sequence[EncodedLine]) -> None:
        """Make several lines (at most 500, 4 MiB) durable. Those that Firehose does not take become one spill object.

        Raises:
            SinkUnavailable: at least one may not be.
        """
        records = [line.text + b"\n" for line in lines]
        small = [place for place, record in enumerate(records) if len(record) <= MAX_RECORD_BYTES]
        large = [place for place, record in enumerate(records) if len(record) > MAX_RECORD_BYTES]
        trusted = bool(small) and self._mode.lets_through()
        left = (self._put(small, records) if trusted else small) + large
        if not left:
            return
        try:
            self._spill.put([lines[place] for place in left], [records[place] for place in left])
        except SinkUnavailable:
            # In spill mode Firehose has not been asked yet, and may be well again.
            if trusted or large or self._put(small, records):
                raise

    def close(self) -> None:
        """Nothing is held back: nothing to do."""

    def _put(self, places: list[int], records: list[bytes]) -> list[int]:
        """Offer records to Firehose. Returns the places of those it left."""
        left = self._firehose.put([records[place] for place in places])
        if left is None:
            if self._mode.succeeded():
                _log.warning("Firehose takes records again: spill mode ends")
            return []
        if self._mode.failed():
            _log.error("Firehose takes no records (%s): spill mode begins", left.why)
        return [places[place] for place in left.places]
