"""A month of one tenant's events, from raw objects to all tables on this machine: the time, the memory, and the books.

`--events N` takes fewer than 130 million; the limit of time is then as much smaller. `make bench` leaves it out. To
make a month takes ten minutes: with `--folder F` what is made stays there, and when asked for again is taken in anew.
With `--minutes M` a run ends between two parts after that time, and the next one with the same folder goes on.
"""

import argparse
import json
import math
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from bench._figures import Figure, run, say
from bench._lake_traffic import Traffic, TrafficSource
from bench.etl_embedded import in_a_process, new_lake
from footfall.lake.layout import LocalLake, open_lake
from footfall.local.etl_run import run_etl
from footfall.local.reconcile_run import run_reconcile

EVENTS = 130_000_000
DAYS = 30
MOST_SECONDS = 45 * 60
MOST_BYTES = 6 * 2**30
# What the run is told, as by `footfall etl --memory 6`: the limit above is what it must keep.
MEMORY = 6


class _TimeIsUpError(Exception):
    """So much time was to be spent, and a part is done."""


@dataclass
class _Taken:
    """What the runs so far took together. Of one that was killed it is not known: `ended` is false then."""

    seconds: float = 0.0
    cpu_seconds: float = 0.0
    peak: int = 0
    runs: int = 0
    ended: bool = True
    whole: bool = False


def measure(events: int, folder: Path | None, most_seconds: float, quick: bool) -> Iterator[Figure]:
    """The figures: wall time, the peak of resident memory, and the events that the books miss."""
    with tempfile.TemporaryDirectory(prefix="footfall-bench-") as name:
        lake, made, taken = _begun(folder or Path(name), events // (10 if quick else 1))
        say(f"{made.events:,} events in {made.objects:,} objects, {made.bytes / 1e6:,.0f} MB; so far {taken}")
        told = _told(lake)
        taken.ended = False
        _keep(lake, taken)
        began = time.monotonic()
        cpu_seconds, peak = in_a_process(_take_in, lake.root, told, most_seconds)
        taken.seconds += time.monotonic() - began
        taken.cpu_seconds += cpu_seconds
        taken.peak = max(taken.peak, peak)
        taken.runs += 1
        taken.ended = True
        taken.whole = not told.exists()
        _keep(lake, taken)
        if not taken.whole:
            say(f"not all of it, {told.read_text()} is done: the same command goes on. {taken}")
            return
        say(f"{taken}; now the books")
        began = time.monotonic()
        days = run_reconcile(lake)
        say(f"the books: {time.monotonic() - began:.0f} s")
        extra = {"events": made.events, "cpu_seconds": round(taken.cpu_seconds), "runs": taken.runs}
        limit = MOST_SECONDS * made.events / EVENTS
        goal = f"at most {limit / 60:.3g} min"
        yield Figure(
            f"wall time of {made.events:,} events from raw to all tables", taken.seconds, limit, "s", 1, goal, extra
        )
        yield Figure("peak resident memory of that run", taken.peak, MOST_BYTES, "B", 1, "at most 6 GiB")
        wrong = sum(abs(day.missing) + day.invented + day.waiting for day in days)
        wrong += sum(1 for day in days if not day.balanced)
        received = sum(day.received - day.quarantined for day in days)
        yield Figure(
            "events that the books cannot explain", wrong + abs(received - made.events), 0, "events", 0, "none", extra
        )


def _take_in(root: Path, told: Path, most_seconds: float) -> None:
    """Run the ETL for so long; where it does not come to its end, a file tells how far it came."""
    began = time.monotonic()
    told.unlink(missing_ok=True)

    def progress(step: str) -> None:
        say(f"{time.monotonic() - began:.0f} s: {step}")
        if step.startswith("part ") and time.monotonic() - began > most_seconds:
            told.write_text(step)
            raise _TimeIsUpError

    try:
        run_etl(open_lake(root, create=False), everything=True, memory=MEMORY, progress=progress)
    except _TimeIsUpError:
        return


def _begun(folder: Path, events: int) -> tuple[LocalLake, Traffic, _Taken]:
    """A lake with raw objects, what is in it, and what taking them in took so far.

    Of a run before, where that left them in the folder. Tables that are whole, or of a run that was killed, are made
    anew.
    """
    made_of = folder / f"made-{events}.json"
    root = folder / f"lake-{events}"
    if made_of.exists():
        lake = open_lake(root, create=False)
        made = Traffic(**json.loads(made_of.read_text()))
        taken = _Taken(**json.loads(_took(lake).read_text())) if _took(lake).exists() else _Taken()
        if taken.runs and taken.ended and not taken.whole:
            return lake, made, taken
        lake.catalog.unlink(missing_ok=True)
        shutil.rmtree(lake.warehouse, ignore_errors=True)
        return lake, made, _Taken()
    if root.exists():
        shutil.rmtree(root)
    lake = new_lake(root)
    made = TrafficSource(events, DAYS).write(lake.raw)
    made_of.write_text(json.dumps(asdict(made)))
    return lake, made, _Taken()


def _keep(lake: LocalLake, taken: _Taken) -> None:
    _took(lake).write_text(json.dumps(asdict(taken)))


def _took(lake: LocalLake) -> Path:
    return lake.root.with_name(f"{lake.root.name}-took.json")


def _told(lake: LocalLake) -> Path:
    return lake.root.with_name(f"{lake.root.name}-part.txt")


def main() -> int:
    """Measure as many events as are asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.etl_month", add_help=False)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--minutes", type=float, default=math.inf)
    asked, rest = parser.parse_known_args()
    if math.isfinite(asked.minutes) and asked.folder is None:
        parser.error("--minutes leaves a run unfinished: say where it is kept, with --folder.")
    sys.argv[1:] = rest
    return run("etl_month", partial(measure, asked.events, asked.folder, asked.minutes * 60))


if __name__ == "__main__":
    sys.exit(main())
