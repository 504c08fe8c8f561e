"""Raw objects in S3, as Firehose delivers them."""

from collections.abc import Iterator

from footfall.events.raw_object import ACTIONS
from footfall.lake.s3_objects import S3Objects


class S3RawStore:
    """Raw objects below a prefix of a bucket.

    Args:
        bucket: the raw bucket.
        prefix: what stands before the keys, with its slash at the end, or empty.
    """

    def __init__(self, bucket: str, prefix: str = "") -> None:
        self._objects = S3Objects(bucket, prefix)

    def keys(self) -> Iterator[str]:
        """Every raw object's key, in order."""
        return (key for key, _ in self.sizes())

    def sizes(self, since: str = "") -> Iterator[tuple[str, int]]:
        """The raw objects' keys and bytes, in the order of keys: of all, or of those whose keys come after a text."""
        for found in self._objects.listed(since=since):
            if found.key.endswith(".gz") and not found.key.startswith(f"{ACTIONS}/"):
                yield found.key, found.size

    def read(self, key: str) -> bytes:
        """The object's bytes, compressed as it was written."""
        return self._objects.read(key)

    def replace(self, key: str, data: bytes) -> None:
        """Put other bytes in an object's place. The bucket keeps the old version for the days of its rule."""
        self._objects.write(key, data)

    def remove(self, key: str) -> None:
        """Remove an object. The bucket keeps the old version for the days of its rule."""
        self._objects.remove(key)
