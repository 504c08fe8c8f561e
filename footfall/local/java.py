"""Finding a Java 17."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from footfall.errors import FootfallError

JAVA = 17

_INSTALLED = (
    ("/usr/lib/jvm", f"*{JAVA}*/bin/java"),
    ("/Library/Java/JavaVirtualMachines", f"*{JAVA}*/Contents/Home/bin/java"),
    ("/opt/homebrew/opt", f"openjdk@{JAVA}/bin/java"),
    ("/usr/local/opt", f"openjdk@{JAVA}/bin/java"),
)


def find_java(run_as: Sequence[str] = ()) -> Path:
    """A `java` of version 17: that of JAVA_HOME, else the one on the path, else one that is installed.

    Args:
        run_as: a command prefix, so that only a Java which that user may run is found.

    Raises:
        FootfallError: there is none.
    """
    seen = []
    for candidate in _candidates():
        version = _version(candidate, run_as)
        if version == JAVA:
            return candidate
        seen.append(f"{candidate} is {f'Java {version}' if version else 'not one that runs'}")
    raise FootfallError(
        f"Java {JAVA} is missing ({'; '.join(seen) or 'no java was found'}). Install it (Debian, Ubuntu: "
        f"apt install openjdk-{JAVA}-jre-headless; macOS: brew install openjdk@{JAVA}) or set JAVA_HOME to one."
    )


def _candidates() -> Iterator[Path]:
    named = os.environ.get("JAVA_HOME")
    if named:
        yield Path(named) / "bin" / "java"
    on_path = shutil.which("java")
    if on_path:
        yield Path(on_path)
    for folder, pattern in _INSTALLED:
        yield from sorted(Path(folder).glob(pattern))


def _version(java: Path, run_as: Sequence[str]) -> int | None:
    try:
        done = subprocess.run([*run_as, str(java), "-version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r'version "([0-9]+)', done.stderr)
    return int(found.group(1)) if done.returncode == 0 and found else None
