"""One writer at a time on AWS: the lake's lease is an item of a DynamoDB table, which runs out unless it is renewed.

Two Glue jobs exclude each other by it: ETL and upkeep. A run that is killed leaves its item, and the next one takes the
lease once that has run out. A run that could not renew in time has lost it: it is told so before its next commit, and
the commits themselves are refused where another's came in between.
"""

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import TYPE_CHECKING, Self

from footfall.errors import FootfallError

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

LEASE_SECONDS = 300
"""How long after its last renewal a lease runs out: longer than a pause of a run, and than clocks differ."""
RENEW_SECONDS = 60
POLL_SECONDS = 10
_ITEM = "lease"


class DynamoDbLease:
    """The lease of the lake that a table is for. Use it in a `with`.

    Args:
        client: a boto3 DynamoDB client.
        table: the table's name; its key is `pk`.
        holder: who asks for the lease; no other run has this name.
        wait_seconds: how long to wait for whoever holds it.
        waiting: called once with the holder's name where there is one to wait for.
        clock: the time in seconds since 1970. Those of two machines must not differ by minutes.
        pause: waits so many seconds.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        table: str,
        holder: str,
        *,
        wait_seconds: float,
        waiting: Callable[[str], None] = lambda holder: None,
        clock: Callable[[], float] = time.time,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._table = table
        self._holder = holder
        self._wait_seconds = wait_seconds
        self._waiting = waiting
        self._clock = clock
        self._pause = pause
        self._until = 0.0
        self._lost_to: str | None = None
        self._ended = threading.Event()
        self._renewing = threading.Thread(target=self._renew_on, name="footfall-lease", daemon=True)

    def __enter__(self) -> Self:
        """Take the lease, once nobody else holds it.

        Raises:
            FootfallError: another run held it for as long as this one may wait, or DynamoDB does not answer.
        """
        give_up = self._clock() + self._wait_seconds
        told = False
        while (other := self._take()) is not None:
            if not told:
                self._waiting(other)
                told = True
            if self._clock() >= give_up:
                raise FootfallError(
                    f"the lake is held by the run {other}, and this one has waited {self._wait_seconds:.0f} s for it. "
                    "Start it again once that run has ended."
                )
            self._pause(POLL_SECONDS)
        self._renewing.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Give the lease back. An item that cannot be removed runs out by itself."""
        self._ended.set()
        self._renewing.join()
        try:
            self._client.delete_item(
                TableName=self._table,
                Key={"pk": {"S": _ITEM}},
                ConditionExpression="holder = :me",
                ExpressionAttributeValues={":me": {"S": self._holder}},
            )
        except _sdk_errors():
            return

    def check(self) -> None:
        """Go on only while the lease is held.

        Raises:
            FootfallError: it ran out, and perhaps another run holds it by now.
        """
        if self._lost_to is not None or self._clock() >= self._until:
            by = f" to the run {self._lost_to}" if self._lost_to else ""
            raise FootfallError(
                f"this run lost the lake's lease{by}: it stood still, or DynamoDB did not answer, for "
                f"{LEASE_SECONDS} s. What it has committed is sound; the next run does the rest."
            )

    def renew(self) -> None:
        """Hold the lease for LEASE_SECONDS from now on, unless another run has it."""
        now = self._clock()
        try:
            self._client.update_item(
                TableName=self._table,
                Key={"pk": {"S": _ITEM}},
                UpdateExpression="SET expires_at = :until",
                ConditionExpression="holder = :me",
                ExpressionAttributeValues={":until": _number(now + LEASE_SECONDS), ":me": {"S": self._holder}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            self._lost_to = self._other() or "that ended"
        except _sdk_errors():
            return  # the next renewal may do it, and until then the lease still holds
        else:
            self._until = now + LEASE_SECONDS

    def _take(self) -> str | None:
        """Take the lease. Returns who holds it where that is another."""
        now = self._clock()
        try:
            self._client.put_item(
                TableName=self._table,
                Item={
                    "pk": {"S": _ITEM},
                    "holder": {"S": self._holder},
                    "expires_at": _number(now + LEASE_SECONDS),
                },
                # The holder's own: an answer of DynamoDB was lost, and the SDK has asked again.
                ConditionExpression="attribute_not_exists(pk) OR expires_at < :now OR holder = :me",
                ExpressionAttributeValues={":now": _number(now), ":me": {"S": self._holder}},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            return self._other() or "that has just ended"
        except _sdk_errors() as error:
            raise FootfallError(
                f"the lake's lease cannot be taken: the table {self._table} does not answer ({type(error).__name__}). "
                "Look at the job's role and at the table, and start the run again."
            ) from error
        self._until = now + LEASE_SECONDS
        return None

    def _other(self) -> str:
        """Who holds the lease; nobody: an empty text."""
        try:
            found = self._client.get_item(TableName=self._table, Key={"pk": {"S": _ITEM}}, ConsistentRead=True)
        except _sdk_errors():
            return ""
        return found.get("Item", {}).get("holder", {}).get("S", "")

    def _renew_on(self) -> None:
        while not self._ended.wait(RENEW_SECONDS) and self._lost_to is None:
            self.renew()


def _number(seconds: float) -> dict[str, str]:
    return {"N": str(int(seconds))}


def _sdk_errors() -> tuple[type[Exception], ...]:
    from botocore.exceptions import BotoCoreError, ClientError

    return BotoCoreError, ClientError
