"""A run looks for cycles seldom, and leaves Python as it was."""

import gc

import pytest

from footfall.errors import FootfallError
from footfall.local.memory import collect_seldom


def test_cycles_are_looked_for_seldom_meanwhile_and_as_before_afterwards() -> None:
    before = gc.get_threshold()
    with pytest.raises(FootfallError, match="ends early"):
        _fail_meanwhile((1_000_000, *before[1:]))
    assert gc.get_threshold() == before


def _fail_meanwhile(expected: tuple[int, ...]) -> None:
    with collect_seldom():
        assert gc.get_threshold() == expected
        raise FootfallError("the run ends early")
