"""Operators' actions in S3, beside the raw objects."""

from collections.abc import Iterator

from footfall.events.raw_object import ACTIONS
from footfall.lake.s3_objects import S3Objects


class S3ActionStore:
    """Actions below `actions/` of a prefix of a bucket.

    Args:
        bucket: the raw bucket.
        prefix: what stands before the raw objects' keys, with its slash at the end, or empty.
    """

    def __init__(self, bucket: str, prefix: str = "") -> None:
        self._objects = S3Objects(bucket, prefix)

    def keys(self) -> Iterator[str]:
        """Every action's key, in order: S3 lists in the order of keys."""
        return (found.key for found in self._objects.listed(f"{ACTIONS}/"))

    def read(self, key: str) -> bytes:
        """The action's text."""
        return self._objects.read(key)

    def add(self, key: str, text: bytes) -> None:
        """Write an action. Its key is the hash of its text, so writing it again changes nothing."""
        self._objects.write(key, text, ContentType="application/json")

    def remove(self, key: str) -> None:
        """Remove an action. A bucket that keeps versions keeps this one until its lifecycle rule removes it."""
        self._objects.remove(key)
