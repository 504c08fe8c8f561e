"""What a bench prints: one JSON line a figure. How each is read stands in docs/benchmarks.md."""

import argparse
import json
import os
import platform
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """A figure and its goal.

    `ratio` is ours by theirs, and is to be at most `limit`. A figure that stands alone (lost events, say) has its own
    limit as `theirs`; where that limit is 0 its ratio is the value itself, and `limit` is 0. `extra` goes into the line
    as it is.
    """

    name: str
    ours: float
    theirs: float
    unit: str
    limit: float
    goal: str
    extra: Mapping[str, object] = field(default_factory=dict)

    @property
    def ratio(self) -> float:
        """Ours by theirs."""
        return self.ours / self.theirs if self.theirs else self.ours

    @property
    def ok(self) -> bool:
        """Whether the goal is met."""
        return self.ratio <= self.limit


def at_most(limit: float) -> str:
    """How a goal of a ratio is told."""
    return f"at most {limit:g}x"


def run(bench: str, measure: Callable[[bool], Iterable[Figure]]) -> int:
    """Measure, print each figure, and return the exit code: 1 where a goal was missed.

    Args:
        bench: the bench's name.
        measure: gives the figures, the first goal's first; is told whether it is to be quick.
    """
    parser = argparse.ArgumentParser(prog=f"python -m bench.{bench}")
    parser.add_argument("--quick", action="store_true", help="a tenth of the work, for a look; never for the docs")
    quick: bool = parser.parse_args().quick
    met = True
    for figure in measure(quick):
        met = met and figure.ok
        print(json.dumps(_line(bench, figure, quick)), flush=True)
    return 0 if met else 1


def say(text: str) -> None:
    """Tell how far a bench is."""
    print(text, file=sys.stderr, flush=True)


def _line(bench: str, figure: Figure, quick: bool) -> dict[str, object]:
    return {
        "bench": bench,
        "figure": figure.name,
        "ours": _rounded(figure.ours),
        "theirs": _rounded(figure.theirs),
        "ratio": _rounded(figure.ratio),
        "unit": figure.unit,
        "better": "lower",
        "goal": figure.goal,
        "ok": figure.ok,
        "quick": quick,
        "machine": _machine(),
        **figure.extra,
    }


def _rounded(value: float) -> float:
    return float(f"{value:.3g}") if abs(value) < 1_000 else round(value)


def _machine() -> str:
    model = platform.machine()
    information = Path("/proc/cpuinfo")
    if information.exists():
        names = [line for line in information.read_text().splitlines() if line.startswith("model name")]
        model = names[0].partition(":")[2].strip() if names else model
    return f"{model}, {os.cpu_count()} cores, Python {platform.python_version()}"
