"""The import of a file into raw: identity, parts, kills, and what is said of bad files."""

import gzip
import os
import random
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from footfall.collector.file_import import ImportReport, RowNamer, check_file, import_file, sample_lines
from footfall.collector.import_parts import ROWS_PER_PART
from footfall.errors import FootfallError
from footfall.events.raw_line import RawEvent, RawLine, decode
from footfall.protocols.access_log import AccessLog
from footfall.protocols.csv_plan import CsvOptions, make_plan
from footfall.protocols.csv_rows import CsvRows
from footfall.protocols.imported_row import RowReader

REAL_LOG = Path(__file__).parents[4] / "shared" / "data" / "web_server_log" / "apache_logs"
GOOD = '192.0.2.77 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 512 "-" "Mozilla"\n'
BROKEN = '192.0.2.77 - - [17/May/2015:10:05:04 +0000] "GET /a HTTP/1.1" 200 512 "-" "Mozilla\n'


def csv_reader(path: Path, event: str = "purchase") -> CsvRows:
    return CsvRows(make_plan(sample_lines(path), CsvOptions(mapping={"visitor": "who", "time": "when"}, event=event)))


def take(path: Path, raw: Path, reader: RowReader | None = None, tenant: str = "shop", now: int = 1) -> ImportReport:
    chosen = reader or AccessLog("combined", "salt")
    return import_file(path, chosen, digest=check_file(path), tenant=tenant, raw=raw, now=now)


def raw_lines(raw: Path) -> list[RawLine]:
    paths = sorted((raw / "import").glob("*.json.gz"))
    return [decode(text) for path in paths for text in gzip.decompress(path.read_bytes()).splitlines()]


def raw_events(raw: Path) -> list[RawEvent]:
    return [event for line in raw_lines(raw) for event in line.events]


def contents(raw: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (raw / "import").iterdir()}


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "access.log"
    path.write_text(GOOD + BROKEN + "\n" + GOOD)
    return path


@pytest.fixture
def raw(tmp_path: Path) -> Path:
    return tmp_path / "lake" / "raw"


def write_rows(path: Path, count: int) -> Path:
    path.write_text("who,when,number\n" + "".join(f"visitor-{n % 7},2024-03-13,{n % 1000}\n" for n in range(count)))
    return path


def test_every_line_is_an_event_or_rejected_with_its_number_and_reason(log: Path, raw: Path) -> None:
    report = take(log, raw)
    (line,) = raw_lines(raw)
    assert (report.lines, report.headings, report.events, report.rejected) == (4, 0, 2, 2)
    assert [(row.where, row.reason, row.detail) for row in line.rejected] == [
        ("line 2 of access.log", "line_unreadable", "a quote is not closed"),
        ("line 3 of access.log", "line_unreadable", "the line is empty"),
    ]
    assert [event.where for event in line.events] == ["line 1 of access.log", "line 4 of access.log"]
    assert sorted([event.index for event in line.events] + [row.index for row in line.rejected]) == [0, 1, 2, 3]
    assert (line.protocol, line.imported, line.sent_at, line.tenant) == ("import/access-log", True, 0, "shop")


def test_no_whole_address_reaches_raw(log: Path, raw: Path) -> None:
    take(log, raw)
    (path,) = (raw / "import").iterdir()
    assert b"192.0.2.77" not in gzip.decompress(path.read_bytes())


def test_identical_lines_are_separate_events_with_the_same_ids_again(log: Path, raw: Path, tmp_path: Path) -> None:
    take(log, raw)
    take(log, tmp_path / "other", now=2)
    ids = [event.id for event in raw_events(raw)]
    assert len(set(ids)) == 2
    assert ids == [event.id for event in raw_events(tmp_path / "other")]


def test_ids_tell_tenants_and_kinds_apart() -> None:
    ids = {RowNamer(tenant, kind).name(b"row") for tenant in ("a", "b") for kind in ("csv", "access-log")}
    assert len(ids) == 4


def test_a_log_that_has_grown_names_its_old_lines_as_before(log: Path, raw: Path) -> None:
    take(log, raw)
    before = {event.id for event in raw_events(raw)}
    log.write_text(log.read_text() + GOOD)
    take(log, raw, now=2)
    assert before < {event.id for event in raw_events(raw)}
    assert len({event.id for event in raw_events(raw)}) == 3


def test_importing_the_same_file_again_changes_nothing(log: Path, raw: Path) -> None:
    first = take(log, raw)
    before = contents(raw)
    again = take(log, raw, now=2)
    assert contents(raw) == before
    assert (first.already_imported, again.already_imported) == (False, True)
    assert (again.events, again.rejected, again.reasons) == (first.events, first.rejected, first.reasons)


def test_a_file_and_its_gzip_are_the_same_import(log: Path, raw: Path, tmp_path: Path) -> None:
    take(log, raw)
    packed = tmp_path / "access.log.1.gz"
    packed.write_bytes(gzip.compress(log.read_bytes()))
    assert take(packed, raw).already_imported


def test_other_settings_or_another_tenant_are_another_import(tmp_path: Path, raw: Path) -> None:
    path = write_rows(tmp_path / "rows.csv", 3)
    reports = [
        take(path, raw, csv_reader(path)),
        take(path, raw, csv_reader(path, event="view")),
        take(path, raw, csv_reader(path), tenant="other"),
    ]
    assert [report.written for report in reports] == [1, 1, 1]


def test_a_long_file_becomes_parts_of_lines_that_are_counted_without_a_gap(tmp_path: Path, raw: Path) -> None:
    path = write_rows(tmp_path / "rows.csv", ROWS_PER_PART + 501)
    report = take(path, raw, csv_reader(path))
    lines = raw_lines(raw)
    assert (report.lines, report.headings, report.events) == (ROWS_PER_PART + 502, 1, ROWS_PER_PART + 501)
    assert report.written == 2
    assert [line.sequence for line in lines] == list(range(42))
    assert len({line.instance for line in lines}) == 1
    assert len({event.id for event in raw_events(raw)}) == ROWS_PER_PART + 501


@pytest.mark.parametrize(
    ("row", "detail"),
    [
        (",2024-03-13,1", "The visitor is empty"),
        ("v" * 129 + ",2024-03-13,1", "visitor"),
        ("a,1969-12-31,1", "time"),
        ("a,2024-03-13,\0", "NUL"),
    ],
)
def test_a_row_that_fails_the_checks_of_live_events_is_rejected(
    tmp_path: Path, raw: Path, row: str, detail: str
) -> None:
    path = tmp_path / "rows.csv"
    path.write_text(f"who,when,x\nb,2024-03-13,1\n{row}\n")
    report = take(path, raw, csv_reader(path))
    (line,) = raw_lines(raw)
    assert (report.events, report.reasons) == (1, {"event_invalid": 1})
    assert detail in line.rejected[0].detail
    assert line.rejected[0].text == row.replace("\0", "\ufffd")


def test_a_log_of_headings_only_writes_nothing(tmp_path: Path, raw: Path) -> None:
    path = tmp_path / "cloudfront.log"
    path.write_text("#Version: 1.0\n#Fields: date time\n")
    report = take(path, raw, AccessLog("cloudfront", "salt"))
    assert (report.lines, report.headings, report.written, report.already_imported) == (2, 2, 0, False)
    assert not raw.exists()


KILLED = """
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
import test_file_import as case
class Killed(case.CsvRows):
    def rows(self, lines):
        for number, row in enumerate(super().rows(lines)):
            if number == {stop}:
                os.kill(os.getpid(), signal.SIGKILL)
            yield row
path = Path({path!r})
case.take(path, Path({raw!r}), Killed(case.csv_reader(path)._plan))
"""


def test_an_import_that_was_killed_is_completed_by_running_it_again(tmp_path: Path, raw: Path) -> None:
    path = write_rows(tmp_path / "rows.csv", ROWS_PER_PART + 1_000)
    program = KILLED.format(tests=str(Path(__file__).parent), path=str(path), raw=str(raw), stop=ROWS_PER_PART + 700)
    killed = subprocess.run([sys.executable, "-c", program], check=False, timeout=120)
    left = contents(raw)
    report = take(path, raw, csv_reader(path), now=2)
    take(path, tmp_path / "whole", csv_reader(path), now=3)
    assert killed.returncode == -signal.SIGKILL
    assert len(left) == 1
    assert (report.kept, report.written) == (1, 1)
    assert left.items() <= contents(raw).items()
    assert raw_events(raw) == raw_events(tmp_path / "whole")


def test_what_a_killed_import_left_half_written_is_removed(log: Path, raw: Path) -> None:
    take(log, raw)
    (name,) = contents(raw)
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    (raw / "import" / f".{name}.{gone.pid}.tmp").write_bytes(b"half")
    (raw / "import" / f".{name}.{os.getppid()}.tmp").write_bytes(b"of a process that lives")
    take(log, raw)
    assert set(contents(raw)) == {name, f".{name}.{os.getppid()}.tmp"}


def test_a_file_that_changes_meanwhile_is_told(log: Path, raw: Path) -> None:
    digest = check_file(log)
    log.write_text(log.read_text() + GOOD)
    with pytest.raises(FootfallError, match="was changed while it was imported"):
        import_file(log, AccessLog("combined", "salt"), digest=digest, tenant="shop", raw=raw, now=1)


def test_progress_ends_at_its_total(log: Path, raw: Path) -> None:
    told: list[tuple[int, int]] = []

    def progress(done: int, total: int) -> None:
        told.append((done, total))

    digest = check_file(log, progress)
    reader = AccessLog("combined", "salt")
    import_file(
        log,
        reader,
        digest=digest,
        tenant="shop",
        raw=raw,
        now=1,
        progress=progress,
    )
    assert told == sorted(told)
    assert told[-1] == (2 * log.stat().st_size, 2 * log.stat().st_size)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (gzip.compress(random.Random(7).randbytes(5_000), mtime=0)[:3_000], "is damaged gzip"),
        (gzip.compress(b"x" * 50, mtime=0)[:-8] + b"\0" * 8, "is damaged gzip"),
        (b"PK\x03\x04rest", "is packed with zip"),
        (b"\x28\xb5\x2f\xfdrest", "is packed with zstd"),
    ],
)
def test_a_file_that_cannot_be_read_is_told_in_one_line(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(FootfallError, match=said) as raised:
        check_file(path)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize(("name", "said"), [("", "is a folder"), ("missing", "there is no file")])
def test_a_path_that_is_no_file_is_told(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(FootfallError, match=said):
        sample_lines(tmp_path / name)


def test_raw_that_cannot_be_written_is_told(log: Path, tmp_path: Path) -> None:
    (tmp_path / "raw").write_text("a file where the folder should be")
    with pytest.raises(FootfallError, match="cannot be written"):
        take(log, tmp_path / "raw")


def test_a_real_log_is_taken_in_whole(raw: Path) -> None:
    if not REAL_LOG.exists():
        pytest.skip(f"{REAL_LOG} is missing")
    report = take(REAL_LOG, raw)
    ids = {event.id for event in raw_events(raw)}
    (rejected,) = [row for line in raw_lines(raw) for row in line.rejected]
    assert (report.lines, report.events, report.rejected, len(ids)) == (10_000, 9_999, 1, 9_999)
    assert rejected.where == "line 8899 of apache_logs"
