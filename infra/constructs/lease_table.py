"""Where a Glue run holds the lake's lease, so that ETL and upkeep never write at once."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from constructs import Construct


class LeaseTable(dynamodb.TableV2):
    """A DynamoDB table of one item, which lives as long as a run does: nothing in it is worth keeping."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        """Build the table."""
        super().__init__(
            scope,
            construct_id,
            partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
            billing=dynamodb.Billing.on_demand(),
            encryption=dynamodb.TableEncryptionV2.aws_managed_key(),
            removal_policy=RemovalPolicy.DESTROY,
        )
