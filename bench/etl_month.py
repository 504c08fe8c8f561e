"""A month of one tenant's events, from raw objects to all tables on this machine: the time, the memory, and the books.

`--events N` takes fewer than 130 million; the limit of time is then as much smaller. `make bench` leaves it out.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from bench._figures import Figure, run, say
from bench._lake_traffic import TrafficSource
from bench.etl_embedded import in_a_process, new_lake, take_in
from footfall.local.reconcile_run import run_reconcile

EVENTS = 130_000_000
DAYS = 30
MOST_SECONDS = 45 * 60
MOST_BYTES = 6 * 2**30


def measure(events: int, quick: bool) -> Iterator[Figure]:
    """The figures: wall time, the peak of resident memory, and the events that the books miss."""
    with tempfile.TemporaryDirectory(prefix="footfall-bench-") as name:
        lake = new_lake(Path(name) / "lake")
        made = TrafficSource(events // (10 if quick else 1), DAYS).write(lake.raw)
        say(f"{made.events:,} events in {made.objects:,} objects, {made.bytes / 1e6:,.0f} MB")
        began = time.monotonic()
        seconds, peak = in_a_process(take_in, lake.root)
        took = time.monotonic() - began
        say(f"{took:.0f} s, {seconds:.0f} CPU seconds, {peak / 2**30:.2f} GiB; now the books")
        days = run_reconcile(lake)
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


def main() -> int:
    """Measure as many events as are asked for."""
    parser = argparse.ArgumentParser(prog="python -m bench.etl_month", add_help=False)
    parser.add_argument("--events", type=int, default=EVENTS)
    asked, rest = parser.parse_known_args()
    sys.argv[1:] = rest
    return run("etl_month", partial(measure, asked.events))


if __name__ == "__main__":
    sys.exit(main())
