"""Token buckets, by a clock that is set by hand."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from footfall.collector.quota import TokenBuckets


class Seconds:
    """A clock that is set by hand."""

    now = 1_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def buckets(seconds: Seconds) -> TokenBuckets:
    return TokenBuckets(seconds)


def _take(buckets: TokenBuckets, tokens: int = 1, sender: str = "a") -> int:
    return buckets.take(sender, tokens, rate=2, capacity=10)


def test_a_full_bucket_gives_its_capacity_at_once_and_then_the_rate(buckets: TokenBuckets, seconds: Seconds) -> None:
    assert [_take(buckets) for _ in range(11)] == [0] * 10 + [1]
    seconds.now += 0.5
    assert [_take(buckets) for _ in range(2)] == [0, 1]


def test_after_the_seconds_that_are_named_there_is_enough(buckets: TokenBuckets, seconds: Seconds) -> None:
    _take(buckets, 10)
    wait = _take(buckets, 7)
    assert wait == 4
    seconds.now += wait
    assert _take(buckets, 7) == 0


def test_what_is_refused_costs_nothing(buckets: TokenBuckets, seconds: Seconds) -> None:
    _take(buckets, 10)
    for _ in range(100):
        assert _take(buckets, 2) == 1
    seconds.now += 1
    assert _take(buckets, 2) == 0


def test_a_bucket_never_holds_more_than_its_capacity(buckets: TokenBuckets, seconds: Seconds) -> None:
    _take(buckets)
    seconds.now += 1_000_000
    assert [_take(buckets, 5) for _ in range(3)] == [0, 0, 3]


def test_what_is_larger_than_the_bucket_is_given_once_and_then_paid_off(
    buckets: TokenBuckets, seconds: Seconds
) -> None:
    assert _take(buckets, 30) == 0
    assert _take(buckets, 1) == math.ceil(21 / 2)
    seconds.now += 10
    assert _take(buckets, 1) == 1
    seconds.now += 1
    assert _take(buckets, 1) == 0


def test_one_sender_takes_nothing_from_another(buckets: TokenBuckets) -> None:
    while _take(buckets, sender="noisy") == 0:
        pass
    assert _take(buckets, 10, sender="quiet") == 0


@given(st.lists(st.tuples(st.floats(0, 5), st.integers(1, 20)), max_size=60))
def test_over_any_time_no_more_is_given_than_capacity_rate_and_one_debt(asked: list[tuple[float, int]]) -> None:
    seconds = Seconds()
    buckets = TokenBuckets(seconds)
    began, given_out = seconds.now, 0
    for pause, tokens in asked:
        seconds.now += pause
        if _take(buckets, tokens) == 0:
            given_out += tokens
    assert given_out <= 10 + 2 * (seconds.now - began) + 10 + 1e-6
