"""Every reason code says what to do, in the code and in the docs."""

from pathlib import Path

import pytest

from footfall.events.reasons import WHAT_TO_DO, Reason

EVENTS_PAGE = Path(__file__).resolve().parents[3] / "docs" / "events.md"


@pytest.mark.parametrize("reason", Reason)
def test_a_reason_says_what_to_do(reason: Reason) -> None:
    assert WHAT_TO_DO[reason]
    assert f"| `{reason.value}` |" in EVENTS_PAGE.read_text("utf-8")
