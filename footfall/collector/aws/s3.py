"""S3's PutObject."""

from collections.abc import Mapping
from typing import Protocol
from urllib.parse import quote

from footfall.collector.aws.connection import Address
from footfall.collector.aws.credentials import CredentialChain
from footfall.collector.aws.service import Service, endpoint


class Bucket(Protocol):
    """A bucket, as a sink sees it."""

    def put(self, key: str, body: bytes, seconds: float) -> None:
        """Write an object, within so many seconds; it is durable when this returns.

        Raises:
            AwsError: the call failed. After a timeout, the object may have been written.
        """


class S3Bucket:
    """A bucket of S3."""

    def __init__(self, name: str, region: str, environment: Mapping[str, str], credentials: CredentialChain) -> None:
        """Store the parts; nothing is opened yet. The environment may name another address, with AWS_ENDPOINT_URL."""
        url = endpoint("s3", region, environment)
        self._folder = f"/{name}"
        # A name with dots does not fit S3's certificate, an endpoint of one's own need not have a host a bucket.
        if url == endpoint("s3", region, {}) and "." not in name:
            url, self._folder = url.replace("://", f"://{name}."), ""
        self.service = Service("s3", region, Address(url), credentials)

    def put(self, key: str, body: bytes, seconds: float) -> None:
        """As `Bucket.put`."""
        path = f"{self._folder}/{quote(key, safe='/-_.~')}"
        self.service.send("PUT", path, {"content-type": "application/gzip"}, body, seconds)
