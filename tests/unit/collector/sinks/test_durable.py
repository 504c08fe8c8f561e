"""Firehose first, a spill object where it fails, and the way back."""

import gzip
import logging
from collections.abc import Callable, Sequence

import msgspec
import pytest

from footfall.collector.aws.errors import AwsError
from footfall.collector.sinks import spill
from footfall.collector.sinks.durable import DurableSink
from footfall.collector.sinks.firehose import MAX_RECORD_BYTES, FirehoseSink
from footfall.collector.sinks.port import SinkUnavailable
from footfall.collector.sinks.spill import SpillSink
from footfall.collector.sinks.spill_mode import FAILURES, FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS, SpillMode
from footfall.events import raw_line
from footfall.events.raw_line import RawEvent, RawLine

Lines = Callable[[int], RawLine]


class Aws:
    """Both services: each is well, or answers with an error; and the clock."""

    def __init__(self) -> None:
        self.now = 0.0
        self.firehose_error = self.s3_error = ""
        self.refused: set[int] = set()
        self.firehose_calls = self.s3_calls = 0
        self.taken: list[bytes] = []
        self.objects: dict[str, bytes] = {}
        firehose = FirehoseSink(Stream(self), lambda: self.now, self._pause)
        self.mode = SpillMode(lambda: self.now)
        self.sink = DurableSink(firehose, SpillSink(Bucket(self)), self.mode)

    def _pause(self, seconds: float) -> None:
        self.now += seconds

    def spilling(self) -> bool:
        return self.mode.on

    def spilled(self) -> list[RawLine]:
        texts = [gzip.decompress(body).splitlines(keepends=True) for body in self.objects.values()]
        return [raw_line.decode(text.removesuffix(b"\n")) for lines in texts for text in lines]


class Stream:
    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    def put(self, records: Sequence[bytes], seconds: float) -> list[str]:
        self._aws.firehose_calls += 1
        if self._aws.firehose_error:
            raise AwsError(self._aws.firehose_error, 400)
        assert all(len(record) <= 1_024_000 for record in records)
        sequences = [raw_line.decode(record[:-1]).sequence for record in records]
        refused = [sequence in self._aws.refused for sequence in sequences]
        self._aws.taken += [record for record, no in zip(records, refused, strict=True) if not no]
        return ["ServiceUnavailableException" if no else "" for no in refused]


class Bucket:
    def __init__(self, aws: Aws) -> None:
        self._aws = aws

    def put(self, key: str, body: bytes, seconds: float) -> None:
        self._aws.s3_calls += 1
        if self._aws.s3_error:
            raise AwsError(self._aws.s3_error, 503)
        self._aws.objects[key] = body


@pytest.fixture
def aws() -> Aws:
    return Aws()


def _large(line: RawLine) -> RawLine:
    event = RawEvent(0, "large", "page_view", "mid", line.received_at, {"text": ["x" * 60_000] * 17})
    return msgspec.structs.replace(line, events=[event])


def test_a_line_that_firehose_takes_is_not_spilled(aws: Aws, line: Lines) -> None:
    aws.sink.write(raw_line.encoded(line(7)))
    assert aws.taken == [raw_line.encode(line(7)) + b"\n"]
    assert aws.objects == {}


@pytest.mark.parametrize("error", ["ThrottlingException", "InternalFailure", "Timeout", "AccessDeniedException"])
def test_a_line_that_firehose_does_not_take_is_a_raw_object_of_its_own(aws: Aws, line: Lines, error: str) -> None:
    aws.firehose_error = error
    aws.sink.write(raw_line.encoded(line(7)))
    assert aws.spilled() == [line(7)]
    assert list(aws.objects) == ["raw/spill/2026/01/01/00/i-1-0000000007.json.gz"]


def test_of_several_lines_only_those_left_are_spilled_together(aws: Aws, line: Lines) -> None:
    aws.refused = {1, 3}
    aws.sink.write_all([raw_line.encoded(line(number)) for number in range(5)])
    assert [raw_line.decode(record[:-1]).sequence for record in aws.taken] == [0, 2, 4]
    assert aws.spilled() == [line(1), line(3)]
    assert len(aws.objects) == 1


def test_both_away_is_unavailable(aws: Aws, line: Lines) -> None:
    aws.firehose_error = aws.s3_error = "ServiceUnavailableException"
    with pytest.raises(SinkUnavailable):
        aws.sink.write(raw_line.encoded(line(0)))
    assert aws.s3_calls == spill.ATTEMPTS


def test_a_record_above_firehoses_limit_goes_straight_to_a_spill_object(aws: Aws, line: Lines) -> None:
    large = _large(line(0))
    assert len(raw_line.encode(large)) > MAX_RECORD_BYTES
    aws.sink.write_all([raw_line.encoded(large), raw_line.encoded(line(1))])
    assert aws.spilled() == [large]
    assert aws.taken == [raw_line.encode(line(1)) + b"\n"]
    aws.s3_error = "SlowDown"
    with pytest.raises(SinkUnavailable):
        aws.sink.write(raw_line.encoded(large))


@pytest.mark.parametrize("excess", [0, 1])
def test_the_limit_of_a_record_counts_its_newline(aws: Aws, line: Lines, excess: int) -> None:
    spare = MAX_RECORD_BYTES - 1 - len(raw_line.encode(msgspec.structs.replace(line(0), user_agent="x"))) + 1
    grown = msgspec.structs.replace(line(0), user_agent="x" * (spare + excess))
    aws.sink.write(raw_line.encoded(grown))
    assert (len(aws.taken), len(aws.objects)) == (1 - excess, excess)


def test_spill_mode_begins_after_failures_in_a_row_and_leaves_firehose_alone(aws: Aws, line: Lines) -> None:
    for number in range(FAILURES - 1):
        aws.firehose_error = "Timeout"
        aws.sink.write(raw_line.encoded(line(number)))
    aws.firehose_error = ""
    aws.sink.write(raw_line.encoded(line(10)))
    assert not aws.spilling()
    aws.firehose_error = "Timeout"
    for number in range(20, 20 + FAILURES):
        aws.sink.write(raw_line.encoded(line(number)))
    calls = aws.firehose_calls
    for number in range(50, 60):
        aws.sink.write(raw_line.encoded(line(number)))
    assert aws.spilling()
    assert aws.firehose_calls == calls
    assert {50, 59} <= {spilled.sequence for spilled in aws.spilled()}


def test_it_goes_back_to_firehose_by_itself_and_stays(aws: Aws, line: Lines, caplog: pytest.LogCaptureFixture) -> None:
    aws.firehose_error = "Timeout"
    for number in range(FAILURES):
        aws.sink.write(raw_line.encoded(line(number)))
    aws.firehose_error = ""
    aws.sink.write(raw_line.encoded(line(10)))
    assert aws.taken == []
    aws.now += FIRST_PAUSE_SECONDS
    with caplog.at_level(logging.WARNING):
        for number in range(20, 25):
            aws.sink.write(raw_line.encoded(line(number)))
    assert [raw_line.decode(record[:-1]).sequence for record in aws.taken] == [20, 21, 22, 23, 24]
    assert not aws.spilling()
    assert caplog.text.count("spill mode ends") == 1


def test_while_firehose_stays_away_it_is_asked_ever_more_rarely(aws: Aws, line: Lines) -> None:
    aws.firehose_error = "AccessDeniedException"
    asked = []
    for number in range(600):
        before = aws.firehose_calls
        aws.sink.write(raw_line.encoded(line(number)))
        if aws.firehose_calls > before:
            asked.append(aws.now)
        aws.now += 1
    gaps = [after - before for before, after in zip(asked[FAILURES - 1 :], asked[FAILURES:], strict=False)]
    assert gaps[:3] == [FIRST_PAUSE_SECONDS, 2 * FIRST_PAUSE_SECONDS, 4 * FIRST_PAUSE_SECONDS]
    assert gaps == sorted(gaps)
    assert gaps[-1] == LONGEST_PAUSE_SECONDS
    assert len(aws.spilled()) == 600


def test_in_spill_mode_a_line_that_s3_does_not_take_is_offered_to_firehose(aws: Aws, line: Lines) -> None:
    aws.firehose_error = "Timeout"
    for number in range(FAILURES):
        aws.sink.write(raw_line.encoded(line(number)))
    aws.firehose_error, aws.s3_error = "", "SlowDown"
    aws.sink.write(raw_line.encoded(line(10)))
    assert len(aws.taken) == 1
    assert not aws.spilling()


def test_one_request_at_a_time_probes(aws: Aws) -> None:
    for _ in range(FAILURES):
        aws.mode.failed()
    aws.now += FIRST_PAUSE_SECONDS
    assert [aws.mode.lets_through() for _ in range(5)] == [True, False, False, False, False]
    # The one that probed was killed, say, and never told: another follows all the same.
    aws.now += LONGEST_PAUSE_SECONDS
    assert aws.mode.lets_through()
