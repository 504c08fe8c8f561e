"""The tracker's own tests, which are in TypeScript beside it."""

import subprocess
from pathlib import Path

TRACKER = Path(__file__).resolve().parents[3] / "tracker"


def test_the_trackers_tests_pass() -> None:
    done = subprocess.run(
        ["npm", "--silent", "test"],
        cwd=TRACKER,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
