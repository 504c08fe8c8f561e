"""Who a Java node runs as: OpenSearch refuses root, so root starts it as nobody."""

import hashlib
import os
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from footfall.errors import FootfallError

NOBODY = 65534


def run_as() -> list[str]:
    """A command prefix: become nobody where we are root, and stop when the thread that started it is gone.

    The kernel sends SIGTERM when the starting *thread* ends, so a node is started from a thread that outlives it.
    Where there is no `setpriv` (macOS) the prefix is empty, and a node outlives a parent that is killed by SIGKILL.

    Raises:
        FootfallError: we are root and there is no `setpriv`.
    """
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0:
        return [setpriv, "--pdeathsig", "TERM"] if setpriv else []
    if setpriv is None:
        raise FootfallError(
            "OpenSearch refuses to run as root, and setpriv, which starts it as another user, is missing. "
            "Install util-linux, or run footfall as an ordinary user."
        )
    return [setpriv, f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--pdeathsig", "TERM"]


def reachable(folder: Path) -> bool:
    """Whether the node's user may enter the folder (or, where it does not exist yet, its nearest parent)."""
    if os.geteuid() != 0:
        return True
    while not folder.exists():
        folder = folder.parent
    try:
        tested = subprocess.run([*run_as(), "test", "-x", str(folder), "-a", "-r", str(folder)], check=False)
    except OSError as error:
        raise FootfallError(f"setpriv does not start: {error}. Run footfall as an ordinary user.") from error
    return tested.returncode == 0


def within_reach(folder: Path) -> Path:
    """The folder itself, or, where the node's user may not enter it, one of our own below the temp folder.

    The same folder always gives the same place, so that a node finds its data again.

    Raises:
        FootfallError: the place below the temp folder is somebody else's.
    """
    if reachable(folder):
        return folder
    name = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
    place = Path(tempfile.gettempdir()) / f"footfall-{name}"
    place.mkdir(mode=0o755, exist_ok=True)
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or stat.S_IMODE(found.st_mode) & 0o022:
        raise FootfallError(f"{place} is not ours alone. Remove it, or set FOOTFALL_HOME to a folder others may enter.")
    if not reachable(place):
        raise FootfallError(
            f"user {NOBODY} may enter neither {folder} nor {place}, and OpenSearch does not run as root. "
            "Set FOOTFALL_HOME to a folder that others may enter, such as /var/lib/footfall."
        )
    return place


def give(folder: Path) -> None:
    """Hand a folder, and all that is in it, to the node's user."""
    if os.geteuid() == 0:
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
