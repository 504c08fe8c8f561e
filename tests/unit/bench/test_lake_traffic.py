"""The traffic that the ETL's benches take in."""

from collections import Counter

import pytest

from bench._lake_traffic import TrafficSource
from footfall.lake.raw_rows import decode_object


def _source(seed: int = 1, events: int = 20_000) -> TrafficSource:
    return TrafficSource(events, days=2, tenants=("shop", "blog"), seed=seed, level=1)


def test_the_same_arguments_give_the_same_bytes_and_another_seed_others() -> None:
    assert list(_source().objects()) == list(_source().objects())
    assert list(_source().objects()) != list(_source(seed=2).objects())


def test_every_line_but_the_damaged_ones_is_what_the_collector_writes() -> None:
    source = _source()
    decoded = [decode_object(key, data) for key, data in source.objects()]
    events = sum(found.events.num_rows for found in decoded)
    reasons = Counter(reason for found in decoded for reason in found.rejected["reason"].to_pylist())
    assert events == source.made.events == pytest.approx(20_000, rel=0.1)
    assert reasons["line_damaged"] == source.made.damaged
    assert reasons["event_invalid"] > 0


def test_it_holds_what_the_tables_are_made_of() -> None:
    decoded = [decode_object(key, data).events for key, data in _source().objects()]
    names = {name for rows in decoded for name in rows["name"].to_pylist()}
    assert {"page_view", "pointer", "touch", "scroll", "click", "purchase", "identify", "page_leave"} <= names
    ids = Counter(event for rows in decoded for event in rows["event_id"].to_pylist())
    assert max(ids.values()) == 2
