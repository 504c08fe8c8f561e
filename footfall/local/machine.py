"""What this machine must have, what of it is missing, and how to get it.

`make setup` runs this file before anything is installed, so it imports nothing that is not in Python's own library.
"""

import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from footfall.errors import FootfallError
from footfall.local.java import JAVA, find_java

NODE = 20
DISK_GIB = 4
_VERSION = re.compile(r"(\d+)(?:\.\d+)*")


@dataclass(frozen=True)
class Need:
    """One thing that is needed: what for, what was found (empty: nothing), how to get it (empty: it is there)."""

    name: str
    purpose: str
    found: str
    remedy: str

    @property
    def met(self) -> bool:
        """Whether it is there, in a version that fits."""
        return not self.remedy


def said(*command: str) -> str:
    """What a program says, on either stream; empty where it is missing or fails."""
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def python() -> Need:
    """Python 3.11, the version that runs all of this and that Glue has."""
    found = platform.python_version()
    remedy = "" if sys.version_info[:2] == (3, 11) else "delete .venv, install Python 3.11 and run `make setup` again"
    return Need("Python 3.11", "everything", found, remedy)


def java() -> Need:
    """Java 17, and no other: Spark 3.5 runs on none that is newer."""
    try:
        found, remedy = str(find_java()), ""
    except FootfallError:
        found = shutil.which("java") or ""
        remedy = (
            f"install a JDK {JAVA} (Debian 12, Ubuntu: openjdk-{JAVA}-jre-headless; Homebrew: openjdk@{JAVA}; "
            f"SDKMAN: `sdk install java {JAVA}-tem`), and set JAVA_HOME to it where it is not the default"
        )
    return Need(f"Java {JAVA}", "OpenSearch and Spark", found, remedy)


def maven() -> Need:
    """Maven, which fetches the jars of OpenSearch and Spark."""
    found = shutil.which("mvn") or ""
    remedy = "" if found else "install Maven 3.8 or newer (Debian, Homebrew: maven; SDKMAN: `sdk install maven`)"
    return Need("Maven", "fetching the jars of OpenSearch and Spark", found, remedy)


def node() -> Need:
    """Node, which runs the CDK."""
    text = said("node", "--version")
    match = _VERSION.search(text)
    fits = match is not None and int(match[1]) >= NODE
    remedy = "" if fits else f"install Node {NODE} or newer (nvm: `nvm install {NODE}`; Homebrew: node)"
    return Need(f"Node {NODE}", "the CDK (make synth)", text, remedy)


def npm() -> Need:
    """The npm that comes with Node."""
    found = shutil.which("npm") or ""
    return Need("npm", "installing the CDK's command", found, "" if found else "install npm; Node's packages bring it")


def disk(folder: Path) -> Callable[[], Need]:
    """A check that enough room is left where the repository (and so what it installs and builds) is."""

    def check() -> Need:
        free = shutil.disk_usage(folder).free / 2**30
        remedy = "" if free >= DISK_GIB else f"make room: {DISK_GIB} GiB are needed below {folder}"
        return Need(f"{DISK_GIB} GiB of disk", "what is installed, and a lake", f"{free:.1f} GiB free", remedy)

    return check


def examine(folder: Path) -> list[Need]:
    """Everything that must be on the machine before `make setup` can work, looked at one by one (about 0.2 s)."""
    return [check() for check in (python, java, maven, node, npm, disk(folder))]


def report(needs: list[Need]) -> list[str]:
    """A line for each need that is not met: what is missing, what for, and how to get it."""
    return [
        f"{need.name} is missing{f' (found {need.found})' if need.found else ''}: it is needed for {need.purpose}. "
        f"To get it: {need.remedy}."
        for need in needs
        if not need.met
    ]


def main() -> int:
    """Say what is missing, and nothing where all is there."""
    missing = report(examine(Path.cwd()))
    for line in missing:
        print(line, file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
