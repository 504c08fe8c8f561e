"""A Glue Spark job that runs on a schedule, one run at a time."""

from collections.abc import Mapping, Sequence

from aws_cdk import Aws, RemovalPolicy
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from constructs import Construct

from infra.constructs.job_code import JobCode
from infra.constructs.permissions import ServiceRole, allow, read_objects, write_objects

GLUE_VERSION = "5.1"
ICEBERG = "org.apache.iceberg"
LEASE_WAIT_SECONDS = 1_800


class SparkJob(Construct):
    """The job, its role, its log and its schedule.

    The tables are no resources of a stack: the jobs create and evolve them, from where `footfall/lake` declares each
    once. So a role may create tables, in its database only.

    Attributes:
        job: the Glue job.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        description: str,
        script: str,
        code: JobCode,
        arguments: Mapping[str, str],
        may: str,
        statements: Sequence[iam.PolicyStatement],
        database: str,
        warehouse: s3.IBucket,
        schedule: str,
        worker: str,
        workers: int,
        timeout_minutes: int,
        log_retention: logs.RetentionDays,
    ) -> None:
        """Build the job.

        Args:
            scope: the parent.
            construct_id: the construct's id.
            name: the job's.
            description: what it does.
            script: the entry script's name in the packed code.
            code: the packed code.
            arguments: what the script is told.
            may: what the role may do, in words.
            statements: what the role may do beyond its code, its tables and its log.
            database: the Glue database of the tables.
            warehouse: the bucket of the tables.
            schedule: when runs start, as a Glue cron expression in UTC.
            worker: the type of Glue's workers.
            workers: how many, the driver among them.
            timeout_minutes: when a run is stopped.
            log_retention: how long its log is kept.
        """
        super().__init__(scope, construct_id)
        log_group = logs.LogGroup(
            self,
            "Log",
            log_group_name=f"/footfall/{name}",
            retention=log_retention,
            removal_policy=RemovalPolicy.DESTROY,
        )
        role = ServiceRole(
            self,
            "Role",
            service="glue",
            description=may,
            statements=[*statements, *_every_job(code.bucket, warehouse, database, log_group)],
        )
        self.job = glue.CfnJob(
            self,
            "Job",
            name=name,
            description=description,
            role=role.role_arn,
            glue_version=GLUE_VERSION,
            worker_type=worker,
            number_of_workers=workers,
            timeout=timeout_minutes,
            max_retries=0,  # the next run does what this one did not
            execution_property=glue.CfnJob.ExecutionPropertyProperty(max_concurrent_runs=1),
            command=glue.CfnJob.JobCommandProperty(
                name="glueetl", python_version="3", script_location=code.url(script)
            ),
            default_arguments={
                **arguments,
                "--catalog": "lake",  # as the Spark settings below name it
                "--region": Aws.REGION,
                "--lease-wait-seconds": str(LEASE_WAIT_SECONDS),
                **code.arguments,
                "--datalake-formats": "iceberg",
                "--conf": spark_settings(warehouse.s3_url_for_object()),
                "--job-bookmark-option": "job-bookmark-disable",  # the ledger knows what was taken in
                "--enable-continuous-cloudwatch-log": "true",
                "--continuous-log-logGroup": log_group.log_group_name,
                "--enable-metrics": "true",
                "--TempDir": code.bucket.s3_url_for_object("temporary"),
            },
        )
        code.before(self.job)
        glue.CfnTrigger(
            self,
            "Schedule",
            name=name,
            type="SCHEDULED",
            schedule=schedule,
            start_on_creation=True,
            actions=[glue.CfnTrigger.ActionProperty(job_name=self.job.ref)],
        )


def _every_job(
    artifacts: s3.IBucket, warehouse: s3.IBucket, database: str, log_group: logs.ILogGroup
) -> list[iam.PolicyStatement]:
    """Leave to read the code, to read and write the tables, and to write the log."""
    catalog = f"arn:{Aws.PARTITION}:glue:{Aws.REGION}:{Aws.ACCOUNT_ID}"
    return [
        *write_objects(warehouse),
        *read_objects(artifacts, "etl/*"),
        *write_objects(artifacts, "temporary/*"),
        allow(
            ["glue:GetDatabase", "glue:GetTable", "glue:GetTables", "glue:CreateTable", "glue:UpdateTable"],
            f"{catalog}:catalog",
            f"{catalog}:database/{database}",
            f"{catalog}:table/{database}/*",
        ),
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], log_group.log_group_arn),
        iam.PolicyStatement(
            actions=["cloudwatch:PutMetricData"],
            resources=["*"],  # this action knows no resources
            conditions={"StringEquals": {"cloudwatch:namespace": "Glue"}},
        ),
    ]


def spark_settings(warehouse: str) -> str:
    """Spark's settings as Glue takes them, in one argument: the catalog `lake` is Glue's, of Iceberg tables."""
    settings = {
        "spark.sql.extensions": f"{ICEBERG}.spark.extensions.IcebergSparkSessionExtensions",
        "spark.sql.catalog.lake": f"{ICEBERG}.spark.SparkCatalog",
        "spark.sql.catalog.lake.catalog-impl": f"{ICEBERG}.aws.glue.GlueCatalog",
        "spark.sql.catalog.lake.io-impl": f"{ICEBERG}.aws.s3.S3FileIO",
        "spark.sql.catalog.lake.client.region": Aws.REGION,
        "spark.sql.catalog.lake.warehouse": warehouse,
        "spark.sql.session.timeZone": "UTC",
    }
    return " --conf ".join(f"{name}={value}" for name, value in settings.items())
