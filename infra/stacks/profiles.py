"""Where profiles are served from: OpenSearch."""

from aws_cdk import CfnOutput, Stack
from constructs import Construct

from infra.configuration import Configuration
from infra.constructs.profile_domain import ProfileDomain
from infra.log_retention import log_retention


class ProfilesStack(Stack):
    """The OpenSearch domain of the visitors' profiles."""

    def __init__(self, scope: Construct, construct_id: str, *, configuration: Configuration) -> None:
        """Build the stack."""
        super().__init__(scope, construct_id, description="Footfall: the profiles' OpenSearch domain.")
        profiles = ProfileDomain(
            self,
            "Profiles",
            name=f"{configuration.prefix}-profiles",
            instance=configuration.search_instance,
            nodes=configuration.search_nodes,
            volume_gib=configuration.search_volume_gib,
            keep_data=configuration.keep_data,
            log_retention=log_retention(configuration.log_days),
        )
        CfnOutput(self, "ProfilesEndpoint", value=f"https://{profiles.domain.attr_domain_endpoint}")
        CfnOutput(self, "ProfilesRole", value=profiles.role.role_arn)
