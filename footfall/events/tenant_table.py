"""The tenants of a DynamoDB table, to be changed by an operator: the same items that a collector reads."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from footfall.errors import FootfallError
from footfall.events.tenant_changes import EditableTenants, name_taken, unknown_tenant
from footfall.events.tenant_dynamodb import DynamoDbTenants
from footfall.events.tenants import RegistryUnavailable, Tenant

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_TRIES = 5
_decoder = msgspec.json.Decoder(Tenant)


class TenantTable(EditableTenants):
    """The tenants of a table. A change is written where nobody has changed the tenant meanwhile, else made again.

    It needs the rights GetItem, PutItem, DeleteItem and Scan.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        """Store the parts; nothing is opened yet."""
        self._client = client
        self._table = table

    def all(self) -> tuple[Tenant, ...]:
        """See `EditableTenants`."""
        try:
            return DynamoDbTenants(self._client, self._table, lambda: 0.0).all()
        except RegistryUnavailable as error:
            raise self._problem(error.__cause__ or error) from error

    def insert(self, tenant: Tenant) -> None:
        """See `EditableTenants`."""
        if not self._put(tenant, {"ConditionExpression": "attribute_not_exists(pk)"}):
            raise name_taken(tenant.name)
        self._put_keys(tenant)

    def update(self, name: str, change: Callable[[Tenant], Tenant]) -> Tenant:
        """See `EditableTenants`."""
        for _ in range(_TRIES):
            before = self._document(name)
            if before is None:
                raise unknown_tenant(name, self.all())
            old = _decoder.decode(before)
            new = change(old)
            unchanged = {
                "ConditionExpression": "document = :before",
                "ExpressionAttributeValues": {":before": {"S": before}},
            }
            # Keys first: until the tenant names them too, they are good for nothing.
            self._put_keys(new)
            if self._put(new, unchanged):
                self._delete_keys({key.sha256 for key in old.keys} - {key.sha256 for key in new.keys})
                return new
        raise FootfallError(f"the tenant {name} is being changed by others all the time. Run the command again.")

    def _document(self, name: str) -> str | None:
        key = {"pk": {"S": f"tenant#{name}"}}
        try:
            item = self._client.get_item(TableName=self._table, Key=key, ConsistentRead=True).get("Item")
        except (BotoCoreError, ClientError) as error:
            raise self._problem(error) from error
        return None if item is None else item["document"]["S"]

    def _put(self, tenant: Tenant, condition: dict[str, Any]) -> bool:
        """Write the tenant's item where the condition holds. Returns whether it does."""
        item = {"pk": {"S": f"tenant#{tenant.name}"}, "document": {"S": msgspec.json.encode(tenant).decode()}}
        try:
            self._client.put_item(TableName=self._table, Item=item, **condition)
        except ClientError as error:
            if error.response["Error"]["Code"] == "ConditionalCheckFailedException":
                return False
            raise self._problem(error) from error
        except BotoCoreError as error:
            raise self._problem(error) from error
        return True

    def _put_keys(self, tenant: Tenant) -> None:
        for key in tenant.keys:
            item = {"pk": {"S": f"key#{key.sha256}"}, "tenant": {"S": tenant.name}}
            try:
                self._client.put_item(TableName=self._table, Item=item)
            except (BotoCoreError, ClientError) as error:
                raise self._problem(error) from error

    def _delete_keys(self, hashes: set[str]) -> None:
        for sha256 in hashes:
            try:
                self._client.delete_item(TableName=self._table, Key={"pk": {"S": f"key#{sha256}"}})
            except (BotoCoreError, ClientError) as error:
                raise self._problem(error) from error

    def _problem(self, error: BaseException) -> FootfallError:
        """One line: AWS's own reason, and what to look at."""
        reason = error.response["Error"]["Code"] if isinstance(error, ClientError) else " ".join(str(error).split())
        return FootfallError(
            f"the table {self._table} cannot be read or changed: {reason}. Look at its name (the output TenantsTable), "
            "the region, and your credentials' rights."
        )
