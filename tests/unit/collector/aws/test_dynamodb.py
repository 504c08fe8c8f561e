"""DynamoDB's GetItem, as the registry of tenants asks for it."""

from collections.abc import Sequence

import pytest

from footfall.collector.aws.dynamodb import ATTEMPTS, DynamoDbItems
from footfall.collector.aws.errors import AwsError
from footfall.events.tenants import RegistryUnavailable

KEY = {"pk": {"S": "key#1"}}
FOUND = b'{"Item":{"tenant":{"S":"shop"}}}'


class FakeService:
    """Answers each call with the next of its answers, or fails with it."""

    def __init__(self, answers: Sequence[bytes | AwsError]) -> None:
        self.answers = list(answers)

    def call(self, target: str, version: str, document: object, seconds: float) -> bytes:
        assert (target, document) == ("DynamoDB_20120810.GetItem", {"TableName": "tenants", "Key": KEY})
        answer = self.answers.pop(0)
        if isinstance(answer, AwsError):
            raise answer
        return answer


def _get(*answers: bytes | AwsError) -> dict[str, object]:
    return DynamoDbItems(FakeService(answers)).get_item(TableName="tenants", Key=KEY)  # type: ignore[arg-type]


@pytest.mark.parametrize("before", [[], [AwsError("Timeout")], [b"nonsense"]])
def test_an_item_is_asked_for_once_more_where_it_did_not_come(before: list[bytes | AwsError]) -> None:
    assert _get(*before, FOUND) == {"Item": {"tenant": {"S": "shop"}}}


@pytest.mark.parametrize(
    ("answer", "code"), [(AwsError("ThrottlingException", 400), "ThrottlingException"), (b"[]", "AnswerUnreadable")]
)
def test_a_table_that_cannot_be_read_is_told_with_its_name_and_the_reason(answer: bytes | AwsError, code: str) -> None:
    with pytest.raises(RegistryUnavailable, match=f"tenants cannot be read: {code}"):
        _get(*[answer] * ATTEMPTS)
