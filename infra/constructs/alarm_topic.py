"""Who hears of alarms."""

from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct


class AlarmTopic(sns.Topic):
    """An SNS topic, TLS only, that alarms and the events of this account publish to.

    It is not encrypted with a key: what alarms say is not about people, and neither CloudWatch nor EventBridge can
    use the key that AWS manages for SNS.
    """

    def __init__(self, scope: Construct, construct_id: str, *, email: str) -> None:
        """Build the topic; `email`, where given, is asked to confirm its subscription."""
        super().__init__(scope, construct_id, enforce_ssl=True)
        for service in ("cloudwatch", "events"):
            self.grant_publish(iam.ServicePrincipal(f"{service}.amazonaws.com"))
        if email:
            self.add_subscription(subscriptions.EmailSubscription(email))
