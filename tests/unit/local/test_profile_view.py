from datetime import UTC, date, datetime

import pytest
from rich.console import Console

from footfall.local.profile_view import duration, profile_view
from footfall.profiles.document import Profile, Reason, RecencyFrequencyMonetary, Score, Totals

SEEN = datetime(2025, 3, 1, 12, 30, tzinfo=UTC)
SCORE = Score("conversion", 0.4321, 97.0, "v1", SEEN, (Reason("page_views", 2.0, 0.3),))
RFM = RecencyFrequencyMonetary(8, 2, 31.5, 5, 4, 3)


def _printed(scores: tuple[Score, ...], rfm: RecencyFrequencyMonetary | None, visitor: str = "v1") -> str:
    totals = Totals(2, 3, 9, 1_234, 3_723_000, 2, 31.5)
    day = date(2025, 3, 9)
    profile = Profile("shop", visitor, ("ada",), day, SEEN, SEEN, totals, "active", "search", None, False, rfm, scores)
    console = Console(width=100)
    with console.capture() as captured:
        console.print(profile_view(profile))
    return captured.get()


def test_a_profile_shows_who_what_where_and_why() -> None:
    shown = _printed((SCORE,), RFM)
    for part in ("Visitor v1 of shop", "ada", "active, as of 2025-03-09", "by search", "an unknown device"):
        assert part in shown
    for part in ("1,234, 1 h 2 min engaged", "2, worth 31.50", "5 4 3 of 5: 8 days ago", "0.4321", "97 %", "+0.3"):
        assert part in shown


def test_a_profile_without_scores_says_so() -> None:
    assert "No engine has scored this visitor." in _printed((), None)


def test_a_visitor_id_is_never_read_as_markup() -> None:
    assert "[bold]x[/bold]" in _printed((SCORE,), RFM, "[bold]x[/bold]")


@pytest.mark.parametrize(
    ("milliseconds", "shown"),
    [(0, "0 s"), (59_999, "59 s"), (60_000, "1 min 0 s"), (3_725_000, "1 h 2 min"), (3_600_000_000, "1,000 h 0 min")],
)
def test_a_span_of_time_shows_its_two_largest_units(milliseconds: int, shown: str) -> None:
    assert duration(milliseconds) == shown
