"""DynamoDB's GetItem, in the shape of the SDK's client: the registry of tenants takes either."""

from typing import Any

import msgspec

from footfall.collector.aws.errors import AwsError
from footfall.collector.aws.service import Service
from footfall.events.tenants import RegistryUnavailable

SECONDS = 1.0
ATTEMPTS = 2


class DynamoDbItems:
    """Reads items. It stands in for a boto3 DynamoDB client where GetItem is all that is asked of it."""

    def __init__(self, service: Service) -> None:
        """Store the service; nothing is opened yet."""
        self._service = service

    def get_item(self, *, TableName: str, Key: dict[str, Any]) -> dict[str, Any]:  # noqa: N803
        """The answer's document: `{"Item": {...}}`, or without it where there is none.

        Raises:
            RegistryUnavailable: DynamoDB refuses, or does not answer, twice.
        """
        for attempt in range(ATTEMPTS):
            try:
                body = self._service.call(
                    "DynamoDB_20120810.GetItem", "1.0", {"TableName": TableName, "Key": Key}, SECONDS
                )
                found: dict[str, Any] = msgspec.json.decode(body, type=dict[str, Any])
            except (AwsError, msgspec.DecodeError, UnicodeDecodeError) as error:
                if attempt + 1 < ATTEMPTS:
                    continue
                code = error.code if isinstance(error, AwsError) else "AnswerUnreadable"
                raise RegistryUnavailable(f"{TableName} cannot be read: {code}.") from error
            return found
        raise AssertionError
