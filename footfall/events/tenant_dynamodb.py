"""The registry of tenants on AWS: a DynamoDB table with string partition key `pk`.

Two kinds of items: `key#<sha256 of a write key>` names its tenant; `tenant#<name>` holds the tenant as JSON, keys and
settings. So a collector reads two items for a key it has not seen, and needs no right but GetItem.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from footfall.events.tenants import RegistryUnavailable, Tenant, hash_write_key, seen_through

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

STALENESS_SECONDS = 60.0
OUTAGE_SECONDS = 900.0
"""How old what is known of a key may be while DynamoDB does not answer."""
RETRY_SECONDS = 5.0
"""While it does not, how often a key that is known asks again: each asking may take seconds."""
_MOST_KEYS = 10_000

_decoder = msgspec.json.Decoder(Tenant)


class DynamoDbTenants:
    """The tenants of a table.

    What is known of a key is read again after 60 seconds, so a change takes effect within that time; unknown keys are
    remembered too. At most 10,000 keys are remembered. While DynamoDB does not answer, a key that was good stays so
    for 15 minutes since it was read last, until its own end.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        monotonic: Callable[[], float],
        outage_seconds: float = OUTAGE_SECONDS,
    ) -> None:
        """Store the parts; nothing is opened yet.

        Args:
            client: a boto3 DynamoDB client, or what has its `get_item` and raises RegistryUnavailable itself.
            table: the table's name.
            monotonic: a clock in seconds that never goes back, such as `time.monotonic`.
            outage_seconds: how old what is known of a key may be while DynamoDB does not answer.
        """
        self._outage_seconds = outage_seconds
        self._ask_again = float("-inf")
        self._client = client
        self._table = table
        self._monotonic = monotonic
        self._known: OrderedDict[str, tuple[float, Tenant | None]] = OrderedDict()
        self._lock = threading.Lock()

    def by_write_key(self, write_key: str, now: int) -> Tenant | None:
        """The tenant whose key this is at `now` (epoch ms), as seen through the key; or None.

        Raises:
            RegistryUnavailable: DynamoDB does not answer, and nothing is known of the key, or for too long.
        """
        sha256 = hash_write_key(write_key)
        tenant = self._tenant_of(sha256)
        if tenant is None:
            return None
        key = next((key for key in tenant.keys if key.sha256 == sha256 and key.works(now)), None)
        return None if key is None else seen_through(tenant, key)

    def all(self) -> tuple[Tenant, ...]:
        """Every tenant, by name. Reads the whole table.

        Raises:
            RegistryUnavailable: DynamoDB does not answer.
        """
        try:
            pages = self._client.get_paginator("scan").paginate(
                TableName=self._table,
                FilterExpression="begins_with(pk, :tenant)",
                ExpressionAttributeValues={":tenant": {"S": "tenant#"}},
            )
            documents = [item["document"]["S"] for page in pages for item in page["Items"]]
        except _sdk_errors() as error:
            raise _unavailable(error) from error
        return tuple(sorted((_decoder.decode(text) for text in documents), key=lambda tenant: tenant.name))

    def save(self, tenant: Tenant) -> None:
        """Write a tenant and its keys. The keys' items come last, so that none names a tenant that is not there.

        Raises:
            RegistryUnavailable: DynamoDB does not answer.
        """
        document = msgspec.json.encode(tenant).decode()
        try:
            self._client.put_item(
                TableName=self._table, Item={"pk": {"S": f"tenant#{tenant.name}"}, "document": {"S": document}}
            )
            for key in tenant.keys:
                self._client.put_item(
                    TableName=self._table, Item={"pk": {"S": f"key#{key.sha256}"}, "tenant": {"S": tenant.name}}
                )
        except _sdk_errors() as error:
            raise _unavailable(error) from error

    def _tenant_of(self, sha256: str) -> Tenant | None:
        now = self._monotonic()
        with self._lock:
            known = self._known.get(sha256)
        if known is not None and now - known[0] < STALENESS_SECONDS:
            return known[1]
        usable = known is not None and known[1] is not None and now - known[0] < self._outage_seconds
        if known is not None and usable and now < self._ask_again:
            return known[1]
        try:
            tenant = self._fetch(sha256)
        except RegistryUnavailable:
            self._ask_again = self._monotonic() + RETRY_SECONDS
            if known is None or not usable:
                raise
            return known[1]
        with self._lock:
            self._known[sha256] = (now, tenant)
            self._known.move_to_end(sha256)
            while len(self._known) > _MOST_KEYS:
                self._known.popitem(last=False)
        return tenant

    def _fetch(self, sha256: str) -> Tenant | None:
        try:
            named = self._client.get_item(TableName=self._table, Key={"pk": {"S": f"key#{sha256}"}}).get("Item")
            if named is None:
                return None
            name = named["tenant"]["S"]
            item = self._client.get_item(TableName=self._table, Key={"pk": {"S": f"tenant#{name}"}}).get("Item")
        except _sdk_errors() as error:
            raise _unavailable(error) from error
        return None if item is None else _decoder.decode(item["document"]["S"])


def _sdk_errors() -> tuple[type[Exception], ...]:
    """What a boto3 client raises. It is asked for where something was raised: the collector's own client needs none."""
    from botocore.exceptions import BotoCoreError, ClientError

    return BotoCoreError, ClientError


def _unavailable(error: Exception) -> RegistryUnavailable:
    return RegistryUnavailable(f"the tenants' table cannot be read or written: {type(error).__name__}.")
