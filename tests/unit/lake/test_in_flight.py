"""Work that a thread does on one thing while the next is made."""

from collections.abc import Iterator
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.lake.in_flight import one_in_flight

_LONG = 60.0


@given(st.lists(st.integers()))
def test_results_come_in_the_order_of_the_things(things: list[int]) -> None:
    assert list(one_in_flight(str, things)) == [str(thing) for thing in things]


def test_a_thing_is_worked_on_while_the_next_is_made() -> None:
    begun, made = Event(), Event()

    def things() -> Iterator[int]:
        yield 1
        assert begun.wait(_LONG)
        made.set()
        yield 2

    def work(thing: int) -> bool:
        begun.set()
        return made.wait(_LONG)

    assert list(one_in_flight(work, things())) == [True, True]


def test_two_things_are_held_at_once_and_no_more() -> None:
    done: list[int] = []

    def things() -> Iterator[int]:
        for thing in range(100):
            assert len(done) >= thing - 1
            yield thing

    assert len(list(one_in_flight(done.append, things()))) == 100


def test_what_work_raises_is_raised_and_nothing_more_is_begun() -> None:
    begun: list[int] = []

    def work(thing: int) -> int:
        begun.append(thing)
        if thing == 1:
            raise OSError("the disk is full")
        return thing

    results = one_in_flight(work, range(5))
    with pytest.raises(OSError, match="the disk is full"):
        list(results)
    assert begun == [0, 1]


def test_what_making_a_thing_raises_is_raised_once_the_one_under_way_is_done() -> None:
    done: list[int] = []
    begun = Event()

    def things() -> Iterator[int]:
        yield 1
        assert begun.wait(_LONG)
        raise ValueError("no more")

    def work(thing: int) -> None:
        begun.set()
        done.append(thing)

    with pytest.raises(ValueError, match="no more"):
        list(one_in_flight(work, things()))
    assert done == [1]
