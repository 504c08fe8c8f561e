"""What the units of several folders need."""

from collections.abc import Iterator

import boto3
import pytest
from moto import mock_aws


@pytest.fixture
def raw_bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket that keeps versions, as the stack's raw bucket does, in an emulated AWS."""
    for name, value in {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket="raw-bucket")
        client.put_bucket_versioning(Bucket="raw-bucket", VersioningConfiguration={"Status": "Enabled"})
        yield "raw-bucket"
