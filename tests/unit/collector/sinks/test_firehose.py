"""Putting records on a stream within a time limit."""

import pytest

from footfall.collector.aws.errors import AwsError
from footfall.collector.sinks.firehose import BUDGET_SECONDS, FirehoseSink, Left

RECORDS = [b"0\n", b"1\n", b"2\n", b"3\n"]
REFUSED = "ServiceUnavailableException"


class FakeStream:
    """Takes records as it is told: a turn is an error to raise, or the records to refuse. Each takes its time."""

    def __init__(self, *turns: AwsError | set[bytes], seconds: float = 0.01) -> None:
        self._turns = list(turns)
        self._seconds = seconds
        self.now = 100.0
        self.calls: list[list[bytes]] = []

    def put(self, records: list[bytes], seconds: float) -> list[str]:
        assert seconds > 0
        self.calls.append(list(records))
        turn = self._turns.pop(0) if self._turns else set()
        if self._seconds > seconds:
            self.now += seconds
            raise AwsError("Timeout")
        self.now += self._seconds
        if isinstance(turn, AwsError):
            raise turn
        return [REFUSED if record in turn else "" for record in records]

    def pause(self, seconds: float) -> None:
        self.now += seconds


def _sink(stream: FakeStream) -> FirehoseSink:
    return FirehoseSink(stream, lambda: stream.now, stream.pause)  # type: ignore[arg-type]


def test_records_go_in_one_call() -> None:
    stream = FakeStream()
    assert _sink(stream).put(RECORDS) is None
    assert stream.calls == [RECORDS]


def test_only_the_records_that_failed_are_put_again() -> None:
    stream = FakeStream({b"1\n", b"3\n"}, {b"3\n"})
    assert _sink(stream).put(RECORDS) is None
    assert stream.calls == [RECORDS, [b"1\n", b"3\n"], [b"3\n"]]


def test_those_that_keep_failing_are_left_and_named() -> None:
    stream = FakeStream(*[{b"1\n", b"3\n"}] * 99)
    assert _sink(stream).put(RECORDS) == Left([1, 3], REFUSED)


@pytest.mark.parametrize("code", ["ThrottlingException", "InternalFailure", "ConnectionFailed", "AnswerUnreadable"])
def test_a_passing_failure_is_tried_again(code: str) -> None:
    stream = FakeStream(AwsError(code), AwsError(code))
    assert _sink(stream).put(RECORDS) is None
    assert stream.calls == [RECORDS] * 3


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "AccessDeniedException", "NoCredentials"])
def test_what_will_never_work_is_not_tried_again(code: str) -> None:
    stream = FakeStream(AwsError(code))
    assert _sink(stream).put(RECORDS) == Left([0, 1, 2, 3], code)
    assert len(stream.calls) == 1


@pytest.mark.parametrize("seconds", [0.0, 0.001, 0.05, 0.1, 0.29, 0.4, 30.0])
def test_all_of_it_stays_within_its_time(seconds: float) -> None:
    stream = FakeStream(*[AwsError("InternalFailure")] * 99, seconds=seconds)
    left = _sink(stream).put(RECORDS)
    assert left is not None
    assert left.places == [0, 1, 2, 3]
    assert stream.now - 100.0 <= BUDGET_SECONDS + 1e-9
    assert len(stream.calls) <= 5
