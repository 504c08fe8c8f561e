"""What every verb takes: the lake's folder, the tenant, and output for programs."""

from pathlib import Path
from typing import Annotated

import typer

from footfall.errors import FootfallError
from footfall.events.tenant_changes import EditableTenants
from footfall.events.tenants import Tenant, TenantRegistry

Lake = Annotated[Path, typer.Option("--lake", help="The lake's folder.", show_default=True)]
TenantName = Annotated[str | None, typer.Option("--tenant", help="The tenant's name.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for a program to read.")]

DEFAULT_LAKE = Path("lake")


def pick_tenant(registry: TenantRegistry | EditableTenants, name: str | None) -> Tenant:
    """The tenant of that name, or the only one there is.

    Raises:
        FootfallError: no such tenant, none at all, or several and no name.
    """
    tenants = {tenant.name: tenant for tenant in registry.all()}
    known = ", ".join(tenants) or "none yet"
    if name is None:
        if len(tenants) == 1:
            return next(iter(tenants.values()))
        raise FootfallError(f"say which tenant with --tenant NAME; this lake has: {known}.")
    if name not in tenants:
        raise FootfallError(f"no tenant is named {name!r}; this lake has: {known}.")
    return tenants[name]
