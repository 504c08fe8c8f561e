"""What a role may do, said in one place and whole: its policy is part of the role."""

from collections.abc import Mapping, Sequence

from aws_cdk import aws_iam as iam
from aws_cdk import aws_s3 as s3
from constructs import Construct


class ServiceRole(iam.Role):
    """A role of an AWS service that may do what is listed, and nothing that another construct would add to it."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        service: str,
        description: str,
        statements: Sequence[iam.PolicyStatement],
        conditions: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """Build the role for a service such as `lambda`; `conditions` bound who may assume it."""
        super().__init__(
            scope,
            construct_id,
            assumed_by=iam.ServicePrincipal(f"{service}.amazonaws.com", conditions=conditions),
            description=description,
            inline_policies={"Permissions": iam.PolicyDocument(statements=list(statements))},
        )


def allow(actions: Sequence[str], *resources: str) -> iam.PolicyStatement:
    """Leave to do these actions on these resources."""
    return iam.PolicyStatement(actions=list(actions), resources=list(resources))


def read_objects(bucket: s3.IBucket, pattern: str = "*") -> list[iam.PolicyStatement]:
    """Leave to list a bucket and to read its objects of a pattern."""
    return [
        allow(["s3:GetBucketLocation", "s3:ListBucket"], bucket.bucket_arn),
        allow(["s3:GetObject"], bucket.arn_for_objects(pattern)),
    ]


def write_objects(bucket: s3.IBucket, pattern: str = "*") -> list[iam.PolicyStatement]:
    """Leave to write a bucket's objects of a pattern, in parts too, and to read and delete them."""
    return [
        *read_objects(bucket, pattern),
        allow(
            ["s3:PutObject", "s3:DeleteObject", "s3:AbortMultipartUpload", "s3:ListMultipartUploadParts"],
            bucket.arn_for_objects(pattern),
        ),
    ]
