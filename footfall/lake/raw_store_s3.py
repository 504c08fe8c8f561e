"""Raw objects in S3, as Firehose delivers them."""

from collections.abc import Iterator
from typing import Any

from footfall.events.raw_object import ACTIONS


class S3RawStore:
    """Raw objects below a prefix of a bucket. Made anywhere, it opens its client where it is first used.

    Args:
        bucket: the raw bucket.
        prefix: what stands before the keys, with its slash at the end, or empty.
    """

    def __init__(self, bucket: str, prefix: str = "") -> None:
        self.bucket = bucket
        self.prefix = prefix
        self._client: Any = None

    def __getstate__(self) -> dict[str, Any]:
        """A client cannot travel to an executor: it is opened there."""
        return {"bucket": self.bucket, "prefix": self.prefix, "_client": None}

    def keys(self) -> Iterator[str]:
        """Every raw object's key, in order."""
        return (key for key, _ in self.sizes())

    def sizes(self, since: str = "") -> Iterator[tuple[str, int]]:
        """The raw objects' keys and bytes, in the order of keys: of all, or of those whose keys come after a text."""
        after = {"StartAfter": self.prefix + since} if since else {}
        pages = self._s3().get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix, **after)
        for page in pages:
            for found in page.get("Contents", ()):
                key = found["Key"].removeprefix(self.prefix)
                if key.endswith(".gz") and not key.startswith(f"{ACTIONS}/"):
                    yield key, int(found["Size"])

    def read(self, key: str) -> bytes:
        """The object's bytes, compressed as it was written."""
        body: bytes = self._s3().get_object(Bucket=self.bucket, Key=self.prefix + key)["Body"].read()
        return body

    def replace(self, key: str, data: bytes) -> None:
        """Put other bytes in an object's place. The bucket keeps the old version for its 30 days."""
        self._s3().put_object(Bucket=self.bucket, Key=self.prefix + key, Body=data)

    def remove(self, key: str) -> None:
        """Remove an object. The bucket keeps the old version for its 30 days."""
        self._s3().delete_object(Bucket=self.bucket, Key=self.prefix + key)

    def _s3(self) -> Any:
        if self._client is None:
            import boto3

            self._client = boto3.client("s3")
        return self._client
