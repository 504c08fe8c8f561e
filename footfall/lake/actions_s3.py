"""Operators' actions in S3, beside the raw objects."""

from collections.abc import Iterator
from typing import Any

from footfall.events.raw_object import ACTIONS


class S3ActionStore:
    """Actions below `actions/` of a prefix of a bucket. Made anywhere, it opens its client where it is first used.

    Args:
        bucket: the raw bucket.
        prefix: what stands before the raw objects' keys, with its slash at the end, or empty.
    """

    def __init__(self, bucket: str, prefix: str = "") -> None:
        self.bucket = bucket
        self.prefix = prefix
        self._client: Any = None

    def keys(self) -> Iterator[str]:
        """Every action's key, in order: S3 lists in the order of keys."""
        pages = self._s3().get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.bucket, Prefix=f"{self.prefix}{ACTIONS}/"):
            for found in page.get("Contents", ()):
                yield found["Key"].removeprefix(self.prefix)

    def read(self, key: str) -> bytes:
        """The action's text."""
        body: bytes = self._s3().get_object(Bucket=self.bucket, Key=self.prefix + key)["Body"].read()
        return body

    def add(self, key: str, text: bytes) -> None:
        """Write an action. Its key is the hash of its text, so writing it again changes nothing."""
        self._s3().put_object(Bucket=self.bucket, Key=self.prefix + key, Body=text, ContentType="application/json")

    def remove(self, key: str) -> None:
        """Remove an action. A bucket that keeps versions keeps this one until its lifecycle rule removes it."""
        self._s3().delete_object(Bucket=self.bucket, Key=self.prefix + key)

    def _s3(self) -> Any:
        if self._client is None:
            import boto3

            self._client = boto3.client("s3")
        return self._client
