"""The tracker's built files, as the demo shop serves them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from footfall.errors import FootfallError

_NEEDED = ("footfall.js", "snippet.js")


@dataclass(frozen=True)
class TrackerFiles:
    """The scripts (and their maps) by name, and the text that a page has inline."""

    scripts: Mapping[str, bytes]
    snippet: str


def folder() -> Path:
    """Where the built tracker lies: in the installed package, or in a checkout's `tracker/dist`."""
    packaged = Path(__file__).resolve().parents[1] / "tracker"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[3] / "tracker" / "dist"


def read(built: Path) -> TrackerFiles:
    """The files of a folder.

    Raises:
        FootfallError: the tracker was not built into it.
    """
    found = {path.name: path for path in built.glob("*.js*")} if built.is_dir() else {}
    if any(name not in found for name in _NEEDED):
        raise FootfallError(f"the tracker is not built: {built} has no {' and '.join(_NEEDED)}. Build it: make tracker")
    scripts = {name: path.read_bytes() for name, path in found.items() if name.startswith("footfall")}
    return TrackerFiles(scripts, found["snippet.js"].read_text(encoding="utf-8").strip())
