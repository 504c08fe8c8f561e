"""Where profiles are served from: an OpenSearch domain that answers signed requests of one role, and no others."""

from aws_cdk import Aws, RemovalPolicy
from aws_cdk import aws_iam as iam
from aws_cdk import aws_logs as logs
from aws_cdk import aws_opensearchservice as opensearch
from constructs import Construct

ENGINE = "OpenSearch_2.19"
LOGS = {"ES_APPLICATION_LOGS": "Errors", "SEARCH_SLOW_LOGS": "SlowSearches", "INDEX_SLOW_LOGS": "SlowWrites"}


class ProfileDomain(Construct):
    """The domain, the role that may read and write it, and its logs.

    Attributes:
        domain: the OpenSearch domain.
        role: loads profiles and reads them; it is the domain's master user as well.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        instance: str,
        nodes: int,
        volume_gib: int,
        keep_data: bool,
        log_retention: logs.RetentionDays,
    ) -> None:
        """Build the domain; with more than one node, they stand in as many zones, at most three."""
        super().__init__(scope, construct_id)
        arn = f"arn:{Aws.PARTITION}:es:{Aws.REGION}:{Aws.ACCOUNT_ID}:domain/{name}"
        self.role = iam.Role(
            self,
            "Role",
            assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"),
            description="Loads visitors' profiles into OpenSearch, and reads them.",
        )
        log_groups = {
            kind: logs.LogGroup(self, label, retention=log_retention, removal_policy=RemovalPolicy.DESTROY)
            for kind, label in LOGS.items()
        }
        logging = logs.ResourcePolicy(
            self,
            "Logging",
            policy_statements=[
                iam.PolicyStatement(
                    principals=[iam.ServicePrincipal("es.amazonaws.com")],
                    actions=["logs:CreateLogStream", "logs:PutLogEvents"],
                    resources=[group.log_group_arn for group in log_groups.values()],
                    conditions={"ArnLike": {"aws:SourceArn": arn}},
                )
            ],
        )
        zones = min(nodes, 3)
        self.domain = opensearch.CfnDomain(
            self,
            "Domain",
            domain_name=name,
            engine_version=ENGINE,
            cluster_config=opensearch.CfnDomain.ClusterConfigProperty(
                instance_type=instance,
                instance_count=nodes,
                zone_awareness_enabled=zones > 1,
                zone_awareness_config=opensearch.CfnDomain.ZoneAwarenessConfigProperty(availability_zone_count=zones)
                if zones > 1
                else None,
            ),
            ebs_options=opensearch.CfnDomain.EBSOptionsProperty(
                ebs_enabled=True, volume_type="gp3", volume_size=volume_gib
            ),
            encryption_at_rest_options=opensearch.CfnDomain.EncryptionAtRestOptionsProperty(enabled=True),
            node_to_node_encryption_options=opensearch.CfnDomain.NodeToNodeEncryptionOptionsProperty(enabled=True),
            domain_endpoint_options=opensearch.CfnDomain.DomainEndpointOptionsProperty(
                enforce_https=True, tls_security_policy="Policy-Min-TLS-1-2-PFS-2023-10"
            ),
            advanced_security_options=opensearch.CfnDomain.AdvancedSecurityOptionsInputProperty(
                enabled=True,
                internal_user_database_enabled=False,
                master_user_options=opensearch.CfnDomain.MasterUserOptionsProperty(master_user_arn=self.role.role_arn),
            ),
            access_policies=iam.PolicyDocument(
                statements=[
                    iam.PolicyStatement(
                        principals=[iam.ArnPrincipal(self.role.role_arn)],
                        actions=[f"es:ESHttp{verb}" for verb in ("Delete", "Get", "Head", "Post", "Put")],
                        resources=[f"{arn}/*"],
                    )
                ]
            ),
            log_publishing_options={
                kind: opensearch.CfnDomain.LogPublishingOptionProperty(
                    cloud_watch_logs_log_group_arn=group.log_group_arn, enabled=True
                )
                for kind, group in log_groups.items()
            },
        )
        self.domain.node.add_dependency(logging)
        self.domain.apply_removal_policy(RemovalPolicy.RETAIN if keep_data else RemovalPolicy.DESTROY)
