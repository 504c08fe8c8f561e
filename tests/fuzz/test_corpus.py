"""What the fuzzer found worth keeping is tried in every run of the tests, and the fuzzer itself runs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from footfall.collector.handler import Collector
from footfall.events.raw_line import EncodedLine
from tests.fuzz.controls import LosesAnEvent
from tests.fuzz.targets import CORPUS, NOW, TARGETS, AnyKey, Kept, check

REPOSITORY = Path(__file__).resolve().parents[2]
SEEDS = sorted(path for path in CORPUS.glob("*/*") if path.is_file())


@pytest.mark.parametrize("path", SEEDS, ids=lambda path: path.relative_to(CORPUS).as_posix())
def test_an_input_that_was_kept_is_answered_as_it_should_be(path: Path) -> None:
    check(TARGETS[path.parent.name], path.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_the_inputs_of_a_target_reach_both_ends_of_it(name: str) -> None:
    accepted = [check(TARGETS[name], path.read_bytes()) for path in sorted((CORPUS / name).iterdir())]
    assert max(accepted) > 0
    assert min(accepted) == 0


def test_no_input_is_without_a_target() -> None:
    assert {path.parent.name for path in SEEDS} == set(TARGETS)
    assert sum(path.stat().st_size for path in SEEDS) < 500_000


class Failing(Kept):
    """A sink with a mistake in it."""

    def write(self, line: EncodedLine) -> None:
        raise ValueError


@pytest.mark.parametrize("kept", [LosesAnEvent(), Failing()], ids=["an event is lost", "the handler fails"])
def test_a_broken_promise_is_seen(kept: Kept) -> None:
    collector = Collector(AnyKey(), kept, lambda: NOW, "fuzz")
    with pytest.raises(AssertionError):
        check(TARGETS["native"], (CORPUS / "native" / "two_events.json").read_bytes(), collector, kept)


def test_the_fuzzer_runs(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz.one", "native", "-runs=300", str(tmp_path), str(CORPUS / "native")]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "INFO: Instrumenting footfall.events.validation" in done.stderr
    assert "Done 300 runs" in done.stderr
