"""The collector: a Lambda function that may put records, write spill objects and read a table, and nothing else."""

from pathlib import Path

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.delivery import RAW_PREFIX
from infra.constructs.permissions import ServiceRole, allow

SPILL_PREFIX = RAW_PREFIX + "spill/"
"""Where the collector writes what Firehose does not take."""


class Collector(Construct):
    """The function, its role and its log.

    Attributes:
        function: the Lambda function.
        failing: the alarm on answers that are errors of the function itself.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        code: Path,
        handler: str,
        stream_name: str,
        stream_arn: str,
        raw: s3.IBucket,
        tenants: dynamodb.ITableV2,
        memory_mib: int,
        log_retention: logs.RetentionDays,
    ) -> None:
        """Build the function from a packed folder."""
        super().__init__(scope, construct_id)
        log_group = logs.LogGroup(self, "Log", retention=log_retention, removal_policy=RemovalPolicy.DESTROY)
        role = ServiceRole(
            self,
            "Role",
            service="lambda",
            description="What the collector may do: put records, write spill objects, read a tenant by its key, "
            "write its own log.",
            statements=[
                allow(["firehose:PutRecord", "firehose:PutRecordBatch"], stream_arn),
                allow(["s3:PutObject"], raw.arn_for_objects(f"{SPILL_PREFIX}*")),
                allow(["dynamodb:GetItem"], tenants.table_arn),
                # The log group's ARN ends in `:*`, its own streams.
                allow(["logs:CreateLogStream", "logs:PutLogEvents"], log_group.log_group_arn),
            ],
        )
        self.function = lambda_.Function(
            self,
            "Function",
            description="Accepts batches of events, checks them, and answers when they are durable.",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            code=lambda_.Code.from_asset(str(code)),
            handler=handler,
            role=role,
            log_group=log_group,
            memory_size=memory_mib,
            timeout=Duration.seconds(10),
            environment={
                "STREAM_NAME": stream_name,
                "RAW_BUCKET": raw.bucket_name,
                "TENANTS_TABLE": tenants.table_name,
            },
        )
        self.failing = self.function.metric_errors(period=Duration.minutes(5)).create_alarm(
            self,
            "Failing",
            alarm_description="The collector fails, and clients keep what they could not send.",
            threshold=1,
            evaluation_periods=2,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
        )
