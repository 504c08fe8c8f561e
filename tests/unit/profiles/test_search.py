from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from opensearchpy import OpenSearch

from footfall.errors import FootfallError
from footfall.profiles.document import Profile, Score
from footfall.profiles.index import alias
from footfall.profiles.loading import load
from footfall.profiles.search import ProfileSearch

Make = Callable[..., Profile]
NOW = datetime.now(UTC)


@pytest.mark.parametrize(
    "visitor", ["..", ".", "a/b", "a?b#c", "_search", "*", 'say "hi"', "\u2603" * 128, "\U0001f99c" * 128, " a "]
)
def test_any_visitor_id_is_found_as_itself(opensearch: OpenSearch, tenant: str, profile: Make, visitor: str) -> None:
    load(opensearch, tenant, [profile(visitor), profile("another")], now=NOW)
    assert ProfileSearch(opensearch, tenant).get(visitor) == profile(visitor)


def test_an_unknown_visitor_is_none(opensearch: OpenSearch, tenant: str, profile: Make) -> None:
    load(opensearch, tenant, [profile("a")], now=NOW)
    assert ProfileSearch(opensearch, tenant).get("nobody") is None


def test_a_tenant_that_was_never_loaded_says_how_to(opensearch: OpenSearch, tenant: str) -> None:
    search = ProfileSearch(opensearch, tenant)
    for ask in (lambda: search.get("a"), search.count, lambda: search.top("conversion")):
        with pytest.raises(FootfallError, match=f"footfall profiles load --tenant {tenant}"):
            ask()


def test_the_highest_scores_of_an_engine_come_first_without_bots(
    opensearch: OpenSearch, tenant: str, profile: Make
) -> None:
    churn = (Score("churn", 0.99, 99.0, "v1", NOW),)
    made = [profile("low", score=0.1), profile("high", score=0.9), profile("other", scores=churn)]
    load(opensearch, tenant, [*made, profile("bot", score=1.0, is_bot=True)], now=NOW)
    found = ProfileSearch(opensearch, tenant).top("conversion", 2)
    assert [each.visitor for each in found] == ["high", "low"]


def test_the_visitors_of_a_user_are_found_the_last_seen_first(
    opensearch: OpenSearch, tenant: str, profile: Make
) -> None:
    later = datetime(2025, 3, 2, tzinfo=UTC)
    made = [profile("phone"), profile("laptop", last_seen=later), profile("stranger", user_ids=("bob",))]
    load(opensearch, tenant, made, now=NOW)
    assert [each.visitor for each in ProfileSearch(opensearch, tenant).of_user("ada")] == ["laptop", "phone"]


def test_profiles_of_another_version_say_to_load_again(opensearch: OpenSearch, tenant: str, profile: Make) -> None:
    load(opensearch, tenant, [profile("a")], now=NOW)
    opensearch.update(index=alias(tenant), id="a", body={"doc": {"lifecycle": "zombie"}}, refresh=True)
    with pytest.raises(FootfallError, match="another version of footfall"):
        ProfileSearch(opensearch, tenant).get("a")
