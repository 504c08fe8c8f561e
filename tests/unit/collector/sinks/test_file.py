"""The file sink: what is acknowledged is in raw, whatever happens to its process."""

import gzip
import os
import resource
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from footfall.collector.sinks.adoption import adopt
from footfall.collector.sinks.file import FileSink
from footfall.collector.sinks.open_file import OpenFile
from footfall.collector.sinks.port import SinkUnavailable
from footfall.errors import FootfallError
from footfall.events import raw_line
from footfall.events.raw_line import RawLine
from footfall.lake.raw_store import FileRawStore

NOW = 1_767_225_600_000
Lines = Callable[[int], RawLine]


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> int:
        return self.now


def _stored(root: Path) -> list[RawLine]:
    store = FileRawStore(root)
    texts = [text for key in list(store.keys()) for text in gzip.decompress(store.read(key)).splitlines()]
    return [raw_line.decode(text) for text in texts]


def _open_files(root: Path) -> list[str]:
    return sorted(os.listdir(root / "open"))


def test_lines_are_in_raw_in_order_once_the_sink_is_closed(tmp_path: Path, line: Lines) -> None:
    sink = FileSink(tmp_path, Clock())
    for number in range(3):
        sink.write(raw_line.encoded(line(number)))
    sink.close()
    assert _stored(tmp_path) == [line(0), line(1), line(2)]
    assert [key.rsplit("/", 1)[0] for key in list(FileRawStore(tmp_path).keys())] == ["2026/01/01/00"]
    assert _open_files(tmp_path) == []


def test_a_sink_that_nothing_was_written_to_leaves_nothing(tmp_path: Path) -> None:
    FileSink(tmp_path, Clock()).close()
    assert list(tmp_path.rglob("*")) == []


def test_a_line_is_in_the_open_file_when_write_returns(tmp_path: Path, line: Lines) -> None:
    sink = FileSink(tmp_path, Clock())
    sink.write(raw_line.encoded(line(0)))
    (name,) = _open_files(tmp_path)
    assert (tmp_path / "open" / name).read_bytes() == raw_line.encode(line(0)) + b"\n"
    sink.close()


def test_a_file_is_sealed_at_its_age(tmp_path: Path, line: Lines) -> None:
    clock = Clock()
    sink = FileSink(tmp_path, clock)
    sink.write(raw_line.encoded(line(0)))
    clock.now += 1_999
    assert sink.seal_if_due() == []
    clock.now += 1
    assert len(sink.seal_if_due()) == 1
    assert _stored(tmp_path) == [line(0)]
    assert sink.seal_if_due() == []
    sink.close()


def test_a_file_is_sealed_where_the_clock_was_set_back(tmp_path: Path, line: Lines) -> None:
    clock = Clock()
    sink = FileSink(tmp_path, clock)
    sink.write(raw_line.encoded(line(0)))
    clock.now -= 3_600_000
    assert len(sink.seal_if_due()) == 1
    sink.close()


def test_a_file_is_sealed_at_its_size_and_the_next_has_another_name(tmp_path: Path, line: Lines) -> None:
    sink = FileSink(tmp_path, Clock(), seal_above_bytes=1)
    for number in range(3):
        sink.write(raw_line.encoded(line(number)))
    sink.close()
    assert len(list(FileRawStore(tmp_path).keys())) == 3
    assert _stored(tmp_path) == [line(0), line(1), line(2)]


def test_sinks_of_the_same_moment_do_not_meet(tmp_path: Path, line: Lines) -> None:
    sinks = [FileSink(tmp_path, Clock()) for _ in range(4)]
    for number, sink in enumerate(sinks):
        sink.write(raw_line.encoded(line(number)))
    for sink in sinks:
        sink.close()
    assert len(_stored(tmp_path)) == 4


def test_threads_write_whole_lines_while_files_are_sealed(tmp_path: Path, line: Lines) -> None:
    sink = FileSink(tmp_path, Clock(), sync=False, seal_above_bytes=5_000)

    def write(first: int) -> None:
        for number in range(first, first + 100):
            sink.write(raw_line.encoded(line(number)))

    threads = [threading.Thread(target=write, args=(first,)) for first in range(0, 400, 100)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sink.close()
    assert sorted(stored.sequence for stored in _stored(tmp_path)) == list(range(400))
    assert _open_files(tmp_path) == []


def test_adoption_leaves_the_file_of_a_living_sink_alone(tmp_path: Path, line: Lines) -> None:
    sink = FileSink(tmp_path, Clock())
    sink.write(raw_line.encoded(line(0)))
    assert adopt(tmp_path) == []
    sink.write(raw_line.encoded(line(1)))
    sink.close()
    assert _stored(tmp_path) == [line(0), line(1)]


@pytest.mark.parametrize("torn", [b"", b"{", b'{"version":1,"request_id":"torn"}'])
def test_adoption_seals_what_is_left_without_its_torn_line(tmp_path: Path, line: Lines, torn: bytes) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "left.jsonl").write_bytes(raw_line.encode(line(0)) + b"\n" + torn)
    assert adopt(tmp_path) == ["2026/01/01/00/left.json.gz"]
    assert adopt(tmp_path) == []
    assert _stored(tmp_path) == [line(0)]
    assert _open_files(tmp_path) == []


@pytest.mark.parametrize("content", [b"", b"torn"])
def test_adoption_of_a_file_without_a_whole_line_makes_no_object(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "left.jsonl").write_bytes(content)
    assert adopt(tmp_path) == []
    assert list(FileRawStore(tmp_path).keys()) == []
    assert _open_files(tmp_path) == []


def test_adoption_of_lines_that_a_crash_has_damaged_leaves_them_for_the_etl_to_find(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "left.jsonl").write_bytes(bytes(50) + b"\n")
    assert adopt(tmp_path) == ["1970/01/01/00/left.json.gz"]


def test_sealing_again_after_a_kill_gives_the_same_object(tmp_path: Path, line: Lines) -> None:
    text = raw_line.encode(line(0)) + b"\n"
    (tmp_path / "open").mkdir()
    left = tmp_path / "open" / "left.jsonl"
    left.write_bytes(text)
    (tmp_path / "open" / "left.sealing").write_bytes(b"half of an object")
    (key,) = adopt(tmp_path)
    first = (tmp_path / key).stat()
    # Killed between the object's appearing and the open file's going.
    left.write_bytes(text)
    assert adopt(tmp_path) == [key]
    assert (tmp_path / key).stat() == first
    assert _open_files(tmp_path) == []


def test_adoption_that_cannot_write_says_where_and_loses_nothing(tmp_path: Path, line: Lines) -> None:
    (tmp_path / "open").mkdir()
    (tmp_path / "open" / "left.jsonl").write_bytes(raw_line.encode(line(0)) + b"\n")
    (tmp_path / "2026").write_text("in the way")
    with pytest.raises(FootfallError, match=r"left\.jsonl cannot be made a raw object"):
        adopt(tmp_path)
    (tmp_path / "2026").unlink()
    assert len(adopt(tmp_path)) == 1


def test_a_line_that_cannot_be_written_whole_is_not_acknowledged_and_spoils_no_other(
    tmp_path: Path, line: Lines
) -> None:
    sink = FileSink(tmp_path, Clock(), sync=False)
    sink.write(raw_line.encoded(line(0)))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    # As on a full disk: half of the line fits.
    resource.setrlimit(resource.RLIMIT_FSIZE, (len(raw_line.encode(line(0))) * 3 // 2, hard))
    try:
        with pytest.raises(SinkUnavailable):
            sink.write(raw_line.encoded(line(1)))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, before)
    sink.write(raw_line.encoded(line(2)))
    sink.close()
    assert _stored(tmp_path) == [line(0), line(2)]


def test_a_folder_that_cannot_be_made_is_said_to_be_unavailable(tmp_path: Path, line: Lines) -> None:
    (tmp_path / "raw").write_text("a file")
    with pytest.raises(SinkUnavailable, match=str(tmp_path / "raw")):
        FileSink(tmp_path / "raw", Clock()).write(raw_line.encoded(line(0)))


def test_a_file_that_cannot_be_sealed_now_is_sealed_later(tmp_path: Path, line: Lines) -> None:
    clock = Clock()
    sink = FileSink(tmp_path, clock)
    sink.write(raw_line.encoded(line(0)))
    (tmp_path / "2026").write_text("in the way")
    clock.now += 2_000
    assert sink.seal_if_due() == []
    sink.write(raw_line.encoded(line(1)))
    (tmp_path / "2026").unlink()
    assert len(sink.seal_if_due()) == 1
    sink.close()
    assert _stored(tmp_path) == [line(0), line(1)]


def test_a_file_that_is_removed_while_it_is_being_locked_is_not_written_to(tmp_path: Path) -> None:
    held = OpenFile.create(tmp_path, "name")
    assert OpenFile.take_over(tmp_path, "name") is None
    assert held.seal() is None
    assert OpenFile.take_over(tmp_path, "name") is None


_CHILD = """
import sys, time
from pathlib import Path
from footfall.collector.sinks.file import FileSink
from footfall.events import raw_line
from footfall.events.raw_line import RawEvent, RawLine
sink = FileSink(Path(sys.argv[1]), lambda: time.time_ns() // 1_000_000, seal_above_bytes=20_000)
number = 0
while True:
    event = RawEvent(0, str(number), "page_view", "mid", 1, {"text": "x" * 300})
    line = RawLine(1, str(number), "shop", 1_767_225_600_000, "native", "i", number, [event])
    sink.write(raw_line.encoded(line))
    sys.stdout.write(f"{number}\\n")
    sys.stdout.flush()
    number += 1
"""


@pytest.mark.parametrize("acknowledged_first", [1, 60, 500])
def test_every_line_acknowledged_before_a_kill_is_in_raw_after_adoption(
    tmp_path: Path, acknowledged_first: int
) -> None:
    child = subprocess.Popen([sys.executable, "-c", _CHILD, str(tmp_path)], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    acknowledged = [int(child.stdout.readline()) for _ in range(acknowledged_first)]
    child.send_signal(signal.SIGKILL)
    # What it had acknowledged before it died, and is still in the pipe; the last one may be torn.
    rest = child.stdout.read()
    child.stdout.close()
    assert child.wait() == -signal.SIGKILL
    acknowledged += [int(text) for text in rest[: rest.rfind("\n") + 1].split()]

    adopt(tmp_path)

    stored = [line.sequence for line in _stored(tmp_path)]
    assert set(acknowledged) <= set(stored)
    # At most the one line that was written and not yet acknowledged is there besides.
    assert sorted(stored) == list(range(len(stored)))
    assert len(stored) - len(acknowledged) <= 1
    assert _open_files(tmp_path) == []


def test_a_child_holds_no_lock_of_its_dead_parent(tmp_path: Path, line: Lines) -> None:
    opened = OpenFile.create(tmp_path, "name")
    opened.append(raw_line.encode(line(0)))
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as child:
        opened.close()
        assert len(adopt(tmp_path)) == 1
        child.communicate(b"\n")
