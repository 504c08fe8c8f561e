"""The browser scripts that the benches measure: ours as it was built, and others bundled from npm in the same run."""

import subprocess
import tarfile
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[1]
TRACKER = REPOSITORY / "tracker"
UMAMI = "umami@2.10.0"
DIST = TRACKER / "dist"
ALTERNATIVES = REPOSITORY / "bench" / "alternatives" / "scripts"


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
    command = [
        str(REPOSITORY / "node_modules" / ".bin" / "esbuild"),
        str(entry),
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


def umami(folder: Path) -> bytes:
    """Umami's tracker. Its npm package is the whole application in source, so it is not among what `npm ci` installs.

    Args:
        folder: where to fetch it to, once.
    """
    source = folder / UMAMI / "package" / "src" / "tracker" / "index.js"
    if not source.exists():
        folder.mkdir(parents=True, exist_ok=True)
        pack = ["npm", "pack", "--silent", UMAMI]
        name = subprocess.run(pack, cwd=folder, check=True, capture_output=True, text=True).stdout.split()[-1]
        with tarfile.open(folder / name) as archive:
            archive.extract("package/src/tracker/index.js", folder / UMAMI, filter="data")
    return bundle(source)
