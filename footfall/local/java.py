"""Finding a Java: 17, where nothing else is asked for."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from footfall.errors import FootfallError

JAVA = 17

_INSTALLED = (
    ("/usr/lib/jvm", "*{}*/bin/java"),
    ("/Library/Java/JavaVirtualMachines", "*{}*/Contents/Home/bin/java"),
    ("/opt/homebrew/opt", "openjdk@{}/bin/java"),
    ("/usr/local/opt", "openjdk@{}/bin/java"),
)


def find_java(run_as: Sequence[str] = (), version: int = JAVA) -> Path:
    """A `java` of a version: that of JAVA_HOME, else the one on the path, else one that is installed.

    Args:
        run_as: a command prefix, so that only a Java which that user may run is found.
        version: which.

    Raises:
        FootfallError: there is none.
    """
    seen = []
    for candidate in _candidates(version):
        found = _version(candidate, run_as)
        if found == version:
            return candidate
        seen.append(f"{candidate} is {f'Java {found}' if found else 'not one that runs'}")
    raise FootfallError(
        f"Java {version} is missing ({'; '.join(seen) or 'no java was found'}). Install it (Debian, Ubuntu: "
        f"apt install openjdk-{version}-jre-headless; macOS: brew install openjdk@{version}) or set JAVA_HOME to one."
    )


def _candidates(version: int) -> Iterator[Path]:
    named = os.environ.get("JAVA_HOME")
    if named:
        yield Path(named) / "bin" / "java"
    on_path = shutil.which("java")
    if on_path:
        yield Path(on_path)
    for folder, pattern in _INSTALLED:
        yield from sorted(Path(folder).glob(pattern.format(version)))


def _version(java: Path, run_as: Sequence[str]) -> int | None:
    try:
        done = subprocess.run([*run_as, str(java), "-version"], capture_output=True, text=True, timeout=60, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r'version "([0-9]+)', done.stderr)
    return int(found.group(1)) if done.returncode == 0 and found else None
