"""docs/events.md names every field of the wire."""

from pathlib import Path

import pytest

from footfall.events.model import Batch, Event, Library, Page, Screen

EVENTS_PAGE = Path(__file__).resolve().parents[3] / "docs" / "events.md"
FIELDS = [name for struct in (Batch, Event, Page, Screen, Library) for name in struct.__struct_fields__]


@pytest.mark.parametrize("field", sorted(set(FIELDS)))
def test_a_field_is_documented(field: str) -> None:
    assert f"`{field}`" in EVENTS_PAGE.read_text("utf-8")
