"""The parts of a lake by where they are, as a job's arguments say: S3 and DynamoDB on AWS, files elsewhere."""

import time
from pathlib import Path
from typing import Any

from footfall.errors import FootfallError
from footfall.events.tenant_dynamodb import DynamoDbTenants
from footfall.events.tenant_file import TenantFile
from footfall.events.tenants import TenantRegistry
from footfall.lake.actions import ActionStore, FileActionStore
from footfall.lake.actions_s3 import S3ActionStore
from footfall.lake.private_store import PrivateFolder, PrivateObjects
from footfall.lake.raw_store import FileRawStore, RawStore
from footfall.lake.raw_store_s3 import S3RawStore
from footfall.lake.receipts import PrivateStore
from footfall.lake.s3_objects import S3Objects

ERASURES = "erasures"
_BUCKETS = "s3://"
_TABLES = "dynamodb:"


def raw_store(location: str) -> RawStore:
    """The raw objects at `s3://bucket/prefix`, or in a folder."""
    return S3RawStore(*_bucket(location)) if location.startswith(_BUCKETS) else FileRawStore(Path(location))


def action_store(location: str) -> ActionStore:
    """The operators' actions beside the raw objects at a location."""
    return S3ActionStore(*_bucket(location)) if location.startswith(_BUCKETS) else FileActionStore(Path(location))


def erasure_store(location: str) -> PrivateStore:
    """The requests and receipts of erasures: in `erasures/` beside the raw objects at a location."""
    if location.startswith(_BUCKETS):
        bucket, prefix = _bucket(location)
        above = prefix.rstrip("/").rpartition("/")[0]
        return PrivateObjects(S3Objects(bucket, f"{above}/{ERASURES}/".removeprefix("/")))
    return PrivateFolder(Path(location).parent / ERASURES)


def objects(location: str) -> S3Objects:
    """The objects at `s3://bucket/prefix`.

    Raises:
        FootfallError: it is no such address.
    """
    if not location.startswith(_BUCKETS) or not _bucket(location)[0]:
        raise FootfallError(f"{location!r} is no place in S3: say s3://bucket/prefix.")
    return S3Objects(*_bucket(location))


def tenant_registry(location: str, region: str | None = None) -> TenantRegistry:
    """The tenants at `dynamodb:TABLE`, in a region (None: that of the environment), or in a tenants.toml."""
    if location.startswith(_TABLES):
        return DynamoDbTenants(dynamodb(region), location.removeprefix(_TABLES), time.monotonic)
    return TenantFile(Path(location))


def dynamodb(region: str | None = None) -> Any:
    """A client of DynamoDB."""
    import boto3

    return boto3.client("dynamodb", region_name=region)


def _bucket(location: str) -> tuple[str, str]:
    bucket, _, prefix = location.removeprefix(_BUCKETS).partition("/")
    return bucket, f"{prefix.rstrip('/')}/" if prefix else ""
