"""The browser scripts that the benches measure: ours as it was built, and others bundled from npm in the same run."""

import subprocess
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
DIST = REPOSITORY / "tracker" / "dist"
ALTERNATIVES = REPOSITORY / "bench" / "alternatives"


def build_ours() -> None:
    """Build the tracker into `tracker/dist`."""
    subprocess.run(
        ["npm", "run", "--silent", "build"], cwd=REPOSITORY / "tracker", check=True, stdout=subprocess.DEVNULL
    )


def bundle(entry: Path, *options: str) -> bytes:
    """A script and all it imports, minified, as a page would load it.

    Args:
        entry: a module; what it imports is taken from `node_modules`.
        options: further ones of esbuild's.
    """
    command: list[str | Path] = [
        REPOSITORY / "node_modules" / ".bin" / "esbuild",
        entry,
        "--bundle",
        "--minify",
        "--format=iife",
        "--target=es2020",
        "--legal-comments=none",
        "--log-level=error",
        '--define:process.env.NODE_ENV="production"',
        *options,
    ]
    return subprocess.run(command, cwd=REPOSITORY, check=True, capture_output=True).stdout
