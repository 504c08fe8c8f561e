"""Loading a tenant's profiles: into a new index, which then takes the old one's place in one step."""

import secrets
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from msgspec import Struct
from opensearchpy import OpenSearch
from opensearchpy.exceptions import NotFoundError
from opensearchpy.helpers import streaming_bulk

from footfall.errors import FootfallError
from footfall.profiles.document import Profile, to_document
from footfall.profiles.index import alias, index_name, is_build_of, put_template

CHUNK = 1_000
ABANDONED = timedelta(hours=1)
COPY_SECONDS = 3_600
"""So long at most the cluster may take to copy a tenant's profiles."""


class Loaded(Struct, frozen=True):
    """What a load did: the index that is served now, how many profiles it holds, and the indices it removed."""

    index: str
    profiles: int
    removed: tuple[str, ...]


def load(client: OpenSearch, tenant: str, profiles: Iterable[Profile], *, now: datetime, replicas: int = 0) -> Loaded:
    """Load all of a tenant's profiles in place of those that are served.

    Readers see the old profiles until the new ones are all there and counted, then the new ones; a load that fails
    leaves the old. Loading the same profiles again gives the same documents in one index.

    Args:
        client: the cluster.
        tenant: whose they are.
        profiles: every profile of the tenant.
        now: names the new index; an index that a killed load left is removed when it is an hour older.
        replicas: copies of each shard.

    Raises:
        FootfallError: the cluster refused documents, or does not hold all that were sent; nothing is replaced.
    """
    put_template(client, replicas=replicas)
    return _replace(client, tenant, lambda index: _send(client, tenant, index, profiles), now)


def purge(client: OpenSearch, tenant: str, *, now: datetime) -> None:
    """Leave no trace of what was deleted from the index that is served: a copy of the rest takes its place.

    Args:
        client: the cluster.
        tenant: whose they are.
        now: names the new index.

    Raises:
        FootfallError: the copy is not whole; nothing is replaced.
    """

    def copy(index: str) -> int:
        body = {"source": {"index": alias(tenant)}, "dest": {"index": index}}
        return int(client.reindex(body=body, request_timeout=COPY_SECONDS)["total"])

    if not _served(client, tenant):
        return
    counted = client.indices.stats(index=alias(tenant), metric="docs")
    if counted["_all"]["primaries"]["docs"]["deleted"]:
        _replace(client, tenant, copy, now)


def _replace(client: OpenSearch, tenant: str, fill: Callable[[str], int], now: datetime) -> Loaded:
    """Make an index, have it filled by a function that says with how many, and serve it in place of the old one."""
    index = index_name(tenant, f"{now.astimezone(UTC):%Y%m%d_%H%M%S}_{secrets.token_hex(3)}")
    client.indices.create(index=index, body={"settings": {"index": {"refresh_interval": "-1"}}})
    try:
        sent = fill(index)
        client.indices.put_settings(index=index, body={"index": {"refresh_interval": None}})
        client.indices.refresh(index=index)
        held = int(client.count(index=index)["count"])
        if held != sent:
            raise FootfallError(
                f"OpenSearch holds {held} of the {sent} profiles sent for {tenant}; the old ones are still served. "
                "Run `footfall profiles load` again."
            )
        removed = _take_over(client, tenant, index)
    except BaseException:
        client.indices.delete(index=index, ignore_unavailable=True)
        raise
    return Loaded(index, sent, tuple(sorted((*removed, *_remove_abandoned(client, tenant, now)))))


def _send(client: OpenSearch, tenant: str, index: str, profiles: Iterable[Profile]) -> int:
    sent, refused, first = 0, 0, ""
    for good, outcome in streaming_bulk(
        client, _actions(tenant, index, profiles), chunk_size=CHUNK, raise_on_error=False, max_retries=3
    ):
        sent += 1
        if not good:
            refused += 1
            first = first or _why(outcome["index"])
    if refused:
        raise FootfallError(
            f"OpenSearch refused {refused} of {sent} profiles of {tenant}; the old ones are still served. "
            f"The first: {first}"
        )
    return sent


def _actions(tenant: str, index: str, profiles: Iterable[Profile]) -> Iterator[dict[str, Any]]:
    for profile in profiles:
        if profile.tenant != tenant:
            raise ValueError(f"a profile of {profile.tenant!r} among those of {tenant!r}")
        yield {"_op_type": "index", "_index": index, "_id": profile.visitor, "_source": to_document(profile)}


def _why(outcome: dict[str, Any]) -> str:
    error = outcome.get("error", {})
    reason = error.get("reason", "") if isinstance(error, dict) else error
    return f"visitor {outcome.get('_id')!r}: {reason}"[:300]


def _take_over(client: OpenSearch, tenant: str, index: str) -> list[str]:
    """Point the alias at the index and remove those it pointed at, in one step."""
    served = _served(client, tenant)
    actions: list[dict[str, Any]] = [{"add": {"index": index, "alias": alias(tenant)}}]
    actions += [{"remove_index": {"index": old}} for old in served]
    client.indices.update_aliases(body={"actions": actions})
    return served


def _served(client: OpenSearch, tenant: str) -> list[str]:
    try:
        return sorted(client.indices.get_alias(name=alias(tenant)))
    except NotFoundError:
        return []


def _remove_abandoned(client: OpenSearch, tenant: str, now: datetime) -> list[str]:
    """Remove builds that no load will finish. A younger one may be another load at work."""
    found = client.indices.get_settings(index=f"{alias(tenant)}-*", name="index.creation_date")
    served = _served(client, tenant)
    abandoned = []
    for index, described in found.items():
        made = datetime.fromtimestamp(int(described["settings"]["index"]["creation_date"]) / 1000, UTC)
        if is_build_of(tenant, index) and index not in served and made < now - ABANDONED:
            client.indices.delete(index=index, ignore_unavailable=True)
            abandoned.append(index)
    return abandoned
