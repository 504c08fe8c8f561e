"""Bodies that the fuzzer makes up: a block is one target's, tried in a process of its own."""

import re
import subprocess
import sys
from pathlib import Path

from footfall.collector.handler import Collector
from tests.fuzz.controls import LosesAnEvent
from tests.fuzz.targets import CORPUS, NOW, TARGETS, AnyKey, check
from tests.soak.parts import Found

REPOSITORY = Path(__file__).resolve().parents[2]


def block(base: int, place: int, numbers: range) -> Found:
    """Try this many bodies. The block's place says which target; its first number is part of the fuzzer's seed."""
    name = list(TARGETS)[place % len(TARGETS)]
    seed = (base + numbers.start) % 2**31 or 1  # the fuzzer takes 0 for a seed of its own choice
    found = REPOSITORY / "build" / "soak" / "fuzz" / name
    found.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "tests.fuzz.one", name, f"-runs={len(numbers)}", f"-seed={seed}"]
    command += ["-max_len=4096", "-timeout=10", "-rss_limit_mb=1024", "-print_final_stats=1", "-verbosity=0"]
    command += [f"-dict={REPOSITORY / 'tests/fuzz/words.dict'}", f"-artifact_prefix={found.parent}/{name}-"]
    done = subprocess.run(
        [*command, str(found), str(CORPUS / name)], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    tried = re.search(r"number_of_executed_units: ([0-9]+)", done.stderr)
    bodies = int(tried[1]) if tried else 0
    mine = Found(tried=bodies, held=bodies, happened={name: bodies})
    if done.returncode or not tried:
        mine.lost = 1
        mine.wrong = [f"{base + numbers.start}: {name}: {' '.join(done.stderr.split()[-60:])}"]
    if place < len(TARGETS):
        mine.add(_control(name))
    return mine


def _control(name: str) -> Found:
    """The bodies of the corpus, to a collector that drops an event of each line: of accepted ones it must show."""
    found = Found()
    for path in sorted((CORPUS / name).iterdir()):
        kept = LosesAnEvent()
        collector = Collector(AnyKey(), kept, lambda: NOW, "fuzz")
        found.control_tried += 1
        found.control_held += 1
        try:
            check(TARGETS[name], path.read_bytes(), collector, kept)
        except AssertionError:
            found.control_lost += 1
    return found
