from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from opensearchpy import OpenSearch
from opensearchpy.exceptions import RequestError

from footfall.errors import FootfallError
from footfall.profiles.document import Profile, to_document
from footfall.profiles.index import alias, index_name, put_template
from footfall.profiles.loading import load
from footfall.profiles.search import ProfileSearch

Make = Callable[..., Profile]
NOW = datetime.now(UTC)


def _indices(client: OpenSearch, tenant: str) -> list[str]:
    return sorted(client.indices.get(index=f"{alias(tenant)}-*"))


def test_profiles_are_served_as_they_were_loaded(opensearch: OpenSearch, tenant: str, profile: Make) -> None:
    made = [profile(f"v{number}", score=number / 10) for number in range(5)]
    loaded = load(opensearch, tenant, made, now=NOW)
    search = ProfileSearch(opensearch, tenant)
    assert loaded.profiles == search.count() == 5
    assert [search.get(each.visitor) for each in made] == made


def test_loading_again_gives_the_same_documents_in_one_index(
    opensearch: OpenSearch, tenant: str, profile: Make
) -> None:
    made = [profile("a"), profile("b")]
    first = load(opensearch, tenant, made, now=NOW)
    second = load(opensearch, tenant, made, now=NOW)
    assert second.removed == (first.index,)
    assert _indices(opensearch, tenant) == [second.index]
    assert ProfileSearch(opensearch, tenant).count() == 2


def test_a_visitor_who_is_gone_from_the_lake_is_gone_from_the_index(
    opensearch: OpenSearch, tenant: str, profile: Make
) -> None:
    load(opensearch, tenant, [profile("a"), profile("b")], now=NOW)
    load(opensearch, tenant, [profile("b")], now=NOW)
    assert ProfileSearch(opensearch, tenant).get("a") is None


def test_no_visitors_are_an_empty_index(opensearch: OpenSearch, tenant: str) -> None:
    assert load(opensearch, tenant, [], now=NOW).profiles == 0
    assert ProfileSearch(opensearch, tenant).count() == 0


def test_readers_see_the_old_profiles_until_the_new_are_all_there(
    opensearch: OpenSearch, tenant: str, profile: Make
) -> None:
    load(opensearch, tenant, [profile("old")], now=NOW)
    search = ProfileSearch(opensearch, tenant)
    seen = []

    def watched() -> Iterator[Profile]:
        yield profile("new")
        seen.append((search.count(), search.get("old") is not None, search.get("new")))

    load(opensearch, tenant, watched(), now=NOW)
    assert seen == [(1, True, None)]
    assert (search.get("old"), search.get("new")) == (None, profile("new"))


def test_a_load_that_breaks_leaves_the_old_profiles_and_no_index_of_its_own(
    opensearch: OpenSearch, tenant: str, profile: Make
) -> None:
    first = load(opensearch, tenant, [profile("old")], now=NOW)

    def breaking() -> Iterator[Profile]:
        yield profile("new")
        raise OSError("the lake is gone")

    with pytest.raises(OSError, match="the lake is gone"):
        load(opensearch, tenant, breaking(), now=NOW)
    assert _indices(opensearch, tenant) == [first.index]


def test_refused_documents_are_counted_in_one_error_and_nothing_is_replaced(
    opensearch: OpenSearch, tenant: str, profile: Make
) -> None:
    load(opensearch, tenant, [profile("old")], now=NOW)
    endless = ("x" * 40_000,)
    made = [profile("bad", user_ids=endless), profile("good"), profile("worse", user_ids=endless)]
    with pytest.raises(FootfallError, match=r"refused 2 of 3 profiles .* visitor 'bad': .*immense term") as told:
        load(opensearch, tenant, made, now=NOW)
    assert "\n" not in str(told.value)
    assert ProfileSearch(opensearch, tenant).get("good") is None
    assert ProfileSearch(opensearch, tenant).get("old") is not None


def test_a_field_that_the_mapping_does_not_have_is_refused(opensearch: OpenSearch, tenant: str, profile: Make) -> None:
    loaded = load(opensearch, tenant, [profile("a")], now=NOW)
    document = to_document(profile("b"))
    for wrong in (
        {**document, "surprise": 1},
        {**document, "totals": {**document["totals"], "surprise": 1}},
        {**document, "scores": [{**document["scores"][0], "surprise": 1}]},
    ):
        with pytest.raises(RequestError, match="strict_dynamic_mapping_exception"):
            opensearch.index(index=loaded.index, body=wrong)


def test_tenants_with_like_names_stay_apart(opensearch: OpenSearch, tenant: str, profile: Make) -> None:
    other = f"{tenant}-1"
    load(opensearch, other, [profile("theirs", tenant=other)], now=NOW)
    load(opensearch, tenant, [profile("ours")], now=NOW)
    load(opensearch, tenant, [profile("ours")], now=NOW + timedelta(days=1))
    assert ProfileSearch(opensearch, other).get("theirs") == profile("theirs", tenant=other)
    assert ProfileSearch(opensearch, other).get("ours") is None
    assert ProfileSearch(opensearch, tenant).get("theirs") is None


def test_a_profile_of_another_tenant_is_never_loaded(opensearch: OpenSearch, tenant: str, profile: Make) -> None:
    with pytest.raises(ValueError, match="among those of"):
        load(opensearch, tenant, [profile("a", tenant="another")], now=NOW)


def test_what_a_killed_load_left_is_removed_when_it_is_an_hour_old(
    opensearch: OpenSearch, tenant: str, profile: Make
) -> None:
    put_template(opensearch)
    left = index_name(tenant, "20250101_000000_dead")
    opensearch.indices.create(index=left)
    young = load(opensearch, tenant, [profile("a")], now=NOW)
    assert left in _indices(opensearch, tenant)
    later = load(opensearch, tenant, [profile("a")], now=NOW + timedelta(hours=2))
    assert set(later.removed) == {left, young.index}
    assert _indices(opensearch, tenant) == [later.index]
