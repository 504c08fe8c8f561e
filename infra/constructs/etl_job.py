"""The ETL: a Glue Spark job that runs on a schedule, one run at a time."""

from pathlib import Path

from aws_cdk import Aws, RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_glue as glue
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_s3_deployment as deployment
from constructs import Construct

from infra.constructs.permissions import ServiceRole, allow, read_objects, write_objects
from infra.packaging.etl import CODE, SCRIPT, WHEELS

GLUE_VERSION = "5.1"
ICEBERG = "org.apache.iceberg"


class EtlJob(Construct):
    """The job, its role, its code in the artifacts bucket, its log and its schedule.

    The tables are no resources of a stack: the job creates and evolves them, from where `footfall/lake` declares each
    once. So the role may create tables, in its database only.

    Attributes:
        job: the Glue job.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        database: str,
        code: Path,
        raw: s3.IBucket,
        warehouse: s3.IBucket,
        artifacts: s3.IBucket,
        tenants: dynamodb.ITableV2,
        schedule: str,
        worker: str,
        workers: int,
        timeout_minutes: int,
        log_retention: logs.RetentionDays,
    ) -> None:
        """Build the job from its packed folder (see `infra.packaging.etl`)."""
        super().__init__(scope, construct_id)
        # An asset of the CDK is named by its hash, and pip refuses a wheel of another name: so the folder is unpacked.
        uploaded = deployment.BucketDeployment(
            self,
            "Code",
            sources=[deployment.Source.asset(str(code))],
            destination_bucket=artifacts,
            destination_key_prefix="etl/",
            prune=False,
            log_group=logs.LogGroup(self, "CodeLog", retention=log_retention, removal_policy=RemovalPolicy.DESTROY),
        )
        log_group = logs.LogGroup(
            self,
            "Log",
            log_group_name=f"/footfall/{name}",
            retention=log_retention,
            removal_policy=RemovalPolicy.DESTROY,
        )
        folder = artifacts.s3_url_for_object("etl")
        wheels = sorted(path.name for path in (code / WHEELS).iterdir())
        self.job = glue.CfnJob(
            self,
            "Job",
            name=name,
            description="Takes new raw objects into the lake's tables.",
            role=self.role(
                database=database,
                raw=raw,
                warehouse=warehouse,
                artifacts=artifacts,
                tenants=tenants,
                log_group=log_group,
            ).role_arn,
            glue_version=GLUE_VERSION,
            worker_type=worker,
            number_of_workers=workers,
            timeout=timeout_minutes,
            max_retries=0,  # the next run takes in what this one did not
            execution_property=glue.CfnJob.ExecutionPropertyProperty(max_concurrent_runs=1),
            command=glue.CfnJob.JobCommandProperty(
                name="glueetl", python_version="3", script_location=f"{folder}/{SCRIPT}"
            ),
            default_arguments={
                "--raw": raw.s3_url_for_object("raw"),
                "--tenants": f"dynamodb:{tenants.table_name}",
                "--catalog": "lake",  # as the Spark settings below name it
                "--extra-py-files": f"{folder}/{CODE}",
                "--additional-python-modules": ",".join(f"{folder}/{WHEELS}/{wheel}" for wheel in wheels),
                "--python-modules-installer-option": "--no-index --no-deps",
                "--datalake-formats": "iceberg",
                "--conf": spark_settings(warehouse.s3_url_for_object()),
                "--job-bookmark-option": "job-bookmark-disable",  # the ledger knows what was taken in
                "--enable-continuous-cloudwatch-log": "true",
                "--continuous-log-logGroup": log_group.log_group_name,
                "--enable-metrics": "true",
                "--TempDir": artifacts.s3_url_for_object("temporary"),
            },
        )
        self.job.node.add_dependency(uploaded)
        glue.CfnTrigger(
            self,
            "Schedule",
            name=name,
            type="SCHEDULED",
            schedule=schedule,
            start_on_creation=True,
            actions=[glue.CfnTrigger.ActionProperty(job_name=self.job.ref)],
        )

    def role(
        self,
        *,
        database: str,
        raw: s3.IBucket,
        warehouse: s3.IBucket,
        artifacts: s3.IBucket,
        tenants: dynamodb.ITableV2,
        log_group: logs.ILogGroup,
    ) -> ServiceRole:
        """The role of a run: read raw, code and tenants; read and write the tables; write its log."""
        catalog = f"arn:{Aws.PARTITION}:glue:{Aws.REGION}:{Aws.ACCOUNT_ID}"
        return ServiceRole(
            self,
            "Role",
            service="glue",
            description="What the ETL may do: read raw objects and tenants, keep the lake's tables, erase.",
            statements=[
                *read_objects(raw, "raw/*"),
                # Who was erased is taken out of raw objects that arrive late.
                allow(["s3:PutObject"], raw.arn_for_objects("raw/*")),
                *write_objects(warehouse),
                *read_objects(artifacts, "etl/*"),
                *write_objects(artifacts, "temporary/*"),
                allow(["dynamodb:Scan", "dynamodb:GetItem"], tenants.table_arn),
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
            ],
        )


def spark_settings(warehouse: str) -> str:
    """Spark's settings as Glue takes them, in one argument: the catalog `lake` is Glue's, of Iceberg tables."""
    settings = {
        "spark.sql.extensions": f"{ICEBERG}.spark.extensions.IcebergSparkSessionExtensions",
        "spark.sql.catalog.lake": f"{ICEBERG}.spark.SparkCatalog",
        "spark.sql.catalog.lake.catalog-impl": f"{ICEBERG}.aws.glue.GlueCatalog",
        "spark.sql.catalog.lake.io-impl": f"{ICEBERG}.aws.s3.S3FileIO",
        "spark.sql.catalog.lake.warehouse": warehouse,
        "spark.sql.session.timeZone": "UTC",
    }
    return " --conf ".join(f"{name}={value}" for name, value in settings.items())
