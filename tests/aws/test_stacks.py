"""What the templates promise: encryption, no public access, least privilege, retention. No account is needed."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest
from aws_cdk.assertions import Template

from footfall.collector.handler import HEALTH_PATH, SPOKEN
from footfall.collector.sinks import spill
from footfall.events.raw_object import ACTIONS
from footfall.lake import tables
from infra.configuration import Configuration
from infra.packaging import queries
from infra.packaging.etl import pack_etl
from infra.stacks.lake import LakeStack

REPOSITORY = Path(__file__).resolve().parents[2]


def statements(document: dict[str, Any]) -> Iterator[tuple[set[str], list[Any], dict[str, Any]]]:
    for statement in document["Statement"]:
        actions = statement["Action"]
        resources = statement.get("Resource", [])
        yield (
            {actions} if isinstance(actions, str) else set(actions),
            resources if isinstance(resources, list) else [resources],
            statement,
        )


def policies_of(role: dict[str, Any]) -> list[dict[str, Any]]:
    return [policy["PolicyDocument"] for policy in role.get("Policies", [])]


def role_of(prod: Any, stack: str, service: str, description: str) -> dict[str, Any]:
    role: dict[str, Any]
    [role] = [
        role
        for role in prod.properties("AWS::IAM::Role", stack)
        if description in role.get("Description", "") and f"{service}.amazonaws.com" in json.dumps(role)
    ]
    return role


def test_every_bucket_is_encrypted_and_closed_to_the_public(prod: Any) -> None:
    buckets = prod.properties("AWS::S3::Bucket")
    assert buckets
    for bucket in buckets:
        [rule] = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
        assert rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
        assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
        assert len(bucket["PublicAccessBlockConfiguration"]) == 4
        assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]


def test_every_bucket_refuses_what_does_not_come_over_tls(prod: Any) -> None:
    for name, template in prod.templates.items():
        buckets = {key for key, resource in template["Resources"].items() if resource["Type"] == "AWS::S3::Bucket"}
        refusing = set()
        for resource in template["Resources"].values():
            if resource["Type"] != "AWS::S3::BucketPolicy":
                continue
            for actions, resources, statement in statements(resource["Properties"]["PolicyDocument"]):
                if statement["Effect"] == "Deny" and statement["Condition"] == {
                    "Bool": {"aws:SecureTransport": "false"}
                }:
                    assert actions == {"s3:*"}
                    assert statement["Principal"] == {"AWS": "*"}
                    assert len(resources) == 2
                    refusing.add(resource["Properties"]["Bucket"]["Ref"])
        assert refusing == buckets, name


def test_nobody_else_is_let_into_a_bucket(prod: Any) -> None:
    for policy in prod.properties("AWS::S3::BucketPolicy"):
        for _, _, statement in statements(policy["PolicyDocument"]):
            if statement["Effect"] == "Allow":
                assert "*" not in json.dumps(statement["Principal"])


def test_raw_objects_outlive_mistakes(prod: Any) -> None:
    raw_name = prod.templates["Lake"]["Outputs"]["RawBucket"]["Value"]["Ref"]
    raw = prod.templates["Lake"]["Resources"][raw_name]
    assert raw["DeletionPolicy"] == raw["UpdateReplacePolicy"] == "Retain"
    assert raw["Properties"]["VersioningConfiguration"] == {"Status": "Enabled"}
    rules = raw["Properties"]["LifecycleConfiguration"]["Rules"]
    assert not any("ExpirationInDays" in rule for rule in rules)
    assert any(rule.get("NoncurrentVersionExpiration") == {"NoncurrentDays": 7} for rule in rules)


def test_unfinished_uploads_are_aborted_in_every_bucket(prod: Any) -> None:
    for bucket in prod.properties("AWS::S3::Bucket"):
        rules = bucket["LifecycleConfiguration"]["Rules"]
        assert any(rule.get("AbortIncompleteMultipartUpload") == {"DaysAfterInitiation": 1} for rule in rules)


def test_raw_objects_go_after_the_days_that_are_set_and_what_operators_did_stays() -> None:
    configuration = Configuration(environment="dev", raw_days=400)
    context = json.loads((REPOSITORY / "cdk.json").read_text())["context"]
    stack = LakeStack(cdk.App(context=context), "Lake", configuration=configuration, code=pack_etl(REPOSITORY))
    rules = [
        rule
        for bucket in Template.from_stack(stack).find_resources("AWS::S3::Bucket").values()
        for rule in bucket["Properties"]["LifecycleConfiguration"]["Rules"]
        if rule.get("ExpirationInDays") == 400
    ]
    going = ("raw/2026/03/01/10/a.json.gz", "raw/spill/2026/03/01/10/b.json.gz", "raw/import/c.json.gz")
    assert len(rules) == len(going)
    for rule, key in zip(sorted(rules, key=lambda rule: str(rule["Prefix"])), sorted(going), strict=True):
        assert key.startswith(rule["Prefix"])
        assert not f"raw/{ACTIONS}/1-2.json".startswith(rule["Prefix"])


def test_the_tenants_table_is_encrypted_recoverable_and_kept(prod: Any) -> None:
    lake = prod.templates["Lake"]
    resource = lake["Resources"][lake["Outputs"]["TenantsTable"]["Value"]["Ref"]]
    table = resource["Properties"]
    assert resource["DeletionPolicy"] == "Retain"
    assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS"}
    assert table["KeySchema"] == [{"AttributeName": "pk", "KeyType": "HASH"}]
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    [replica] = table["Replicas"]
    assert replica["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert replica["DeletionProtectionEnabled"] is True


def test_the_collector_may_put_records_and_spill_objects_read_tenants_write_its_log_and_nothing_else(prod: Any) -> None:
    role = role_of(prod, "Ingest", "lambda", "the collector may")
    assert "ManagedPolicyArns" not in role
    allowed: dict[str, list[Any]] = {}
    for document in policies_of(role):
        for actions, resources, statement in statements(document):
            assert statement["Effect"] == "Allow"
            assert "*" not in resources
            for action in actions:
                assert "*" not in action
                allowed.setdefault(action, []).extend(resources)
    assert set(allowed) == {
        "firehose:PutRecord",
        "firehose:PutRecordBatch",
        "s3:PutObject",
        "dynamodb:GetItem",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    }
    assert all(len(resources) == 1 for resources in allowed.values())
    [objects] = allowed["s3:PutObject"]
    assert json.dumps(objects).endswith(f'"/{spill.PREFIX}*"]]}}')
    assert "RawBucket" in json.dumps(objects) or "ExportsOutput" in json.dumps(objects)


def test_no_policy_is_added_to_a_role_of_ours_elsewhere(prod: Any) -> None:
    for stack in ("Ingest", "Query", "Profiles"):
        assert prod.resources("AWS::IAM::Policy", stack) == []
        assert prod.resources("AWS::IAM::ManagedPolicy", stack) == []


def test_the_collector_runs_on_arm_with_the_settings_that_its_handler_reads(prod: Any) -> None:
    functions = prod.properties("AWS::Lambda::Function", "Ingest")
    [function] = [function for function in functions if "collector" in function["Handler"]]
    assert function["Architectures"] == ["arm64"]
    assert function["Runtime"] == "python3.13"
    path, _, name = function["Handler"].rpartition(".")
    source = (REPOSITORY / f"{path}.py").read_text()
    assert name in {node.name for node in ast.parse(source).body if isinstance(node, ast.FunctionDef)}
    assert set(function["Environment"]["Variables"]) == set(re.findall(r'os\.environ\["(\w+)"\]', source))


def test_the_api_has_the_collectors_routes_a_limit_and_a_log_without_addresses(prod: Any) -> None:
    routes = {route["RouteKey"] for route in prod.properties("AWS::ApiGatewayV2::Route")}
    paths = [path for protocol in SPOKEN for path in protocol.routes]
    assert routes == {f"ANY {path}" for path in (*paths, HEALTH_PATH)}
    assert all("CorsConfiguration" not in api for api in prod.properties("AWS::ApiGatewayV2::Api"))
    [stage] = prod.properties("AWS::ApiGatewayV2::Stage")
    assert stage["DefaultRouteSettings"] == {"ThrottlingRateLimit": 1_000, "ThrottlingBurstLimit": 2_000}
    logged = stage["AccessLogSettings"]["Format"]
    assert not re.search(r"\$context\.identity", logged)


def test_raw_objects_are_gzip_below_their_hour_and_failures_lie_apart(prod: Any) -> None:
    [stream] = prod.properties("AWS::KinesisFirehose::DeliveryStream")
    target = stream["ExtendedS3DestinationConfiguration"]
    assert stream["DeliveryStreamType"] == "DirectPut"
    assert stream["DeliveryStreamEncryptionConfigurationInput"] == {"KeyType": "AWS_OWNED_CMK"}
    assert target["CompressionFormat"] == "GZIP"
    assert target["Prefix"] == "raw/!{timestamp:yyyy/MM/dd/HH}/"
    assert target["FileExtension"] == ".json.gz"
    assert target["ErrorOutputPrefix"].startswith("failed/!{firehose:error-output-type}/")
    assert target["CloudWatchLoggingOptions"]["Enabled"] is True


def test_an_alarm_goes_off_when_records_have_waited_for_fifteen_minutes(prod: Any) -> None:
    [alarm] = [
        alarm
        for alarm in prod.properties("AWS::CloudWatch::Alarm")
        if alarm["MetricName"] == "DeliveryToS3.DataFreshness"
    ]
    [stream_name] = [
        name
        for name, resource in prod.templates["Ingest"]["Resources"].items()
        if resource["Type"] == "AWS::KinesisFirehose::DeliveryStream"
    ]
    assert alarm["Namespace"] == "AWS/Firehose"
    assert alarm["Dimensions"] == [{"Name": "DeliveryStreamName", "Value": {"Ref": stream_name}}]
    assert alarm["Threshold"] == 15 * 60
    assert alarm["Period"] * alarm["EvaluationPeriods"] <= 5 * 60
    assert alarm["Statistic"] == "Maximum"
    assert len(alarm["AlarmActions"]) == 1


def test_every_alarm_tells_somebody(prod: Any) -> None:
    alarms = prod.properties("AWS::CloudWatch::Alarm")
    assert alarms
    assert all(alarm["AlarmActions"] for alarm in alarms)
    [rule] = prod.properties("AWS::Events::Rule", "Lake")
    assert "FAILED" in rule["EventPattern"]["detail"]["state"]
    assert set(rule["EventPattern"]["detail"]["jobName"]) == {job["Name"] for job in prod.properties("AWS::Glue::Job")}
    assert rule["Targets"]


@pytest.mark.parametrize(
    ("name", "schedule"),
    [
        ("footfall-prod-etl", r"cron\(\d+ \* \* \* \? \*\)"),
        ("footfall-prod-upkeep", r"cron\(\d+ \d+ \* \* \? \*\)"),
        ("footfall-prod-erase", r"cron\(\d+ \d+ \* \* \? \*\)"),
        ("footfall-prod-check", r"cron\(\d+ \d+ \* \* \? \*\)"),
    ],
)
def test_the_etl_runs_each_hour_and_the_others_each_day_one_run_at_a_time(prod: Any, name: str, schedule: str) -> None:
    [(key, job)] = [
        (key, resource["Properties"])
        for key, resource in prod.templates["Lake"]["Resources"].items()
        if resource["Type"] == "AWS::Glue::Job" and resource["Properties"]["Name"] == name
    ]
    [trigger] = [
        trigger
        for trigger in prod.properties("AWS::Glue::Trigger")
        if trigger["Actions"] == [{"JobName": {"Ref": key}}]
    ]
    assert job["GlueVersion"] == "5.1"
    assert job["ExecutionProperty"] == {"MaxConcurrentRuns": 1}
    assert trigger["Type"] == "SCHEDULED"
    assert trigger["StartOnCreation"] is True
    assert re.fullmatch(schedule, trigger["Schedule"])


def test_the_jobs_that_write_wait_for_each_other_by_one_lease_and_not_longer_than_they_may_run(prod: Any) -> None:
    jobs = [job for job in prod.properties("AWS::Glue::Job") if job["Name"] != "footfall-prod-check"]
    assert len(jobs) == 3
    assert len({json.dumps(job["DefaultArguments"]["--lease"]) for job in jobs}) == 1
    assert all(int(job["DefaultArguments"]["--lease-wait-seconds"]) < job["Timeout"] * 60 for job in jobs)


@pytest.mark.parametrize("may", ["the ETL may", "upkeep may", "an erasure may", "the check may"])
def test_a_job_may_touch_its_own_database_and_buckets_only(prod: Any, may: str) -> None:
    role = role_of(prod, "Lake", "glue", may)
    assert "ManagedPolicyArns" not in role
    for document in policies_of(role):
        for actions, resources, statement in statements(document):
            assert not any("*" in action for action in actions)
            if "*" in resources:
                assert actions == {"cloudwatch:PutMetricData"}
                assert statement["Condition"] == {"StringEquals": {"cloudwatch:namespace": "Glue"}}
            if any(action.startswith("glue:") for action in actions):
                assert not any(action.startswith("glue:Delete") for action in actions)
                for resource in resources:
                    assert re.search(r"(:catalog|:database/footfall|:table/footfall/\*)\"", json.dumps(resource))


def test_the_check_reads_raw_and_holds_no_lease(prod: Any) -> None:
    allowed = {
        action
        for document in policies_of(role_of(prod, "Lake", "glue", "the check may"))
        for actions, resources, _ in statements(document)
        for action in actions
        if "Raw" in json.dumps(resources) or action.startswith("dynamodb:")
    }
    assert allowed == {"s3:GetBucketLocation", "s3:ListBucket", "s3:GetObject", "dynamodb:Scan"}


def test_no_stack_has_a_table_for_the_etl_makes_them(prod: Any) -> None:
    [database] = prod.properties("AWS::Glue::Database")
    assert prod.resources("AWS::Glue::Table") == []
    assert database["DatabaseInput"]["Name"] == tables.DATABASE == queries.DATABASE
    assert {table.name for table in tables.TABLES} == set(queries.TABLES)


def test_athenas_workgroup_binds_every_query(prod: Any) -> None:
    [workgroup] = prod.properties("AWS::Athena::WorkGroup")
    settings = workgroup["WorkGroupConfiguration"]
    assert settings["EnforceWorkGroupConfiguration"] is True
    assert settings["BytesScannedCutoffPerQuery"] == 100 * 2**30
    assert settings["EngineVersion"] == {"SelectedEngineVersion": "Athena engine version 3"}
    assert settings["ResultConfiguration"]["EncryptionConfiguration"] == {"EncryptionOption": "SSE_S3"}


def test_profiles_are_encrypted_and_answer_one_role_over_https(prod: Any) -> None:
    [domain] = prod.properties("AWS::OpenSearchService::Domain")
    [resource] = prod.resources("AWS::OpenSearchService::Domain")
    assert resource["DeletionPolicy"] == "Retain"
    assert domain["EngineVersion"] == "OpenSearch_2.19"
    assert domain["EncryptionAtRestOptions"] == {"Enabled": True}
    assert domain["NodeToNodeEncryptionOptions"] == {"Enabled": True}
    assert domain["DomainEndpointOptions"]["EnforceHTTPS"] is True
    assert "1-2" in domain["DomainEndpointOptions"]["TLSSecurityPolicy"]
    assert domain["AdvancedSecurityOptions"]["Enabled"] is True
    assert domain["AdvancedSecurityOptions"]["InternalUserDatabaseEnabled"] is False
    [(_, _, statement)] = statements(domain["AccessPolicies"])
    assert statement["Principal"]["AWS"] == domain["AdvancedSecurityOptions"]["MasterUserOptions"]["MasterUserARN"]
    assert set(statement["Principal"]["AWS"]) == {"Fn::GetAtt"}
    assert domain["ClusterConfig"]["ZoneAwarenessConfig"] == {"AvailabilityZoneCount": 3}


def test_every_log_is_kept_for_a_stated_time(prod: Any) -> None:
    groups = prod.properties("AWS::Logs::LogGroup")
    assert groups
    assert {group.get("RetentionInDays") for group in groups} == {90}


def test_every_function_writes_to_a_log_of_ours(prod: Any) -> None:
    functions = prod.properties("AWS::Lambda::Function")
    assert functions
    assert all("Ref" in function["LoggingConfig"]["LogGroup"] for function in functions)


def test_the_templates_pass_cfn_lint(prod: Any) -> None:
    files = sorted(str(path) for path in prod.folder.glob("*.template.json"))
    assert len(files) == 4
    # W3005: the CDK names a dependency that follows from another property too.
    command = [str(Path(sys.executable).with_name("cfn-lint")), "--regions", "us-east-1", "--ignore-checks", "W3005"]
    done = subprocess.run([*command, "--", *files], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
