"""The raw objects of a laptop's lake and of a bucket are listed alike."""

from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from footfall.lake.raw_store import FileRawStore, RawStore
from footfall.lake.raw_store_s3 import S3RawStore

BUCKET = "raw-bucket"
EVERYTHING = ("2025/10/08/23/b", "2025/10/09/00/c", "2025/10/09/00/a", "2026/01/01/00/a", "import/a", "spill/2025/a")


@pytest.fixture(params=["files", "a bucket", "a prefix of a bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[RawStore]:
    """A store with all of these objects, of as many bytes as their keys are long."""
    keys = [f"{key}.json.gz" for key in (*EVERYTHING, "actions/a")]
    if request.param == "files":
        # And one that the collector is still writing: it does so on a laptop only.
        for key in (*keys, "open/a.json.gz"):
            path = tmp_path / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b" " * len(key))
        yield FileRawStore(tmp_path)
        return
    for name, value in {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    prefix = "raw/" if "prefix" in request.param else ""
    with mock_aws():
        client = boto3.client("s3")
        client.create_bucket(Bucket=BUCKET)
        for key in keys:
            client.put_object(Bucket=BUCKET, Key=prefix + key, Body=b" " * len(key))
        yield S3RawStore(BUCKET, prefix)


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("", ["2025/10/08/23/b", "2025/10/09/00/a", "2025/10/09/00/c", "2026/01/01/00/a", "import/a", "spill/2025/a"]),
        ("2025/10/09/00", ["2025/10/09/00/a", "2025/10/09/00/c", "2026/01/01/00/a", "import/a", "spill/2025/a"]),
        ("2025/10/09/00/b", ["2025/10/09/00/c", "2026/01/01/00/a", "import/a", "spill/2025/a"]),
        ("2025/12", ["2026/01/01/00/a", "import/a", "spill/2025/a"]),
        ("zzz", []),
    ],
)
def test_the_keys_that_come_after_a_text_are_listed(store: RawStore, since: str, expected: list[str]) -> None:
    found = [f"{key}.json.gz" for key in expected]
    assert list(store.sizes(since)) == [(key, len(key)) for key in found]
    if not since:
        assert list(store.keys()) == found
