"""Erasing visitors from the index."""

from collections.abc import Callable
from datetime import UTC, datetime

from opensearchpy import OpenSearch

from footfall.profiles.document import Profile
from footfall.profiles.erasure import erase_profiles
from footfall.profiles.loading import load
from footfall.profiles.search import ProfileSearch

Make = Callable[..., Profile]


def test_the_profiles_of_the_erased_go_and_all_others_stay(opensearch: OpenSearch, tenant: str, profile: Make) -> None:
    other = f"{tenant}-1"
    load(opensearch, tenant, [profile(name) for name in ("anna", "ben", "cleo")], now=datetime.now(UTC))
    load(opensearch, other, [profile("anna", tenant=other)], now=datetime.now(UTC))
    assert erase_profiles(opensearch, tenant, {"anna", "cleo", "nobody"}) == 2
    search = ProfileSearch(opensearch, tenant)
    assert (search.count(), search.get("anna")) == (1, None)
    assert ProfileSearch(opensearch, other).count() == 1


def test_erasing_where_no_profiles_are_loaded_removes_none(opensearch: OpenSearch, tenant: str) -> None:
    assert erase_profiles(opensearch, tenant, {"anna"}) == 0
