"""The CDK's entry: read the configuration, pack the code, name the stacks."""

from pathlib import Path

import aws_cdk as cdk

from infra.configuration import read_configuration
from infra.packaging.collector import pack_collector
from infra.packaging.etl import pack_etl
from infra.stacks.ingest import IngestStack
from infra.stacks.lake import LakeStack
from infra.stacks.profiles import ProfilesStack
from infra.stacks.query import QueryStack

REPOSITORY = Path(__file__).resolve().parent


def build(app: cdk.App) -> list[cdk.Stack]:
    """Put the stacks of the environment that the context names into the app."""
    environments = app.node.try_get_context("footfall")
    configuration = read_configuration(environments, app.node.try_get_context("environment") or "dev")
    name = f"Footfall-{configuration.environment}"
    lake = LakeStack(app, f"{name}-Lake", configuration=configuration, code=pack_etl(REPOSITORY))
    ingest = IngestStack(app, f"{name}-Ingest", configuration=configuration, code=pack_collector(REPOSITORY), lake=lake)
    query = QueryStack(
        app, f"{name}-Query", configuration=configuration, queries=REPOSITORY / "athena_queries", lake=lake
    )
    profiles = ProfilesStack(app, f"{name}-Profiles", configuration=configuration)
    stacks: list[cdk.Stack] = [lake, ingest, query, profiles]
    for stack in stacks:
        cdk.Tags.of(stack).add("application", "footfall")
        cdk.Tags.of(stack).add("environment", configuration.environment)
    return stacks


if __name__ == "__main__":
    main = cdk.App()
    build(main)
    main.synth()
