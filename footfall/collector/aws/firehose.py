"""Firehose's PutRecordBatch."""

from collections.abc import Sequence
from typing import Protocol

import msgspec
from msgspec import Struct

from footfall.collector.aws.errors import AwsError
from footfall.collector.aws.service import Service


class Stream(Protocol):
    """A delivery stream, as a sink sees it."""

    def put(self, records: Sequence[bytes], seconds: float) -> list[str]:
        """Put records on it, at most 500 and 4 MiB, within so many seconds.

        Returns:
            For each record why it was not taken: AWS's error code, or nothing where it was.

        Raises:
            AwsError: the call failed. After a timeout, the records may have been taken.
        """


class _Outcome(Struct):
    ErrorCode: str | None = None


class _Answer(Struct):
    FailedPutCount: int
    RequestResponses: list[_Outcome]


_decoder = msgspec.json.Decoder(_Answer)


class FirehoseStream:
    """A delivery stream of Firehose."""

    def __init__(self, service: Service, name: str) -> None:
        """Store the parts; nothing is opened yet."""
        self._service = service
        self._name = name

    def put(self, records: Sequence[bytes], seconds: float) -> list[str]:
        """As `Stream.put`."""
        document = {"DeliveryStreamName": self._name, "Records": [{"Data": record} for record in records]}
        body = self._service.call("Firehose_20150804.PutRecordBatch", "1.1", document, seconds)
        try:
            answer = _decoder.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            raise AwsError("AnswerUnreadable", 200) from error
        failed = [outcome.ErrorCode or "" for outcome in answer.RequestResponses]
        if len(failed) != len(records) or sum(map(bool, failed)) != answer.FailedPutCount:
            raise AwsError("AnswerUnreadable", 200)
        return failed
