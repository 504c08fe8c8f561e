from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any
from uuid import uuid4

import pytest

from footfall.profiles.document import Profile, Reason, Score, Totals


@pytest.fixture
def tenant() -> str:
    """A tenant of this test only: the node is shared."""
    return f"shop-{uuid4().hex[:12]}"


@pytest.fixture
def profile(tenant: str) -> Callable[..., Profile]:
    """Makes a profile of the test's tenant; what is given replaces what it has."""

    def make(visitor: str, *, score: float = 0.5, **given: Any) -> Profile:
        seen = datetime(2025, 3, 1, 12, tzinfo=UTC)
        fields: dict[str, Any] = {
            "tenant": tenant,
            "visitor": visitor,
            "user_ids": ("ada",),
            "as_of": date(2025, 3, 9),
            "first_seen": seen,
            "last_seen": seen,
            "totals": Totals(1, 1, 2, 3, 4_000, 0, 0.0),
            "lifecycle": "active",
            "first_channel": "search",
            "device": "mobile",
            "is_bot": False,
            "scores": (Score("conversion", score, 50.0, "v1", seen, (Reason("page_views", 2.0, 0.3),)),),
        }
        return Profile(**{**fields, **given})

    return make
