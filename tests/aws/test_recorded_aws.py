"""The rights that requests need, and whether a role gives them: what the tests of the Glue jobs rest on."""

import json
from typing import Any

import pytest

from tests.aws.recorded_aws import Asked, rights
from tests.aws.synthesized_job import Statement


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "needed"),
    [
        ("GET", "/b/raw/x", "", b"", [Asked("s3:GetObject", "arn:aws:s3:::b/raw/x")]),
        ("HEAD", "/b/raw/x", "", b"", [Asked("s3:GetObject", "arn:aws:s3:::b/raw/x")]),
        ("PUT", "/b/raw/x", "partNumber=1&uploadId=2", b"x", [Asked("s3:PutObject", "arn:aws:s3:::b/raw/x")]),
        ("POST", "/b/raw/x", "uploads", b"", [Asked("s3:PutObject", "arn:aws:s3:::b/raw/x")]),
        ("DELETE", "/b/raw/x", "", b"", [Asked("s3:DeleteObject", "arn:aws:s3:::b/raw/x")]),
        ("DELETE", "/b/raw/x", "uploadId=2", b"", [Asked("s3:AbortMultipartUpload", "arn:aws:s3:::b/raw/x")]),
        ("GET", "/b", "list-type=2&prefix=raw", b"", [Asked("s3:ListBucket", "arn:aws:s3:::b")]),
        ("GET", "/b", "location", b"", [Asked("s3:GetBucketLocation", "arn:aws:s3:::b")]),
        (
            "POST",
            "/b",
            "delete",
            b"<Delete><Object><Key>x</Key></Object><Object><Key>y/z</Key></Object></Delete>",
            [Asked("s3:DeleteObject", "arn:aws:s3:::b/x"), Asked("s3:DeleteObject", "arn:aws:s3:::b/y/z")],
        ),
    ],
)
def test_a_request_to_s3_needs_its_right(method: str, path: str, query: str, body: bytes, needed: list[Asked]) -> None:
    environ = {"REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": query}
    assert list(rights(environ, body)) == needed


@pytest.mark.parametrize(
    ("target", "request_body", "resources"),
    [
        ("DynamoDB_20120810.Scan", {"TableName": "t"}, ["arn:aws:dynamodb:::table/t"]),
        ("AWSGlue.GetDatabase", {"Name": "f"}, ["arn:aws:glue:::catalog", "arn:aws:glue:::database/f"]),
        (
            "AWSGlue.UpdateTable",
            {"DatabaseName": "f", "TableInput": {"Name": "events"}},
            ["arn:aws:glue:::catalog", "arn:aws:glue:::database/f", "arn:aws:glue:::table/f/events"],
        ),
    ],
)
def test_a_call_names_its_action_and_all_that_it_is_for(
    target: str, request_body: dict[str, Any], resources: list[str]
) -> None:
    found = list(rights({"HTTP_X_AMZ_TARGET": target}, json.dumps(request_body).encode()))
    assert [asked.resource for asked in found] == resources
    assert {asked.action.rpartition(":")[2] for asked in found} == {target.rpartition(".")[2]}


def test_a_role_allows_what_it_names_and_nothing_beside_it() -> None:
    may = Statement(("s3:GetObject",), ("arn:aws:s3:::b/raw/*",))
    assert may.allows(Asked("s3:GetObject", "arn:aws:s3:::b/raw/2026/x"))
    assert not may.allows(Asked("s3:GetObject", "arn:aws:s3:::b/other/x"))
    assert not may.allows(Asked("s3:GetObject", "arn:aws:s3:::c/raw/x"))
    assert not may.allows(Asked("s3:PutObject", "arn:aws:s3:::b/raw/x"))
