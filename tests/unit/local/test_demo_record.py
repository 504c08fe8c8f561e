"""What a demo remembers, so that a second one in the same lake is the same demo."""

import stat
from datetime import date
from pathlib import Path

import msgspec
import pytest

from footfall.errors import FootfallError
from footfall.events.tenants import Tenant
from footfall.local import demo_record
from footfall.local.demo_record import DemoRecord
from footfall.local.simulator.simulation import MODEL

TODAY = date(2026, 3, 4)
RECORD = DemoRecord(seed=7, events=1_000, end_day=date(2026, 3, 2), model=MODEL, write_key="ffk_key")


class Registry:
    """Tenants by name only."""

    def __init__(self, *names: str) -> None:
        self.names = names

    def by_write_key(self, write_key: str, now: int) -> Tenant | None:
        return None

    def all(self) -> tuple[Tenant, ...]:
        return tuple(Tenant(name, "salt") for name in self.names)


def test_a_record_comes_back_as_it_was_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    demo_record.write(tmp_path, RECORD)
    assert demo_record.read(tmp_path) == RECORD
    assert stat.S_IMODE(demo_record.path(tmp_path).stat().st_mode) == 0o600
    assert [found.name for found in tmp_path.iterdir()] == ["demo.json"]


def test_a_lake_without_a_demo_has_no_record(tmp_path: Path) -> None:
    assert demo_record.resume(tmp_path, Registry("blog"), 7, 1_000, TODAY) is None


def test_the_same_demo_goes_on_from_its_record_on_any_later_day(tmp_path: Path) -> None:
    demo_record.write(tmp_path, RECORD)
    for today in (TODAY, date(2026, 12, 24)):
        found = demo_record.resume(tmp_path, Registry("demo"), 7, 1_000, today)
        assert found is not None
        assert found.end_day == RECORD.end_day


@pytest.mark.parametrize(
    ("change", "seed", "events", "today", "said"),
    [
        ({}, 8, 1_000, TODAY, "holds the demo of --seed 7 --events 1000"),
        ({}, 7, 2_000, TODAY, "holds the demo of --seed 7 --events 1000"),
        ({"model": MODEL + 1}, 7, 1_000, TODAY, "another version of the simulator"),
        ({}, 7, 1_000, date(2027, 3, 4), "too old to be sent again"),
    ],
)
def test_another_demo_in_the_same_lake_is_refused(
    tmp_path: Path, change: dict[str, int], seed: int, events: int, today: date, said: str
) -> None:
    demo_record.write(tmp_path, msgspec.structs.replace(RECORD, **change))
    with pytest.raises(FootfallError, match=said):
        demo_record.resume(tmp_path, Registry("demo"), seed, events, today)


def test_a_tenant_named_demo_that_no_demo_made_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(FootfallError, match="no demo made"):
        demo_record.resume(tmp_path, Registry("demo"), 7, 1_000, TODAY)


def test_a_damaged_record_is_said_in_one_line(tmp_path: Path) -> None:
    demo_record.path(tmp_path).write_text("{")
    with pytest.raises(FootfallError, match="cannot be read"):
        demo_record.read(tmp_path)


@pytest.mark.parametrize(
    ("today", "monday"),
    [
        (date(2026, 3, 2), date(2026, 3, 2)),
        (date(2026, 3, 8), date(2026, 3, 2)),
        (date(2026, 3, 9), date(2026, 3, 9)),
        (date(2026, 1, 1), date(2025, 12, 29)),
    ],
)
def test_a_new_demo_ends_on_the_monday_of_its_week(today: date, monday: date) -> None:
    assert demo_record.last_monday(today) == monday


@pytest.mark.parametrize(
    ("begun", "completed", "repeats", "exact"), [(0, 0, 0, True), (2, 2, 0, True), (2, 1, 0, False), (1, 1, 1, False)]
)
def test_only_sendings_that_were_answered_to_the_last_are_known_exactly(
    begun: int, completed: int, repeats: int, exact: bool
) -> None:
    record = DemoRecord(7, 1_000, TODAY, MODEL, "ffk_key", begun, completed, repeats)
    assert record.exact is exact
