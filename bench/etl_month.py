"""A month of one tenant's events, from raw objects to all tables on this machine: the time, the memory, and the books.

`--events N` takes fewer than 130 million; the limit of time is then as much smaller. `make bench` leaves it out. To
make a month takes half an hour: with `--folder F` what is made stays there, and when asked for again is taken in anew.
"""

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict
from functools import partial
from pathlib import Path

from bench._figures import Figure, run, say
from bench._lake_traffic import Traffic, TrafficSource
from bench.etl_embedded import in_a_process, new_lake, take_in
from footfall.lake.layout import LocalLake, open_lake
from footfall.local.reconcile_run import run_reconcile

EVENTS = 130_000_000
DAYS = 30
MOST_SECONDS = 45 * 60
MOST_BYTES = 6 * 2**30


def measure(events: int, folder: Path | None, quick: bool) -> Iterator[Figure]:
    """The figures: wall time, the peak of resident memory, and the events that the books miss."""
    with tempfile.TemporaryDirectory(prefix="footfall-bench-") as name:
        lake, made = _raw(folder or Path(name), events // (10 if quick else 1))
        say(f"{made.events:,} events in {made.objects:,} objects, {made.bytes / 1e6:,.0f} MB")
        began = time.monotonic()
        seconds, peak = in_a_process(take_in, lake.root)
        took = time.monotonic() - began
        say(f"{took:.0f} s, {seconds:.0f} CPU seconds, {peak / 2**30:.2f} GiB; now the books")
        began = time.monotonic()
        days = run_reconcile(lake)
        say(f"the books: {time.monotonic() - began:.0f} s")
        extra = {"events": made.events, "cpu_seconds": round(seconds)}
        limit = MOST_SECONDS * made.events / EVENTS
        goal = f"at most {limit / 60:.3g} min"
        yield Figure(f"wall time of {made.events:,} events from raw to all tables", took, limit, "s", 1, goal, extra)
        yield Figure("peak resident memory of that run", peak, MOST_BYTES, "B", 1, "at most 6 GiB")
        wrong = sum(abs(day.missing) + day.invented + day.waiting for day in days)
        wrong += sum(1 for day in days if not day.balanced)
        received = sum(day.received - day.quarantined for day in days)
        yield Figure(
            "events that the books cannot explain", wrong + abs(received - made.events), 0, "events", 0, "none", extra
        )


def _raw(folder: Path, events: int) -> tuple[LocalLake, Traffic]:
    """A lake with raw objects and no tables, and what is in it: of a run before, where that left it in the folder."""
    told = folder / f"made-{events}.json"
    root = folder / f"lake-{events}"
    if told.exists():
        lake = open_lake(root, create=False)
        lake.catalog.unlink(missing_ok=True)
        shutil.rmtree(lake.warehouse, ignore_errors=True)
        return lake, Traffic(**json.loads(told.read_text()))
    if root.exists():
        shutil.rmtree(root)
    lake = new_lake(root)
    made = TrafficSource(events, DAYS).write(lake.raw)
    told.write_text(json.dumps(asdict(made)))
    return lake, made


def main() -> int:
    """Measure as many events as are asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.etl_month", add_help=False)
    parser.add_argument("--events", type=int, default=EVENTS)
    parser.add_argument("--folder", type=Path)
    asked, rest = parser.parse_known_args()
    sys.argv[1:] = rest
    return run("etl_month", partial(measure, asked.events, asked.folder))


if __name__ == "__main__":
    sys.exit(main())
