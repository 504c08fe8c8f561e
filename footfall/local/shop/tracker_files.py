"""The tracker's built files, as the demo shop serves them."""

from pathlib import Path

from footfall.errors import FootfallError

SNIPPET = "window.ff=window.ff||function(){(ff.q=ff.q||[]).push([Date.now(),...arguments])};"
"""What a page has inline: it keeps the calls that are made before the tracker is there."""

_NEEDED = "footfall.js"


def folder() -> Path:
    """Where the built tracker lies: in the installed package, or in a checkout's `tracker/dist`."""
    packaged = Path(__file__).resolve().parents[1] / "tracker"
    return packaged if packaged.is_dir() else Path(__file__).resolve().parents[3] / "tracker" / "dist"


def read(built: Path) -> dict[str, bytes]:
    """The scripts of a folder (and their maps), by name.

    Raises:
        FootfallError: the tracker was not built into it.
    """
    if not (built / _NEEDED).is_file():
        raise FootfallError(f"the tracker is not built: {built} has no {_NEEDED}. Build it: make tracker")
    return {path.name: path.read_bytes() for path in built.glob("footfall*.js*")}
