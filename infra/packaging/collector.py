"""The collector's Lambda: a folder with its handler, the part of `footfall` it uses, and its packages."""

import shutil
import subprocess
import sys
from pathlib import Path

from infra.packaging.contents import COLLECTOR
from infra.packaging.freshness import fresh
from infra.packaging.sources import source_files

HANDLER = "lambdas/collector/handler.handler"


def pack_collector(
    repository: Path,
    *,
    build: Path | None = None,
    platform: str = COLLECTOR.platforms[0],
    python: str = COLLECTOR.python,
) -> Path:
    """Pack the function's folder for a platform (uv's name of it) and a Python, unless it is there already.

    Raises:
        subprocess.CalledProcessError: uv could not get the packages; it has said why.
    """
    requirements = repository / "requirements" / f"{COLLECTOR.requirements}.txt"
    sources = source_files(repository, COLLECTOR)

    def pack(folder: Path) -> None:
        install(requirements, folder, platform, python)
        for place, source in sources.items():
            target = folder / place
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)

    inputs = {"requirements": requirements, **sources}
    folder = (build or repository / "build") / f"collector-{platform}"
    return fresh(folder, inputs, repr((COLLECTOR, platform, python)), pack)


def install(requirements: Path, folder: Path, platform: str, python: str) -> None:
    """Put the packages into the folder as wheels of the platform, without what only an installer needs."""
    command = [str(Path(sys.executable).with_name("uv")), "pip", "install", "--quiet", "--link-mode", "copy"]
    command += ["--target", str(folder), "--python-platform", platform, "--python-version", python]
    command += ["--only-binary", ":all:", "--no-deps", "--require-hashes", "--requirement", str(requirements)]
    subprocess.run(command, check=True)
    (folder / ".lock").unlink(missing_ok=True)
    shutil.rmtree(folder / "bin", ignore_errors=True)
    for leftover in ("RECORD", "REQUESTED", "INSTALLER", "direct_url.json"):
        for path in folder.glob(f"*.dist-info/{leftover}"):
            path.unlink()
