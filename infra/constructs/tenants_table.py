"""The tenants' registry: the collector finds a tenant by the hash of its write key."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct

KEY = "pk"


class TenantsTable(dynamodb.TableV2):
    """A DynamoDB table, paid by request, encrypted, with point-in-time recovery. Items are named by `pk` alone."""

    def __init__(self, scope: Construct, construct_id: str, *, keep_data: bool) -> None:
        """Build the table. With `keep_data` it cannot be deleted by mistake."""
        super().__init__(
            scope,
            construct_id,
            partition_key=dynamodb.Attribute(name=KEY, type=dynamodb.AttributeType.STRING),
            billing=dynamodb.Billing.on_demand(),
            encryption=dynamodb.TableEncryptionV2.aws_managed_key(),
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=keep_data,
            removal_policy=RemovalPolicy.RETAIN if keep_data else RemovalPolicy.DESTROY,
        )
