"""The packed code of the Glue jobs, in the artifacts bucket."""

from pathlib import Path

from aws_cdk import RemovalPolicy
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from infra.packaging.etl import CODE, WHEELS

FOLDER = "etl"


class JobCode(Construct):
    """The folder that `infra.packaging.etl` packs, uploaded as it is.

    Attributes:
        bucket: the bucket that it lies in.
        arguments: what a job is told so that it finds the code and its packages, and fetches none from elsewhere.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        packed: Path,
        bucket: s3.IBucket,
        log_retention: logs.RetentionDays,
    ) -> None:
        """Upload the folder."""
        super().__init__(scope, construct_id)
        self.bucket = bucket
        # An asset of the CDK is named by its hash, and pip refuses a wheel of another name: so the folder is unpacked.
        self._uploaded = deployment.BucketDeployment(
            self,
            "Upload",
            sources=[deployment.Source.asset(str(packed))],
            destination_bucket=bucket,
            destination_key_prefix=f"{FOLDER}/",
            prune=False,
            log_group=logs.LogGroup(self, "Log", retention=log_retention, removal_policy=RemovalPolicy.DESTROY),
        )
        wheels = sorted(path.name for path in (packed / WHEELS).iterdir())
        self.arguments = {
            "--extra-py-files": self.url(CODE),
            "--additional-python-modules": ",".join(self.url(f"{WHEELS}/{wheel}") for wheel in wheels),
            "--python-modules-installer-option": "--no-index --no-deps",
        }

    def url(self, name: str) -> str:
        """Where a file of the folder lies."""
        return self.bucket.s3_url_for_object(f"{FOLDER}/{name}")

    def before(self, construct: Construct) -> None:
        """Have a construct made once the code is there."""
        construct.node.add_dependency(self._uploaded)
