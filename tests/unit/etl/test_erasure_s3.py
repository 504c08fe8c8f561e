"""What S3 keeps beside the lake: earlier versions of objects, and query results."""

import gzip
from collections.abc import Callable, Sequence
from typing import Any

import boto3
import pytest

from footfall.etl.erasure_s3 import erase_results, erase_versions
from footfall.events.raw_line import encode
from footfall.lake.engines.port import Engine, Result
from footfall.lake.receipts import StoreLine
from footfall.lake.s3_objects import S3Objects
from footfall.lake.tombstones import Person
from tests.lakes import NOON, event, line

ANNA = "0b6f3a52-anna"


class OneAfterTheOther:
    """As much of an engine as this needs."""

    def each(self, work: Callable[[str], Result], keys: Sequence[str]) -> list[Result]:
        return [work(key) for key in keys]


@pytest.fixture
def engine() -> Engine:
    one: Any = OneAfterTheOther()
    found: Engine = one
    return found


def seen(visitor: str, tenant: str = "shop") -> bytes:
    return gzip.compress(encode(line(event(NOON), visitor=visitor, tenant=tenant)) + b"\n", mtime=0)


def versions(bucket: str) -> dict[str, list[bytes]]:
    """Every version of every object, the newest first."""
    client = boto3.client("s3")
    found: dict[str, list[bytes]] = {}
    for one in client.list_object_versions(Bucket=bucket).get("Versions", ()):
        body = client.get_object(Bucket=bucket, Key=one["Key"], VersionId=one["VersionId"])["Body"].read()
        found.setdefault(one["Key"], []).append(body)
    return found


def test_earlier_versions_that_hold_the_person_go_and_others_stay(raw_bucket: str, engine: Engine) -> None:
    raw = S3Objects(raw_bucket, "raw/")
    for data in (seen(ANNA), seen("w"), seen(ANNA), seen("x")):
        raw.write("2025/10/09/12/a.json.gz", data)
    # It was removed; of the person nothing but a version is left.
    raw.write("2025/10/09/12/gone.json.gz", seen(ANNA))
    raw.remove("2025/10/09/12/gone.json.gz")
    raw.write("actions/1-x.json", f'{{"visitor":"{ANNA}"}}'.encode())
    raw.remove("actions/1-x.json")
    # What is there now is written again by whoever takes raw's events out, and is none of this.
    raw.write("2025/10/09/12/b.json.gz", seen(ANNA))
    # Another prefix of the bucket.
    for data in (seen(ANNA), b""):
        boto3.client("s3").put_object(Bucket=raw_bucket, Key="other.json.gz", Body=data)

    person = Person("shop", [ANNA], [])
    assert erase_versions(engine, raw, person) == StoreLine("done", {"versions": 4})
    assert versions(raw_bucket) == {
        "other.json.gz": [b"", seen(ANNA)],
        "raw/2025/10/09/12/a.json.gz": [seen("x"), seen("w")],
        "raw/2025/10/09/12/b.json.gz": [seen(ANNA)],
    }
    assert erase_versions(engine, raw, person) == StoreLine("nothing held")


def test_a_version_that_is_no_sound_object_is_searched_too(raw_bucket: str, engine: Engine) -> None:
    raw = S3Objects(raw_bucket)
    for data in (seen(ANNA)[:-9], b"no gzip", b"", seen("w")):
        raw.write("a.json.gz", data)
    assert erase_versions(engine, raw, Person("shop", [ANNA], [])) == StoreLine("done", {"versions": 1})
    assert versions(raw_bucket)["a.json.gz"] == [seen("w"), b"", b"no gzip"]


def test_all_query_results_go(raw_bucket: str, engine: Engine) -> None:
    results = S3Objects(raw_bucket, "results/")
    assert erase_results(engine, results) == StoreLine("nothing held")
    for number in range(3):
        results.write(f"{number}.csv", b"7 EUR")
    boto3.client("s3").put_object(Bucket=raw_bucket, Key="raw/a", Body=b"")
    assert erase_results(engine, results) == StoreLine("done", {"objects": 3})
    assert [found.key for found in S3Objects(raw_bucket).listed()] == ["raw/a"]
