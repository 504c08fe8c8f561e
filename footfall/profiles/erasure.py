"""Erasing visitors from the index of profiles."""

from collections.abc import Collection
from datetime import datetime

from opensearchpy import OpenSearch

from footfall.profiles.index import alias
from footfall.profiles.loading import purge


def erase_profiles(client: OpenSearch, tenant: str, visitors: Collection[str], *, now: datetime) -> int:
    """Remove the profiles of visitors from every index of a tenant. Returns how many.

    They are found no more at once. OpenSearch keeps what was deleted in its files, and its id besides, for longer than
    anybody can say: so what is left is copied into a new index, and the old one is removed with its files. Where this
    was interrupted, the next call does it.

    Args:
        client: the cluster.
        tenant: whose they are.
        visitors: the visitors' ids.
        now: names the new index.
    """
    # Another tenant's name may begin with this one's: the query looks at the tenant too.
    indices = f"{alias(tenant)}-*"
    answer = client.delete_by_query(
        index=indices,
        body={"query": {"bool": {"filter": [{"term": {"tenant": tenant}}, {"terms": {"visitor": sorted(visitors)}}]}}},
        params={"refresh": "true", "conflicts": "proceed", "ignore_unavailable": "true"},
    )
    purge(client, tenant, now=now)
    return int(answer["deleted"])
