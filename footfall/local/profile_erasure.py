"""Erasing profiles from a local lake's OpenSearch node, if it has ever had one."""

from collections.abc import Callable, Collection
from datetime import UTC, datetime

from footfall.lake.layout import LocalLake
from footfall.local.lake_node import has_data, lake_node
from footfall.profiles.client import cluster
from footfall.profiles.erasure import erase_profiles


def erase_from_node(
    lake: LocalLake, tenant: str, visitors: Collection[str], progress: Callable[[str], None] = lambda step: None
) -> int | None:
    """Remove visitors' profiles. Returns how many there were; None where no profiles were ever loaded.

    Raises:
        FootfallError: the node cannot be started, or refuses.
    """
    if not has_data(lake):
        return None
    with lake_node(lake, progress=progress) as url, cluster(url) as client:
        return erase_profiles(client, tenant, visitors, now=datetime.now(UTC))
