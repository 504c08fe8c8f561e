"""Says when a run of a job did not succeed."""

from collections.abc import Sequence

from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sns as sns
from constructs import Construct


class FailedRuns(events.Rule):
    """A rule that publishes each failed, stopped or timed-out run of Glue jobs to a topic."""

    def __init__(self, scope: Construct, construct_id: str, *, job_names: Sequence[str], topic: sns.ITopic) -> None:
        """Build the rule."""
        super().__init__(
            scope,
            construct_id,
            description="A run that did not succeed, or a check that found something; its log says which.",
            event_pattern=events.EventPattern(
                source=["aws.glue"],
                detail_type=["Glue Job State Change"],
                detail={"jobName": list(job_names), "state": ["FAILED", "TIMEOUT", "STOPPED", "ERROR"]},
            ),
            targets=[targets.SnsTopic(topic)],
        )
