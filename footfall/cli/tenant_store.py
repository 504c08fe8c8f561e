"""Where the tenants are that `footfall tenant` works on: a lake's folder, or a table of DynamoDB."""

import time
from pathlib import Path
from typing import Annotated

import typer

from footfall.errors import FootfallError
from footfall.events.tenant_changes import EditableTenants
from footfall.events.tenant_file import TenantFile
from footfall.lake.layout import open_lake

Name = Annotated[str, typer.Argument(help="The tenant's name: a-z, 0-9 and '-'.")]
Table = Annotated[
    str | None,
    typer.Option(
        "--table",
        envvar="FOOTFALL_TENANTS_TABLE",
        help="A DynamoDB table of tenants, in place of a lake's folder: the output TenantsTable of the stack.",
    ),
]
Region = Annotated[str | None, typer.Option("--region", help="The table's AWS region; else that of your profile.")]


def open_tenants(lake: Path, table: str | None, region: str | None, *, create: bool = False) -> EditableTenants:
    """The tenants of the table, where one is named, else of the lake.

    Raises:
        FootfallError: there is no such lake, a region is given without a table, or AWS's settings are not there.
    """
    if not table:
        if region:
            raise FootfallError("--region says where --table is: name the table too.")
        return TenantFile(open_lake(lake, create=create).tenants)
    # Heavy, and only needed here.
    import boto3
    from botocore.exceptions import BotoCoreError

    from footfall.events.tenant_table import TenantTable

    try:
        client = boto3.client("dynamodb", region_name=region)
    except (BotoCoreError, ValueError) as error:
        raise FootfallError(f"AWS cannot be asked: {error} Say --region, or AWS_PROFILE.") from error
    return TenantTable(client, table)


def now() -> int:
    """The time in epoch milliseconds."""
    return time.time_ns() // 1_000_000
