"""The lake: its buckets, its tenants, its database, and the jobs that keep its tables."""

from pathlib import Path

from aws_cdk import CfnOutput, Duration, Stack
from aws_cdk import aws_glue as glue
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.configuration import Configuration
from infra.constructs.alarm_topic import AlarmTopic
from infra.constructs.failed_runs import FailedRuns
from infra.constructs.job_code import JobCode
from infra.constructs.lake_jobs import LakeJobs
from infra.constructs.lease_table import LeaseTable
from infra.constructs.private_bucket import PrivateBucket
from infra.constructs.tenants_table import TenantsTable
from infra.log_retention import log_retention
from infra.packaging.queries import DATABASE


class LakeStack(Stack):
    """What holds data, and the jobs that write it.

    Attributes:
        raw: the bucket of raw objects. Versioned: they are the one thing that cannot be made again.
        warehouse: the bucket of the tables.
        results: the bucket of query results.
        tenants: the tenants' table.
        alarms: the topic that alarms publish to.
    """

    def __init__(self, scope: Construct, construct_id: str, *, configuration: Configuration, code: Path) -> None:
        """Build the stack; `code` is the jobs' packed folder."""
        super().__init__(scope, construct_id, description="Footfall: buckets, tenants, database, and the jobs.")
        keep = configuration.keep_data
        retention = log_retention(configuration.log_days)
        days = Duration.days
        accesses = PrivateBucket(
            self,
            "AccessLogs",
            keep_data=keep,
            lifecycle_rules=[s3.LifecycleRule(expiration=days(configuration.log_days))],
        )
        self.raw = PrivateBucket(
            self,
            "Raw",
            keep_data=keep,
            versioned=True,
            access_logs=accesses,
            lifecycle_rules=[
                # A mistake can be undone for 7 days, and after them what was erased is gone.
                s3.LifecycleRule(noncurrent_version_expiration=days(7), expired_object_delete_marker=True),
                s3.LifecycleRule(
                    prefix="raw/",
                    transitions=[
                        s3.Transition(storage_class=s3.StorageClass.INTELLIGENT_TIERING, transition_after=days(30))
                    ],
                ),
                *_raw_expiry(configuration.raw_days),
            ],
        )
        # Not versioned: Iceberg's snapshots are its versions, and expiring them must free the files.
        self.warehouse = PrivateBucket(self, "Warehouse", keep_data=keep, access_logs=accesses)
        artifacts = PrivateBucket(
            self,
            "Artifacts",
            keep_data=keep,
            versioned=True,
            access_logs=accesses,
            lifecycle_rules=[
                s3.LifecycleRule(noncurrent_version_expiration=days(90)),
                s3.LifecycleRule(prefix="temporary/", expiration=days(3)),
            ],
        )
        self.results = PrivateBucket(
            self,
            "Results",
            keep_data=keep,
            access_logs=accesses,
            lifecycle_rules=[s3.LifecycleRule(expiration=days(configuration.result_days))],
        )
        self.tenants = TenantsTable(self, "Tenants", keep_data=keep)
        self.alarms = AlarmTopic(self, "Alarms", email=configuration.alarm_email)
        glue.CfnDatabase(
            self,
            "Database",
            catalog_id=self.account,
            database_input=glue.CfnDatabase.DatabaseInputProperty(
                name=DATABASE,
                description="The behaviour of sites' visitors. The ETL creates the tables.",
                location_uri=self.warehouse.s3_url_for_object(),
            ),
        )
        jobs = LakeJobs(
            self,
            "Jobs",
            configuration=configuration,
            database=DATABASE,
            code=JobCode(self, "JobCode", packed=code, bucket=artifacts, log_retention=retention),
            raw=self.raw,
            warehouse=self.warehouse,
            results=self.results,
            tenants=self.tenants,
            lease=LeaseTable(self, "Lease"),
            log_retention=retention,
        )
        FailedRuns(
            self,
            "FailedRuns",
            job_names=[f"{configuration.prefix}-{name}" for name in ("etl", "upkeep", "erase", "check")],
            topic=self.alarms,
        )
        CfnOutput(self, "RawBucket", value=self.raw.bucket_name)
        CfnOutput(self, "WarehouseBucket", value=self.warehouse.bucket_name)
        CfnOutput(self, "TenantsTable", value=self.tenants.table_name)
        CfnOutput(self, "EtlJob", value=jobs.etl.job.ref)
        CfnOutput(self, "UpkeepJob", value=jobs.upkeep.job.ref)
        CfnOutput(self, "EraseJob", value=jobs.erase.job.ref)
        CfnOutput(self, "CheckJob", value=jobs.check.job.ref)
        CfnOutput(self, "AlarmTopic", value=self.alarms.topic_arn)


def _raw_expiry(raw_days: int) -> list[s3.LifecycleRule]:
    """Rules that remove raw objects of an age, and leave what operators did (`raw/actions/`): a rule names a prefix."""
    prefixes = ("raw/2", "raw/spill/", "raw/import/") if raw_days else ()
    return [s3.LifecycleRule(prefix=prefix, expiration=Duration.days(raw_days)) for prefix in prefixes]
