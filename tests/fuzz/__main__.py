"""Fuzz every target for its share of some seconds. `make fuzz` calls it.

What it finds on the way lies in build/fuzz/TARGET; an input that breaks a promise is saved there as crash-*, and ends
the run with 1. `--keep` moves the inputs that reach something new into tests/fuzz/corpus, where the tests replay them.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from types import FrameType

from tests.fuzz.targets import CORPUS, TARGETS, check

REPOSITORY = Path(__file__).resolve().parents[2]
WORDS = Path(__file__).parent / "words.dict"
LARGEST_SEED_BYTES = 600


def main() -> int:
    """The exit code: 1 where an input broke a promise."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"by default all: {', '.join(TARGETS)}")
    parser.add_argument("--seconds", type=int, default=60, help="for all targets together (60)")
    parser.add_argument("--keep", action="store_true", help="do not fuzz: keep what was found, in tests/fuzz/corpus")
    asked = parser.parse_args()
    names = asked.targets or list(TARGETS)
    if unknown := set(names) - set(TARGETS):
        parser.error(f"there is no target {min(unknown)!r}: {', '.join(TARGETS)}")
    share = max(1, asked.seconds // len(names))
    return max([_keep(name) if asked.keep else _fuzz(name, share) for name in names])


def _fuzz(name: str, seconds: int) -> int:
    work = REPOSITORY / "build" / "fuzz" / name
    found = work / "found"
    found.mkdir(parents=True, exist_ok=True)
    options = [
        f"-max_total_time={seconds}",
        f"-dict={WORDS}",
        f"-artifact_prefix={work}/",
        "-max_len=4096",
        "-timeout=10",
        "-rss_limit_mb=1024",
        "-print_final_stats=1",
        "-verbosity=0",
    ]
    print(f"fuzz: {name} for {seconds} s", file=sys.stderr, flush=True)
    return _run(name, [*options, str(found), str(CORPUS / name)])


def _keep(name: str) -> int:
    """Copy the shortest inputs that walk between two lines as no input before them did."""
    known: set[object] = set()
    for path in (CORPUS / name).iterdir():
        known |= _steps(name, path.read_bytes())
    found = REPOSITORY / "build" / "fuzz" / name / "found"
    for path in sorted(found.iterdir(), key=lambda path: (path.stat().st_size, path.name)):
        data = path.read_bytes()
        if len(data) <= LARGEST_SEED_BYTES and not (steps := _steps(name, data)) <= known:
            known |= steps
            (CORPUS / name / path.name).write_bytes(data)
            print(f"fuzz: kept {name}/{path.name}, {len(data)} bytes", file=sys.stderr)
    return 0


def _steps(name: str, data: bytes) -> set[object]:
    """The steps from line to line that an input takes through the sources."""
    steps: set[object] = set()
    before = 0

    def trace(frame: FrameType, event: str, argument: object) -> object:
        nonlocal before
        if "/footfall/" not in frame.f_code.co_filename:
            return None
        if event == "line":
            steps.add((frame.f_code.co_filename, before, frame.f_lineno))
        before = frame.f_lineno
        return trace

    sys.settrace(trace)  # type: ignore[arg-type]
    try:
        check(TARGETS[name], data)
    finally:
        sys.settrace(None)
    return steps


def _run(name: str, arguments: list[str]) -> int:
    command = [sys.executable, "-m", "tests.fuzz.one", name, *arguments]
    return 1 if subprocess.run(command, cwd=REPOSITORY, check=False).returncode else 0


if __name__ == "__main__":
    sys.exit(main())
