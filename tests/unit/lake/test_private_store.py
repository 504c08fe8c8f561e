"""Small objects for their owner alone: in a folder and in S3, with nothing left of what is removed."""

from contextlib import suppress
from pathlib import Path

import boto3
import pytest

from footfall.errors import FootfallError
from footfall.lake.locations import erasure_store, objects
from footfall.lake.receipts import PrivateStore
from footfall.lake.s3_objects import S3Objects


@pytest.fixture(params=["files", "s3://{}/raw", "s3://{}"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> PrivateStore:
    if request.param == "files":
        return erasure_store(str(tmp_path / "lake" / "raw"))
    return erasure_store(request.param.format(request.getfixturevalue("raw_bucket")))


def test_what_was_written_last_is_read_by_its_name_in_order(store: PrivateStore) -> None:
    assert list(store.names()) == []
    for name, data in (("b.json", b"1"), ("a.json", b"2"), ("b.json", b"3")):
        store.write(name, data)
    assert {name: store.read(name) for name in store.names()} == {"a.json": b"2", "b.json": b"3"}
    assert list(store.names()) == ["a.json", "b.json"]


def test_what_is_removed_may_be_gone_already(store: PrivateStore) -> None:
    store.write("a.json", b"1")
    for _ in range(2):
        store.remove("a.json")
    assert list(store.names()) == []


def test_no_version_of_what_was_removed_is_left_in_a_bucket(raw_bucket: str) -> None:
    store = erasure_store(f"s3://{raw_bucket}/raw")
    for name in ("a.json", "a.json.other", "a.json", "a.json.other"):
        store.write(name, b"whom")
    store.remove("a.json")
    left = boto3.client("s3").list_object_versions(Bucket=raw_bucket)["Versions"]
    assert [found["Key"] for found in left] == ["erasures/a.json.other"] * 2


@pytest.mark.parametrize("removals", range(4))
def test_a_removal_that_is_interrupted_leaves_its_object_to_be_removed_again(
    raw_bucket: str, monkeypatch: pytest.MonkeyPatch, removals: int
) -> None:
    store = erasure_store(f"s3://{raw_bucket}/raw")
    for data in (b"1", b"2", b"3"):
        store.write("a.json", data)
    left = iter(range(removals))
    remove = S3Objects.remove

    def interrupted(self: S3Objects, key: str, version: str = "") -> None:
        if next(left, None) is None:
            raise InterruptedError
        remove(self, key, version)

    with monkeypatch.context() as patched, suppress(InterruptedError):
        patched.setattr(S3Objects, "remove", interrupted)
        store.remove("a.json")
    versions = boto3.client("s3").list_object_versions(Bucket=raw_bucket).get("Versions", [])
    assert len(versions) == 3 - removals
    assert list(store.names()) == ["a.json"] * bool(versions)


def test_only_the_owner_may_read_a_file(tmp_path: Path) -> None:
    erasure_store(str(tmp_path / "raw")).write("a.json", b"1")
    assert (tmp_path / "erasures" / "a.json").stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("location", ["/a/folder", "s3://", "s3:///prefix", ""])
def test_what_is_no_place_in_s3_is_said(location: str) -> None:
    with pytest.raises(FootfallError, match="no place in S3"):
        objects(location)
