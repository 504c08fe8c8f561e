"""Erasing visitors from the index."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from opensearchpy import OpenSearch

from footfall.local.opensearch_node import OpenSearchNode
from footfall.profiles.document import Profile
from footfall.profiles.erasure import erase_profiles
from footfall.profiles.index import alias
from footfall.profiles.loading import load
from footfall.profiles.search import ProfileSearch

Make = Callable[..., Profile]
NOW = datetime.now(UTC)


def test_the_profiles_of_the_erased_go_and_all_others_stay(opensearch: OpenSearch, tenant: str, profile: Make) -> None:
    other = f"{tenant}-1"
    load(opensearch, tenant, [profile(name) for name in ("anna", "ben", "cleo")], now=NOW)
    load(opensearch, other, [profile("anna", tenant=other)], now=NOW)
    assert erase_profiles(opensearch, tenant, {"anna", "cleo", "nobody"}, now=NOW) == 2
    search = ProfileSearch(opensearch, tenant)
    assert (search.count(), search.get("anna")) == (1, None)
    assert ProfileSearch(opensearch, other).count() == 1


def test_erasing_where_no_profiles_are_loaded_removes_none(opensearch: OpenSearch, tenant: str) -> None:
    assert erase_profiles(opensearch, tenant, {"anna"}, now=NOW) == 0


def test_no_file_of_the_node_holds_what_was_erased(
    opensearch_node: OpenSearchNode, opensearch: OpenSearch, tenant: str, profile: Make
) -> None:
    visitor, user = uuid4().hex, uuid4().hex
    load(opensearch, tenant, [profile("ben"), profile(visitor, user_ids=(user,))], now=NOW)
    opensearch.indices.flush(index=f"{alias(tenant)}-*")
    assert _files_with(opensearch_node.home, visitor)
    assert _files_with(opensearch_node.home, user)
    assert erase_profiles(opensearch, tenant, {visitor}, now=NOW) == 1
    assert _files_with(opensearch_node.home, visitor) == []
    assert _files_with(opensearch_node.home, user) == []
    assert ProfileSearch(opensearch, tenant).get("ben") == profile("ben")


def test_an_erasure_that_was_interrupted_is_completed_by_the_next(
    opensearch_node: OpenSearchNode, opensearch: OpenSearch, tenant: str, profile: Make
) -> None:
    visitor = uuid4().hex
    load(opensearch, tenant, [profile("ben"), profile(visitor)], now=NOW)
    # As far as one came that ended here.
    opensearch.delete(index=alias(tenant), id=visitor, refresh=True)
    opensearch.indices.flush(index=f"{alias(tenant)}-*")
    assert _files_with(opensearch_node.home, visitor)
    assert erase_profiles(opensearch, tenant, {visitor}, now=NOW) == 0
    assert _files_with(opensearch_node.home, visitor) == []


def _files_with(folder: Path, text: str) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and text.encode() in path.read_bytes()]
