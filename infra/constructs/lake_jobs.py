"""The lake's jobs: ETL, upkeep and erasure write it, and hold its lease while they run; the check reads it."""

from functools import partial

from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.configuration import Configuration
from infra.constructs.job_code import JobCode
from infra.constructs.permissions import allow, read_objects
from infra.constructs.spark_job import SparkJob
from infra.packaging.etl import CHECK_SCRIPT, ERASE_SCRIPT, ETL_SCRIPT, UPKEEP_SCRIPT


class LakeJobs(Construct):
    """The jobs, and what their roles may do with raw objects, tenants and the lease.

    Attributes:
        etl: takes new raw objects in.
        upkeep: takes out what is too old, and keeps files and snapshots few.
        erase: takes out who is to be erased, from every store.
        check: says whether all is well with what comes in, and whether the books balance.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        configuration: Configuration,
        database: str,
        code: JobCode,
        raw: s3.IBucket,
        warehouse: s3.IBucket,
        results: s3.IBucket,
        tenants: dynamodb.ITableV2,
        lease: dynamodb.ITableV2,
        log_retention: logs.RetentionDays,
    ) -> None:
        """Build the jobs of an environment."""
        super().__init__(scope, construct_id)
        places = {"--raw": raw.s3_url_for_object("raw"), "--tenants": f"dynamodb:{tenants.table_name}"}
        arguments = {**places, "--lease": lease.table_name}
        reads = (*read_objects(raw, "raw/*"), allow(["dynamodb:Scan"], tenants.table_arn))
        every = (
            *reads,
            allow(
                ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"], lease.table_arn
            ),
        )
        job = partial(
            SparkJob,
            self,
            code=code,
            database=database,
            warehouse=warehouse,
            worker=configuration.etl_worker,
            workers=configuration.etl_workers,
            log_retention=log_retention,
        )
        self.etl = job(
            "Etl",
            name=f"{configuration.prefix}-etl",
            description="Takes new raw objects into the lake's tables.",
            script=ETL_SCRIPT,
            # It comes by a schedule.
            arguments={**arguments, "--list": "recent"},
            may="What the ETL may do: read raw objects and tenants, keep the tables, take the erased out of raw.",
            # Who was erased is taken out of raw objects that arrive late; a replay is recorded beside them.
            statements=[*every, allow(["s3:PutObject"], raw.arn_for_objects("raw/*"))],
            schedule=configuration.etl_schedule,
            timeout_minutes=configuration.etl_timeout_minutes,
        )
        self.upkeep = job(
            "Upkeep",
            name=f"{configuration.prefix}-upkeep",
            description="Takes out what is older than it is kept, joins small files, forgets old snapshots.",
            script=UPKEEP_SCRIPT,
            arguments=arguments,
            may="What upkeep may do: read tenants, keep the lake's tables, remove raw objects that are too old.",
            statements=[
                *every,
                # What was cut off, and when, is recorded before anything goes.
                allow(["s3:PutObject"], raw.arn_for_objects("raw/actions/*")),
                allow(["s3:DeleteObject"], raw.arn_for_objects("raw/*")),
            ],
            schedule=configuration.upkeep_schedule,
            timeout_minutes=configuration.upkeep_timeout_minutes,
        )
        self.erase = job(
            "Erase",
            name=f"{configuration.prefix}-erase",
            description="Takes out of every store who is to be erased.",
            script=ERASE_SCRIPT,
            arguments={**arguments, "--results": results.s3_url_for_object()},
            may="What an erasure may do: keep the tables, write raw objects again, remove their versions and results.",
            statements=[
                *every,
                allow(["s3:ListBucketVersions"], raw.bucket_arn),
                allow(["s3:PutObject", "s3:GetObjectVersion", "s3:DeleteObjectVersion"], raw.arn_for_objects("raw/*")),
                # An unlink names whom it unlinked.
                allow(["s3:DeleteObject"], raw.arn_for_objects("raw/actions/*")),
                allow(["s3:GetObject", "s3:PutObject", "s3:DeleteObjectVersion"], raw.arn_for_objects("erasures/*")),
                allow(["s3:ListBucket"], results.bucket_arn),
                allow(["s3:DeleteObject"], results.arn_for_objects("*")),
            ],
            schedule=configuration.erase_schedule,
            timeout_minutes=configuration.erase_timeout_minutes,
        )
        self.check = job(
            "Check",
            name=f"{configuration.prefix}-check",
            description="Says whether all is well with what comes in, and whether the books balance.",
            script=CHECK_SCRIPT,
            arguments={
                **places,
                "--days": str(configuration.check_days),
                "--max-age-hours": str(configuration.check_max_age_hours),
            },
            may="What the check may do: read raw objects, tenants and the tables, which it creates where none are yet.",
            statements=reads,
            schedule=configuration.check_schedule,
            timeout_minutes=configuration.check_timeout_minutes,
        )
