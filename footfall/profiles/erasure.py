"""Erasing visitors from the index of profiles."""

from collections.abc import Collection

from opensearchpy import OpenSearch

from footfall.profiles.index import alias


def erase_profiles(client: OpenSearch, tenant: str, visitors: Collection[str]) -> int:
    """Remove the profiles of visitors from every index of a tenant. Returns how many.

    OpenSearch may keep what was deleted in its files until it has merged them, or until the next load, which puts a new
    index in the place of the old one.

    Args:
        client: the cluster.
        tenant: whose they are.
        visitors: the visitors' ids.
    """
    # Another tenant's name may begin with this one's: the query looks at the tenant too.
    indices = f"{alias(tenant)}-*"
    answer = client.delete_by_query(
        index=indices,
        body={"query": {"bool": {"filter": [{"term": {"tenant": tenant}}, {"terms": {"visitor": sorted(visitors)}}]}}},
        params={"refresh": "true", "conflicts": "proceed", "ignore_unavailable": "true"},
    )
    removed = int(answer["deleted"])
    if removed:
        # A deleted document stays in its segment until that is merged, and a while longer for the recovery of replicas.
        client.indices.forcemerge(index=indices, params={"only_expunge_deletes": "true", "ignore_unavailable": "true"})
    return removed
