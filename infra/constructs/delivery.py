"""The way from the collector to the raw objects: a Firehose stream that gathers requests and writes them to S3."""

from aws_cdk import Duration, RemovalPolicy, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_kinesisfirehose as firehose
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.permissions import ServiceRole, allow

RAW_PREFIX = "raw/"
FAILED_PREFIX = "failed/"
HOUR = "!{timestamp:yyyy/MM/dd/HH}/"
LATE = Duration.minutes(15)
"""When the alarm goes off. Firehose keeps what it cannot deliver for 24 hours; the rest of them is for mending."""


class Delivery(Construct):
    """A Firehose stream by direct put: gzip objects `raw/YYYY/MM/DD/HH/*.json.gz`, in UTC.

    Attributes:
        stream_name: the stream's name.
        stream_arn: its ARN.
        late: the alarm on promise 1: the oldest record that is not in S3 yet has waited for 15 minutes.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        bucket: s3.IBucket,
        buffer_seconds: int,
        buffer_mib: int,
        log_retention: logs.RetentionDays,
    ) -> None:
        """Build the stream into the bucket; a raw object is written after `buffer_seconds` or at `buffer_mib`."""
        super().__init__(scope, construct_id)
        log_group = logs.LogGroup(self, "Log", retention=log_retention, removal_policy=RemovalPolicy.DESTROY)
        log_stream = log_group.add_stream("Delivery")
        role = ServiceRole(
            self,
            "Role",
            service="firehose",
            description="What Firehose may do: write raw objects and its own log.",
            statements=[
                allow(["s3:GetBucketLocation", "s3:ListBucket", "s3:ListBucketMultipartUploads"], bucket.bucket_arn),
                allow(
                    ["s3:PutObject", "s3:GetObject", "s3:AbortMultipartUpload"],
                    bucket.arn_for_objects(f"{RAW_PREFIX}*"),
                    bucket.arn_for_objects(f"{FAILED_PREFIX}*"),
                ),
                allow(["logs:PutLogEvents"], log_group.log_group_arn),
            ],
            conditions={"StringEquals": {"aws:SourceAccount": Stack.of(self).account}},
        )
        stream = firehose.CfnDeliveryStream(
            self,
            "Stream",
            delivery_stream_name=name,
            delivery_stream_type="DirectPut",
            delivery_stream_encryption_configuration_input=firehose.CfnDeliveryStream.DeliveryStreamEncryptionConfigurationInputProperty(
                key_type="AWS_OWNED_CMK"
            ),
            extended_s3_destination_configuration=firehose.CfnDeliveryStream.ExtendedS3DestinationConfigurationProperty(
                bucket_arn=bucket.bucket_arn,
                role_arn=role.role_arn,
                compression_format="GZIP",
                file_extension=".json.gz",
                prefix=RAW_PREFIX + HOUR,
                error_output_prefix=FAILED_PREFIX + "!{firehose:error-output-type}/" + HOUR,
                buffering_hints=firehose.CfnDeliveryStream.BufferingHintsProperty(
                    interval_in_seconds=buffer_seconds, size_in_m_bs=buffer_mib
                ),
                cloud_watch_logging_options=firehose.CfnDeliveryStream.CloudWatchLoggingOptionsProperty(
                    enabled=True,
                    log_group_name=log_group.log_group_name,
                    log_stream_name=log_stream.log_stream_name,
                ),
            ),
        )
        self.stream_name = stream.ref
        self.stream_arn = stream.attr_arn
        self.late = cloudwatch.Alarm(
            self,
            "Late",
            alarm_description=f"Requests wait for more than {LATE.to_minutes()} minutes to be written to S3. "
            "After 24 hours they are lost: see docs/deploy.md, When an alarm goes off.",
            metric=cloudwatch.Metric(
                namespace="AWS/Firehose",
                metric_name="DeliveryToS3.DataFreshness",
                dimensions_map={"DeliveryStreamName": stream.ref},
                statistic="Maximum",
                period=Duration.minutes(5),
            ),
            threshold=LATE.to_seconds(),
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
