"""The objects below a prefix of a bucket, and their earlier versions where the bucket keeps these."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, NamedTuple


class Listed(NamedTuple):
    """An object: its key below the prefix, its bytes, and when it was written."""

    key: str
    size: int
    at: datetime


class Version(NamedTuple):
    """A version of an object: its key below the prefix, its id, and whether it is what the object is now."""

    key: str
    id: str
    is_now: bool


class S3Objects:
    """Objects of a bucket. Made anywhere, it opens its client where it is first used.

    Args:
        bucket: the bucket.
        prefix: what stands before the keys, with its slash at the end, or empty.
    """

    def __init__(self, bucket: str, prefix: str = "") -> None:
        self.bucket = bucket
        self.prefix = prefix
        self._client: Any = None

    def __getstate__(self) -> dict[str, Any]:
        """A client cannot travel to an executor: it is opened there."""
        return {"bucket": self.bucket, "prefix": self.prefix, "_client": None}

    def listed(self, below: str = "", since: str = "") -> Iterator[Listed]:
        """The objects whose keys begin with one text, and come after another, in the order of keys."""
        after = {"StartAfter": self.prefix + since} if since else {}
        pages = self._s3().get_paginator("list_objects_v2")
        for page in pages.paginate(Bucket=self.bucket, Prefix=self.prefix + below, **after):
            for found in page.get("Contents", ()):
                yield Listed(found["Key"].removeprefix(self.prefix), int(found["Size"]), found["LastModified"])

    def versions(self, below: str = "") -> Iterator[Version]:
        """The versions of the objects whose keys begin with a text, an object's one after the other."""
        pages = self._s3().get_paginator("list_object_versions")
        for page in pages.paginate(Bucket=self.bucket, Prefix=self.prefix + below):
            for found in page.get("Versions", ()):
                yield Version(found["Key"].removeprefix(self.prefix), found["VersionId"], found["IsLatest"])

    def read(self, key: str, version: str = "") -> bytes:
        """An object's bytes: those that it has now, or those of a version."""
        which = {"VersionId": version} if version else {}
        body: bytes = self._s3().get_object(Bucket=self.bucket, Key=self.prefix + key, **which)["Body"].read()
        return body

    def write(self, key: str, data: bytes, **properties: str) -> None:
        """Write an object, in the place of what it was."""
        self._s3().put_object(Bucket=self.bucket, Key=self.prefix + key, Body=data, **properties)

    def remove(self, key: str, version: str = "") -> None:
        """Remove an object, or one version of it. One that is gone already is no fault."""
        which = {"VersionId": version} if version else {}
        self._s3().delete_object(Bucket=self.bucket, Key=self.prefix + key, **which)

    def _s3(self) -> Any:
        if self._client is None:
            import boto3

            self._client = boto3.client("s3")
        return self._client
