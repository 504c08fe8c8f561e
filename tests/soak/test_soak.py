"""The soak does what it is asked to, goes on where it was, and sees what is broken."""

from pathlib import Path

import pytest

from tests.histories import History
from tests.lakes import NOON, event, line
from tests.soak.etl import appended
from tests.soak.journal import Journal
from tests.soak.parts import PARTS, Found, work
from tests.soak.result import Result, load, page, save


@pytest.mark.parametrize("count", [1, 7, 20, 1_000])
@pytest.mark.parametrize("part", PARTS.values(), ids=lambda part: part.name)
def test_the_blocks_hold_each_number_once(part: object, count: int) -> None:
    blocks = PARTS[getattr(part, "name", "")].blocks(count)
    assert [number for numbers in blocks for number in numbers] == list(range(count))


def test_a_soak_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    path = tmp_path / "journal.jsonl"
    journal = Journal(path)
    journal.add(0, Found(tried=10, held=3, happened={"kill": 2}))
    journal.add(10, Found(tried=10, held=4, happened={"kill": 1}, wrong=["5: lost"]))
    path.write_bytes(path.read_bytes() + b'{"first": 20, "fou')
    again = Journal(path)
    assert again.done == {0, 10}
    assert again.found == Found(tried=20, held=7, happened={"kill": 3}, wrong=["5: lost"])
    assert again.seconds == journal.seconds


def result(found: Found) -> Result:
    return Result("fuzz", 7, "abc", 2, 2, 75.0, "2026-01-02", found)


@pytest.mark.parametrize(
    ("found", "ok"),
    [
        (Found(tried=9, held=9, control_tried=1, control_held=4, control_lost=2), True),
        (Found(tried=9, held=9, control_tried=1, control_held=4, control_lost=0), False),
        (Found(tried=9, held=9, lost=1, control_lost=2), False),
        (Found(tried=9, held=9, control_lost=2, wrong=["5: contradicts"]), False),
    ],
    ids=["ours keeps all, the control loses", "the control loses nothing", "ours loses", "ours is wrong"],
)
def test_a_part_passes_where_ours_keeps_all_and_the_control_does_not(found: Found, ok: bool) -> None:
    assert result(found).ok is ok


def test_the_page_says_what_was_tried_and_lost(tmp_path: Path) -> None:
    told = result(Found(1_000_000, 1_000_000, 0, 70, 70, 21, {"native": 5}))
    save(told, tmp_path)
    assert load(tmp_path) == [told]
    text = page(load(tmp_path))
    assert "| 1,000,000 | 7 | abc | 2 | 1 min 15 s | 0 of 1,000,000 bodies | 21 of 70 " in text
    assert "| passed | 2026-01-02 |" in text
    assert "`fuzz`: native 5." in text


def test_the_page_keeps_what_other_machines_tried() -> None:
    here, there = result(Found(5, 5, 0, 1, 1, 1, {"native": 5})), result(Found(8, 8, 0, 1, 1, 1, {"kill": 3}))
    there.part = "etl"
    both = page([here, there])
    assert page([here], page([there])) == page([there], page([here])) == both
    assert page([there], page([here, result(Found(9, 9, 0, 1, 1, 1))])).count("| fuzz |") == 1


@pytest.mark.parametrize(
    ("kill", "stored"),
    [(None, 1), ("ledger", 1), ("read", 1), ("events", 2), ("sessions", 2)],
)
def test_an_etl_that_appends_doubles_what_a_killed_run_had_stored(kill: str | None, stored: int) -> None:
    found, right = appended(History({"a": [line(event(NOON, id="x"))]}, [["a"]], [kill], [], 0, (False, False)))
    assert (len(found), len(right)) == (stored, 1)


def test_the_fuzzers_part_tries_bodies_and_its_control_is_seen() -> None:
    found = work("fuzz", 1, 0, range(300))
    assert found.wrong == []
    assert found.tried >= 300
    assert found.control_lost > 0
