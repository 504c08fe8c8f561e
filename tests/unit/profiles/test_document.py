from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from footfall.profiles.document import Profile, from_document, lifecycle, profiles, to_document

DAY = date(2025, 6, 30)


def _row(visitor: str, **given: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "visitor": visitor,
        "as_of": DAY,
        "first_seen": datetime.fromisoformat("2025-01-01T08:00:00.123"),
        "last_seen": datetime.fromisoformat("2025-06-01T23:59:59"),
        "first_channel": "search",
        "device": "mobile",
        "is_bot": False,
        "active_days": 2,
        "events": 30,
        "page_views": 9,
        "sessions": 3,
        "engaged_ms": 60_000,
        "conversions": 0,
        "value": Decimal("0.0000"),
        "last_conversion": None,
        "recency_score": None,
        "frequency_score": None,
        "monetary_score": None,
        "person": None,
    }
    return {**row, **given}


def _score(visitor: str, engine: str = "conversion", **given: Any) -> dict[str, Any]:
    row = {
        "visitor": visitor,
        "engine": engine,
        "as_of": datetime.fromisoformat("2025-06-30"),
        "score": 0.25,
        "percentile": 80.0,
        "model_version": "v1",
        "reasons": '[{"feature":"device","value":"mobile","contribution":-0.5}]',
    }
    return {**row, **given}


@pytest.mark.parametrize(
    ("first_seen", "last_seen", "expected"),
    [
        ("2025-06-30", "2025-06-30", "new"),
        ("2025-06-24", "2025-06-24", "new"),
        ("2025-06-23", "2025-06-23", "active"),
        ("2020-01-01", "2025-06-01", "active"),
        ("2020-01-01", "2025-05-31", "lapsing"),
        ("2020-01-01", "2025-04-02", "lapsing"),
        ("2020-01-01", "2025-04-01", "lapsed"),
    ],
)
def test_the_lifecycle_follows_from_days_before_the_latest_day(first_seen: str, last_seen: str, expected: str) -> None:
    assert lifecycle(date.fromisoformat(first_seen), date.fromisoformat(last_seen), DAY) == expected


def test_a_profile_gathers_the_visitors_totals_user_ids_and_scores() -> None:
    visitors = [_row("a"), _row("b", person="p"), _row("c")]
    users = [{"visitor": "b", "user_id": "ada"}, {"visitor": "b", "user_id": "bob"}]
    scores = [_score("a"), _score("b", "churn"), _score("b", "conversion"), _score("z")]
    a, b, c = profiles("shop", visitors, users, scores)
    assert (a.user_ids, b.user_ids, c.user_ids) == ((), ("ada", "bob"), ())
    assert (a.person, b.person) == (None, "p")
    assert [[score.engine for score in profile.scores] for profile in (a, b, c)] == [
        ["conversion"],
        ["churn", "conversion"],
        [],
    ]
    assert a.scores[0].reasons[0].feature == "device"
    assert a.first_seen == datetime(2025, 1, 1, 8, 0, 0, 123000, tzinfo=UTC)
    assert a.lifecycle == "active"
    assert a.rfm is None


def test_rows_of_visitors_without_a_profile_are_passed_over() -> None:
    (profile,) = profiles("shop", [_row("m")], [{"visitor": "a", "user_id": "x"}], [_score("a"), _score("m")])
    assert profile.user_ids == ()
    assert len(profile.scores) == 1


def test_a_converting_visitor_has_recency_frequency_and_value() -> None:
    row = _row("a", conversions=3, value=Decimal("12.5000"), last_conversion=date(2025, 6, 20))
    (profile,) = profiles("shop", [{**row, "recency_score": 5, "frequency_score": 1, "monetary_score": 2}], [], [])
    assert profile.rfm is not None
    assert msgspec.to_builtins(profile.rfm) == {
        "recency_days": 10,
        "frequency": 3,
        "monetary": 12.5,
        "recency_score": 5,
        "frequency_score": 1,
        "monetary_score": 2,
    }


@pytest.mark.parametrize(
    ("visitors", "users"),
    [(["b", "a"], []), (["a", "a"], []), (["a", "b", "c"], ["c", "b"])],
)
def test_rows_out_of_order_are_refused_and_never_dropped(visitors: list[str], users: list[str]) -> None:
    rows = [_row(visitor) for visitor in visitors]
    with pytest.raises(ValueError, match="order"):
        list(profiles("shop", rows, [{"visitor": user, "user_id": "x"} for user in users], []))


def test_a_score_without_reasons_has_none() -> None:
    (profile,) = profiles("shop", [_row("a")], [], [_score("a", reasons=None)])
    assert profile.scores[0].reasons == ()


def test_a_document_reads_back_as_the_profile_it_was_made_of() -> None:
    (profile,) = profiles("shop", [_row("é\u2603")], [{"visitor": "é\u2603", "user_id": "u"}], [_score("é\u2603")])
    assert from_document(msgspec.json.decode(msgspec.json.encode(to_document(profile)))) == profile
    assert isinstance(profile, Profile)
