"""The feed of what a collector writes, as it is written and sealed."""

from pathlib import Path
from typing import Any

import pytest

from footfall.collector.sinks.file import FileSink
from footfall.events import raw_line
from footfall.events.raw_line import EncodedLine, RawEvent, RawLine, RawRejected
from footfall.events.reasons import WHAT_TO_DO, Reason
from footfall.local.raw_feed import RawFeed

NOW = 1_767_225_600_000
HOUR = 3_600_000


class Clock:
    """The time in epoch milliseconds, set by hand."""

    now = NOW

    def __call__(self) -> int:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sink(tmp_path: Path, clock: Clock) -> FileSink:
    return FileSink(tmp_path, clock, sync=False)


def _line(number: int, tenant: str = "shop", at: int = NOW, **changes: Any) -> EncodedLine:
    event = RawEvent(0, f"e-{number}", "page_view", "mid", at)
    return raw_line.encoded(
        RawLine(1, f"r-{number:04}", tenant, at + number, "native", "i", number, **{"events": [event]} | changes)
    )


def _ids(items: Any) -> list[str]:
    return [item.id for item in items]


def test_the_newest_events_come_last_whether_their_file_is_sealed_or_not(
    tmp_path: Path, sink: FileSink, clock: Clock
) -> None:
    for number in range(10):
        sink.write(_line(number))
        clock.now += 1_000
    assert list(tmp_path.rglob("*.json.gz"))
    assert list(tmp_path.rglob("*.jsonl"))
    assert _ids(RawFeed(tmp_path).last(4)) == ["e-6", "e-7", "e-8", "e-9"]
    assert len(RawFeed(tmp_path).last(100)) == 10
    assert RawFeed(tmp_path).last(0) == []


def test_each_event_is_new_once_as_its_file_grows_and_is_sealed(tmp_path: Path, sink: FileSink, clock: Clock) -> None:
    feed = RawFeed(tmp_path)
    sink.write(_line(0))
    assert _ids(feed.last(10)) == ["e-0"]
    assert feed.new(clock.now) == []
    sink.write(_line(1))
    assert _ids(feed.new(clock.now)) == ["e-1"]
    sink.write(_line(2))
    sink.close()
    assert _ids(feed.new(clock.now)) == ["e-2"]
    assert feed.new(clock.now) == []


def test_what_was_not_shown_at_first_is_not_new_later(tmp_path: Path, sink: FileSink, clock: Clock) -> None:
    for number in range(40):
        sink.write(_line(number))
        clock.now += 2_000
    feed = RawFeed(tmp_path)
    assert _ids(feed.last(1)) == ["e-39"]
    assert feed.new(clock.now) == []


def test_a_new_hour_is_followed(tmp_path: Path, sink: FileSink, clock: Clock) -> None:
    feed = RawFeed(tmp_path)
    assert feed.last(10) == []
    for number in range(3):
        sink.write(_line(number, at=clock.now))
        sink.seal_if_due()
        clock.now += HOUR
        assert _ids(feed.new(clock.now)) == [f"e-{number}"]


def test_a_line_that_is_half_written_is_shown_once_it_is_whole(tmp_path: Path, sink: FileSink, clock: Clock) -> None:
    sink.write(_line(0))
    (path,) = tmp_path.rglob("*.jsonl")
    whole = path.read_bytes()
    path.write_bytes(whole + whole[:20].replace(b"r-0000", b"r-0001"))
    feed = RawFeed(tmp_path)
    assert _ids(feed.last(10)) == ["e-0"]
    path.write_bytes(whole + whole)
    assert _ids(feed.new(clock.now)) == ["e-0"]


def test_a_tenant_sees_its_own_and_rejected_ones_say_what_to_do(tmp_path: Path, sink: FileSink) -> None:
    warned = RawEvent(1, "e-w", "cart", "high", NOW, warnings=["schema_mismatch: x"])
    sink.write(_line(0))
    sink.write(_line(1, tenant="blog", rejected=[RawRejected(1, "event_invalid", "blog's")]))
    sink.write(_line(2, rejected=[RawRejected(1, "event_invalid", "at `$.id`", "{}"), RawRejected(2, "from_later")]))
    sink.write(_line(3, events=[warned]))
    items = RawFeed(tmp_path, tenant="shop", rejected_only=True).last(10)
    assert [(item.accepted, item.reason, item.what_to_do) for item in items] == [
        (False, "event_invalid", WHAT_TO_DO[Reason.EVENT_INVALID]),
        (False, "from_later", ""),
        (True, "", ""),
    ]
    assert items[0].text == "{}"
    assert items[2].warnings == ["schema_mismatch: x"]


def test_what_is_damaged_is_said_and_stops_nothing(tmp_path: Path, sink: FileSink) -> None:
    sink.write(_line(0))
    (path,) = tmp_path.rglob("*.jsonl")
    path.write_bytes(b"nonsense\n" + path.read_bytes())
    (tmp_path / "2026/01/01/00").mkdir(parents=True)
    (tmp_path / "2026/01/01/00/1-broken.json.gz").write_bytes(b"nonsense")
    assert [(item.reason, item.id) for item in RawFeed(tmp_path).last(10)] == [("line_damaged", ""), ("", "e-0")]
