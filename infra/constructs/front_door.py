"""The public address: an HTTP API whose routes are the collector's."""

import json
from typing import cast

from aws_cdk import RemovalPolicy
from aws_cdk import aws_apigatewayv2 as apigateway
from aws_cdk import aws_apigatewayv2_integrations as integrations
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

ROUTES = (
    "/v1/events",
    "/v1/health",
    *(f"/v1/{call}" for call in ("track", "page", "screen", "identify", "group", "alias", "batch", "import")),
    *(f"/v1/{letter}" for letter in "tpsigab"),
    "/events.json",
    "/batch/events.json",
    "/events/{id}",
    "/com.snowplowanalytics.snowplow/tp2",
    "/i",
)
"""The paths of the protocols, with any method: the collector answers what it does not take, and OPTIONS."""
LOGGED = {
    "time": "$context.requestTimeEpoch",
    "request": "$context.requestId",
    "route": "$context.routeKey",
    "status": "$context.status",
    "bytes": "$context.responseLength",
    "latency_ms": "$context.responseLatency",
    "error": "$context.error.message",
}
"""What the access log holds: no address and no user agent, for these are a person's."""


class FrontDoor(Construct):
    """The HTTP API with its routes, its limit of requests and its access log.

    Attributes:
        url: the address, with no slash at its end.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        name: str,
        collector: lambda_.IFunction,
        requests_per_second: int,
        log_retention: logs.RetentionDays,
    ) -> None:
        """Build the API in front of the collector."""
        super().__init__(scope, construct_id)
        log_group = logs.LogGroup(self, "Log", retention=log_retention, removal_policy=RemovalPolicy.DESTROY)
        api = apigateway.HttpApi(
            self,
            "Api",
            api_name=name,
            # No CORS here: the gateway would put its own headers in place of the collector's, and they differ by
            # protocol. What a tracker sends as text/plain asks for none.
            create_default_stage=False,
        )
        integration = integrations.HttpLambdaIntegration("Collector", collector)
        for path in ROUTES:
            api.add_routes(path=path, methods=[apigateway.HttpMethod.ANY], integration=integration)
        stage = apigateway.HttpStage(
            self,
            "Stage",
            http_api=api,
            auto_deploy=True,
            throttle=apigateway.ThrottleSettings(rate_limit=requests_per_second, burst_limit=2 * requests_per_second),
        )
        # The stage's own setting is an interface that Python cannot implement, so it is set beneath it.
        resource = cast(apigateway.CfnStage, stage.node.default_child)
        resource.access_log_settings = apigateway.CfnStage.AccessLogSettingsProperty(
            destination_arn=log_group.log_group_arn, format=json.dumps(LOGGED)
        )
        self.url = api.api_endpoint
