"""Where analysts ask: the Athena workgroup and the saved queries."""

from pathlib import Path

from aws_cdk import CfnOutput, Stack
from aws_cdk import aws_athena as athena
from constructs import Construct

from infra.configuration import Configuration
from infra.constructs.workgroup import Workgroup
from infra.packaging.queries import DATABASE, read_queries
from infra.stacks.lake import LakeStack


class QueryStack(Stack):
    """The workgroup, with a named query for each file of `athena_queries`."""

    def __init__(
        self, scope: Construct, construct_id: str, *, configuration: Configuration, queries: Path, lake: LakeStack
    ) -> None:
        """Build the stack; `queries` is the folder of saved queries."""
        super().__init__(scope, construct_id, description="Footfall: Athena's workgroup and saved queries.")
        workgroup = Workgroup(
            self,
            "Workgroup",
            name=configuration.prefix,
            results=lake.results,
            query_limit_gib=configuration.query_limit_gib,
            keep_data=configuration.keep_data,
        )
        for query in read_queries(queries):
            named = athena.CfnNamedQuery(
                self,
                f"Query-{query.name}",
                name=query.name,
                description=query.question,
                database=DATABASE,
                query_string=query.sql,
                work_group=workgroup.name,
            )
            named.add_resource_dependency(workgroup)
        CfnOutput(self, "WorkgroupName", value=workgroup.name)
