"""Where analysts ask: an Athena workgroup whose settings hold for every query."""

from aws_cdk import aws_athena as athena
from aws_cdk import aws_s3 as s3
from constructs import Construct


class Workgroup(athena.CfnWorkGroup):
    """A workgroup on engine version 3: results encrypted in our bucket, and a bound on what a query scans."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        results: s3.IBucket,
        query_limit_gib: int,
        keep_data: bool,
    ) -> None:
        """Build the workgroup; clients cannot override its settings."""
        super().__init__(
            scope,
            construct_id,
            name=name,
            description="Questions to the Footfall lake.",
            recursive_delete_option=not keep_data,
            work_group_configuration=athena.CfnWorkGroup.WorkGroupConfigurationProperty(
                enforce_work_group_configuration=True,
                publish_cloud_watch_metrics_enabled=True,
                bytes_scanned_cutoff_per_query=query_limit_gib * 2**30,
                engine_version=athena.CfnWorkGroup.EngineVersionProperty(
                    selected_engine_version="Athena engine version 3"
                ),
                result_configuration=athena.CfnWorkGroup.ResultConfigurationProperty(
                    output_location=results.s3_url_for_object(),
                    encryption_configuration=athena.CfnWorkGroup.EncryptionConfigurationProperty(
                        encryption_option="SSE_S3"
                    ),
                ),
            ),
        )
