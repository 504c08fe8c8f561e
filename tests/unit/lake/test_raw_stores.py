"""The raw objects of a laptop's lake and of a bucket are listed alike."""

from pathlib import Path

import boto3
import pytest

from footfall.lake.raw_store import FileRawStore, RawStore
from footfall.lake.raw_store_s3 import S3RawStore

RAW = ("2025/10/08/23/b", "2025/10/09/00/a", "2025/10/09/00/c", "2026/01/01/00/a", "import/a", "spill/2025/a")


@pytest.fixture(params=["files", "a bucket", "a prefix of a bucket"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> RawStore:
    """These objects and an action, each of as many bytes as its key is long."""
    keys = [f"{key}.json.gz" for key in (*reversed(RAW), "actions/a")]
    if request.param == "files":
        # And one that the collector is still writing: it does so on a laptop only.
        for key in (*keys, "open/a.json.gz"):
            path = tmp_path / key
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(b" " * len(key))
        return FileRawStore(tmp_path)
    prefix = "raw/" if "prefix" in request.param else ""
    bucket = request.getfixturevalue("raw_bucket")
    for key in keys:
        boto3.client("s3").put_object(Bucket=bucket, Key=prefix + key, Body=b" " * len(key))
    return S3RawStore(bucket, prefix)


@pytest.mark.parametrize(
    ("since", "expected"),
    [
        ("", RAW),
        ("2025/10/09/00", RAW[1:]),
        ("2025/10/09/00/b", RAW[2:]),
        ("2025/12", RAW[3:]),
        ("zzz", ()),
    ],
)
def test_the_keys_that_come_after_a_text_are_listed(store: RawStore, since: str, expected: tuple[str, ...]) -> None:
    found = [f"{key}.json.gz" for key in expected]
    assert list(store.sizes(since)) == [(key, len(key)) for key in found]
    if not since:
        assert list(store.keys()) == found
