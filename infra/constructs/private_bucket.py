"""A bucket that only this account reads, over TLS, encrypted, with its accesses logged."""

from collections.abc import Sequence

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_s3 as s3
from constructs import Construct


class PrivateBucket(s3.Bucket):
    """An S3 bucket with public access blocked, TLS enforced and S3-managed encryption.

    Encryption is S3's own (AES-256): a key of KMS would add a fee to each request and protect from nobody whom the
    bucket's policy lets in.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        keep_data: bool,
        versioned: bool = False,
        access_logs: s3.IBucket | None = None,
        lifecycle_rules: Sequence[s3.LifecycleRule] = (),
    ) -> None:
        """Build the bucket. `access_logs` is the bucket that its accesses are logged to, below this one's id."""
        unfinished = s3.LifecycleRule(abort_incomplete_multipart_upload_after=Duration.days(1))
        super().__init__(
            scope,
            construct_id,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            minimum_tls_version=1.2,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
            versioned=versioned,
            removal_policy=RemovalPolicy.RETAIN if keep_data else RemovalPolicy.DESTROY,
            server_access_logs_bucket=access_logs,
            server_access_logs_prefix=f"{construct_id.lower()}/" if access_logs else None,
            lifecycle_rules=[unfinished, *lifecycle_rules],
        )
