"""Loading a local lake's profiles: SQL over the lake, merged, into OpenSearch."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import pyarrow as pa

from footfall.lake.layout import LocalLake
from footfall.lake.reader import connect
from footfall.profiles.client import cluster
from footfall.profiles.document import Profile, profiles
from footfall.profiles.loading import Loaded, load
from footfall.query import catalog, embedded


def lake_profiles(lake: LocalLake, tenant: str) -> Iterator[Profile]:
    """The tenant's profiles, as the lake's tables are now, in order of visitor."""
    # One connection, so that the three see the same snapshots.
    connection = connect(lake, tenant)
    try:
        visitors, users, scores = (
            embedded.execute(connection, catalog.load(name).sql, {"tenant": tenant})
            for name in ("profiles", "profile_users", "profile_scores")
        )
    finally:
        connection.close()
    return profiles(tenant, _rows(visitors), _rows(users), _rows(scores))


def load_profiles(
    lake: LocalLake,
    tenant: str,
    url: str,
    *,
    now: datetime,
    each: Callable[[], None] | None = None,
) -> Loaded:
    """Load the tenant's profiles into the cluster at an address.

    Args:
        lake: the lake.
        tenant: the tenant's name.
        url: the cluster's address.
        now: names the new index.
        each: called for each profile sent, for a progress bar.

    Raises:
        FootfallError: nothing answers there, or it refused.
    """
    with cluster(url) as client:
        return load(client, tenant, _counted(lake_profiles(lake, tenant), each), now=now)


def _counted(found: Iterable[Profile], each: Callable[[], None] | None) -> Iterator[Profile]:
    for profile in found:
        yield profile
        if each is not None:
            each()


def _rows(table: pa.Table) -> Iterator[Mapping[str, Any]]:
    for batch in table.to_batches(max_chunksize=10_000):
        yield from batch.to_pylist()
