"""The way in: HTTP API, collector, Firehose."""

from pathlib import Path

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_cloudwatch_actions as actions
from constructs import Construct

from infra.configuration import Configuration
from infra.constructs.collector import Collector
from infra.constructs.delivery import Delivery
from infra.constructs.front_door import FrontDoor
from infra.log_retention import log_retention
from infra.packaging.collector import HANDLER
from infra.stacks.lake import LakeStack


class IngestStack(Stack):
    """What takes events in and makes them durable."""

    def __init__(
        self, scope: Construct, construct_id: str, *, configuration: Configuration, code: Path, lake: LakeStack
    ) -> None:
        """Build the stack; `code` is the collector's packed folder."""
        super().__init__(scope, construct_id, description="Footfall: the collector and its way to the raw objects.")
        retention = log_retention(configuration.log_days)
        delivery = Delivery(
            self,
            "Delivery",
            name=f"{configuration.prefix}-raw",
            bucket=lake.raw,
            buffer_seconds=configuration.delivery_seconds,
            buffer_mib=configuration.delivery_mib,
            log_retention=retention,
        )
        collector = Collector(
            self,
            "Collector",
            code=code,
            handler=HANDLER,
            stream_name=delivery.stream_name,
            stream_arn=delivery.stream_arn,
            raw=lake.raw,
            tenants=lake.tenants,
            memory_mib=configuration.collector_memory_mib,
            log_retention=retention,
        )
        door = FrontDoor(
            self,
            "FrontDoor",
            name=f"{configuration.prefix}-collector",
            collector=collector.function,
            requests_per_second=configuration.collector_requests_per_second,
            log_retention=retention,
        )
        for alarm in (delivery.late, collector.failing):
            alarm.add_alarm_action(actions.SnsAction(lake.alarms))
        CfnOutput(self, "CollectorUrl", value=door.url)
