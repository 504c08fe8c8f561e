"""Jars, fetched by Maven from a pom that the project keeps."""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from footfall.errors import FootfallError

POMS = Path(__file__).parent / "poms"

_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"
_STAMP = "fetched.json"


def fetch_jars(pom: Path, target: Path, progress: Callable[[str], None] | None = None) -> list[Path]:
    """The jars of a pom's runtime dependencies, in a folder that holds nothing else.

    Where the folder has them already, made from a pom of the same bytes, Maven is not started. A folder is replaced
    as a whole, so a fetch that was killed leaves nothing half done; two processes that ask at once fetch once.

    Args:
        pom: the pom; each version in it is exact.
        target: the folder; made, and replaced when the pom has changed.
        progress: told in a line when a fetch begins.

    Returns:
        The jars, by name.

    Raises:
        FootfallError: Maven is missing, or it could not fetch them.
    """
    digest = hashlib.sha256(pom.read_bytes()).hexdigest()
    found = _fetched(target, digest)
    if found is not None:
        return found
    target.parent.mkdir(parents=True, exist_ok=True)
    with (target.parent / f"{target.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = _fetched(target, digest)
        if found is not None:
            return found
        if progress is not None:
            progress(f"fetching the jars of {pom.stem} by Maven (once) ...")
        with tempfile.TemporaryDirectory(dir=target.parent, prefix=f"{target.name}-") as folder:
            fetched = Path(folder) / "jars"
            _copy_dependencies(pom, fetched)
            jars = {path.name: path.stat().st_size for path in sorted(fetched.glob("*.jar"))}
            (fetched / _STAMP).write_text(json.dumps({"pom": digest, "jars": jars}, indent=1))
            shutil.rmtree(target, ignore_errors=True)
            fetched.rename(target)
    return [target / name for name in jars]


def _fetched(target: Path, digest: str) -> list[Path] | None:
    try:
        stamp = json.loads((target / _STAMP).read_text())
        if stamp["pom"] != digest or any(
            (target / name).stat().st_size != size for name, size in stamp["jars"].items()
        ):
            return None
    except (OSError, ValueError, KeyError):
        return None
    return [target / name for name in stamp["jars"]]


def _copy_dependencies(pom: Path, target: Path) -> None:
    maven = shutil.which("mvn")
    if maven is None:
        raise FootfallError(
            "Maven (mvn) is missing, and the Java libraries are fetched by it. "
            "Install it (Debian, Ubuntu: apt install maven; macOS: brew install maven) and run this again."
        )
    command = [maven, "--batch-mode", "--quiet", "--strict-checksums", "-Dstyle.color=never", "--file", str(pom)]
    command += [_PLUGIN, "-DincludeScope=runtime", f"-DoutputDirectory={target}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "LC_ALL": "C"})
    if done.returncode != 0 or not any(target.glob("*.jar")):
        said = next((line for line in (done.stdout + done.stderr).splitlines() if "ERROR" in line), "no reason given")
        raise FootfallError(
            f"Maven could not fetch the jars of {pom}: {said.removeprefix('[ERROR] ')[:400]} "
            "Check the network (and ~/.m2/settings.xml behind a proxy) and that `mvn -v` works, and run this again."
        )
