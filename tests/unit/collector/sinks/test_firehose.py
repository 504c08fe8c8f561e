"""The Firehose sink: acknowledged only once Firehose has every record."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from footfall.collector.sinks.firehose import ATTEMPTS, FirehoseSink
from footfall.collector.sinks.port import SinkUnavailable
from footfall.events.raw_line import RawLine

Lines = Callable[[int], RawLine]


class FakeFirehose:
    """Takes records as it is told: each call's turn is an error to raise, or the places of records to refuse."""

    def __init__(self, *turns: Exception | set[int]) -> None:
        self._turns = list(turns)
        self.calls: list[list[int]] = []
        self.taken: list[int] = []

    def put_record_batch(self, *, DeliveryStreamName: str, Records: list[dict[str, bytes]]) -> dict[str, Any]:  # noqa: N803
        assert DeliveryStreamName == "stream"
        assert all(record["Data"].endswith(b"}\n") and record["Data"].count(b"\n") == 1 for record in Records)
        numbers = [json.loads(record["Data"])["sequence"] for record in Records]
        self.calls.append(numbers)
        turn = self._turns.pop(0) if self._turns else set()
        if isinstance(turn, Exception):
            raise turn
        self.taken += [number for place, number in enumerate(numbers) if place not in turn]
        outcomes: list[dict[str, str]] = [
            {"ErrorCode": "ServiceUnavailableException"} if place in turn else {"RecordId": str(number)}
            for place, number in enumerate(numbers)
        ]
        return {"FailedPutCount": len(turn), "RequestResponses": outcomes}


def _sink(client: FakeFirehose, pauses: list[float] | None = None) -> FirehoseSink:
    return FirehoseSink(client, "stream", (pauses if pauses is not None else []).append)  # type: ignore[arg-type]


def _error(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": ""}}, "PutRecordBatch")


def test_a_line_is_one_record(line: Lines) -> None:
    client = FakeFirehose()
    _sink(client).write(line(7))
    assert client.calls == [[7]]


def test_only_the_records_that_failed_are_put_again(line: Lines) -> None:
    client = FakeFirehose({1, 3}, {0})
    _sink(client).write_all([line(number) for number in range(4)])
    assert client.calls == [[0, 1, 2, 3], [1, 3], [1]]
    assert sorted(client.taken) == [0, 1, 2, 3]


@pytest.mark.parametrize(
    "error", [_error("ServiceUnavailableException"), _error("InternalFailure"), ReadTimeoutError(endpoint_url="here")]
)
def test_a_passing_failure_is_tried_again_after_a_growing_pause(line: Lines, error: Exception) -> None:
    client, pauses = FakeFirehose(error, error), list[float]()
    _sink(client, pauses).write(line(0))
    assert client.taken == [0]
    assert pauses == sorted(set(pauses))
    assert len(pauses) == 2


def test_a_stream_that_stays_away_is_said_to_be_unavailable(line: Lines) -> None:
    client = FakeFirehose(*[{0}] * ATTEMPTS)
    with pytest.raises(SinkUnavailable, match="ServiceUnavailableException"):
        _sink(client).write(line(0))
    assert len(client.calls) == ATTEMPTS


@pytest.mark.parametrize("code", ["ResourceNotFoundException", "AccessDeniedException"])
def test_what_will_never_work_is_not_tried_again(line: Lines, code: str) -> None:
    client = FakeFirehose(_error(code))
    with pytest.raises(SinkUnavailable, match=code):
        _sink(client).write(line(0))
    assert len(client.calls) == 1
