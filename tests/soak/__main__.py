"""Run the soak, or a part of it: `make soak PART=collector|fuzz|etl SEED=n COUNT=n`.

The base seed is printed. A soak that was stopped goes on where it was when it is started with the same seed and count
on the same commit, with nothing changed beside it.
"""

import argparse
import os
import secrets
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, as_completed
from datetime import UTC, datetime
from multiprocessing import get_context

from tests.soak.journal import Journal
from tests.soak.parts import PARTS, Part, quiet, work
from tests.soak.result import BUILD, PAGE, REPOSITORY, Result, load, page, save


def main() -> int:
    """The exit code: 1 where a promise was broken, or the control broke none."""
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"by default all: {', '.join(PARTS)}")
    parser.add_argument("--seed", type=int, help="the base seed; by default a new one")
    parser.add_argument("--count", type=int, help="how many; by default " + ", ".join(_counts()))
    parser.add_argument("--workers", type=int, help="processes; by default one a core, two for the collector")
    parser.add_argument("--page", action="store_true", help="run nothing: write docs/soak.md from the last results")
    asked = parser.parse_args()
    if unknown := set(asked.parts) - set(PARTS):
        parser.error(f"there is no part {min(unknown)!r}: {', '.join(PARTS)}")
    if (asked.count is not None and asked.count < 1) or (asked.workers is not None and asked.workers < 1):
        parser.error("--count and --workers take 1 or more")
    if asked.page:
        results = load()
        if not results:
            parser.error("there are no results in build/soak yet: run `make soak` first")
        before = PAGE.read_text("utf-8") if PAGE.exists() else ""
        PAGE.write_text(page(results, before), "utf-8")
        print(PAGE)
        return 0
    seed = asked.seed if asked.seed is not None else secrets.randbelow(10**9)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    results = []
    for name in asked.parts or PARTS:
        part = PARTS[name]
        workers = asked.workers or cores * part.workers_a_core
        results.append(_run(part, seed, asked.count or part.count, workers, cores))
        print(f"soak: {name}: {save(results[-1])}", file=sys.stderr)
    return 0 if all(result.ok for result in results) else 1


def _counts() -> list[str]:
    return [f"{part.count} for {part.name}" for part in PARTS.values()]


def _run(part: Part, seed: int, count: int, workers: int, cores: int) -> Result:
    commit = _commit()
    path = BUILD / f"{part.name}-{seed}-{count}-{commit}.jsonl"
    if commit.endswith("+"):
        path.unlink(missing_ok=True)  # of sources that may have been others
    journal = Journal(path)
    all_blocks = part.blocks(count)
    left = [(place, numbers) for place, numbers in enumerate(all_blocks) if numbers.start not in journal.done]
    again = f"make soak PART={part.name} SEED={seed} COUNT={count}"
    _say(f"{part.name}: {count} {part.what}; {workers} workers; again, or go on: {again}")
    executor = ProcessPoolExecutor(workers, get_context("spawn"), initializer=quiet)
    told = time.monotonic()
    try:
        blocks = {executor.submit(work, part.name, seed, place, numbers): numbers for place, numbers in left}
        for future in as_completed(blocks):
            found = future.result()
            journal.add(blocks[future].start, found)
            for wrong in found.wrong:
                _say(f"{part.name}: WRONG {wrong}")
            if time.monotonic() - told > 1 or len(journal.done) == len(all_blocks):
                told = time.monotonic()
                so_far = journal.found
                _say(
                    f"{part.name}: {so_far.tried:,} of {count:,}, {journal.seconds:.0f} s; lost {so_far.lost:,} of "
                    f"{so_far.held:,} {part.held}, the control {so_far.control_lost:,} of {so_far.control_held:,}"
                )
    except KeyboardInterrupt:
        _say(f"{part.name}: stopped; go on: {again}")
        raise SystemExit(130) from None
    finally:
        executor.shutdown(cancel_futures=True)
    today = datetime.now(UTC).date().isoformat()
    return Result(part.name, seed, commit, cores, workers, round(journal.seconds, 1), today, journal.found)


def _say(text: str) -> None:
    print(f"soak: {text}", file=sys.stderr, flush=True)


def _commit() -> str:
    def git(*arguments: str) -> str:
        return subprocess.run(
            ["git", *arguments], cwd=REPOSITORY, capture_output=True, text=True, check=False
        ).stdout.strip()

    return (git("rev-parse", "--short=10", "HEAD") or "unknown") + ("+" if git("status", "--porcelain") else "")


if __name__ == "__main__":
    sys.exit(main())
