"""The Glue jobs of the lake: their scripts, a zip of our own code, and the wheels of the packages they need.

Glue takes our code as one zip (`--extra-py-files`: pure Python only) and packages as wheels under their own names
(`--additional-python-modules`), so that a run fetches nothing from outside the account.
"""

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Mapping
from pathlib import Path

from infra.packaging.contents import ETL
from infra.packaging.freshness import fresh
from infra.packaging.sources import source_files

ETL_SCRIPT = "etl.py"
UPKEEP_SCRIPT = "upkeep.py"
ERASE_SCRIPT = "erase.py"
CHECK_SCRIPT = "check.py"
SCRIPTS = (ETL_SCRIPT, UPKEEP_SCRIPT, ERASE_SCRIPT, CHECK_SCRIPT)
CODE = "footfall.zip"
WHEELS = "wheels"
EPOCH = (1980, 1, 1, 0, 0, 0)
"""The time of every file in the zip, so that equal sources make equal bytes."""
SOURCE_DATE_EPOCH = "315532800"
"""The same time, for wheels that are built here."""


def pack_etl(repository: Path, *, build: Path | None = None) -> Path:
    """Pack the jobs' folder, unless it is there already: the scripts, `footfall.zip` and `wheels/`.

    Raises:
        subprocess.CalledProcessError: pip could not get the wheels; it has said why.
    """
    requirements = repository / "requirements" / f"{ETL.requirements}.txt"
    scripts = {name: repository / "glue_jobs" / name for name in SCRIPTS}
    sources = source_files(repository, ETL)

    def pack(folder: Path) -> None:
        for name, script in scripts.items():
            shutil.copyfile(script, folder / name)
        write_zip(folder / CODE, sources)
        collect_wheels(folder / WHEELS, requirements)

    inputs = {"requirements": requirements, **scripts, **sources}
    return fresh((build or repository / "build") / "etl", inputs, repr(ETL), pack)


def collect_wheels(target: Path, requirements: Path) -> None:
    """Download the wheels for Glue's machine; what is published as source only is built into one, always the same."""
    pip = [sys.executable, "-m", "pip"]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-deps", "--no-build-isolation"]
    machine = [
        f"--python-version={ETL.python}",
        "--implementation=cp",
        *(f"--platform={name}" for name in ETL.platforms),
    ]
    download = [*pip, "download", *quiet, *machine, "--require-hashes", "--dest", str(target)]
    subprocess.run([*download, "--requirement", str(requirements)], check=True)
    for source in sorted(target.glob("*.tar.gz")):
        build = [*pip, "wheel", *quiet, "--wheel-dir", str(target), str(source)]
        subprocess.run(build, check=True, env={**os.environ, "SOURCE_DATE_EPOCH": SOURCE_DATE_EPOCH})
        source.unlink()


def write_zip(target: Path, files: Mapping[str, Path]) -> None:
    """Write files, by their place, to a zip whose bytes depend on the places and the contents alone."""
    with zipfile.ZipFile(target, "w") as archive:
        for place, source in files.items():
            entry = zipfile.ZipInfo(place, EPOCH)
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, source.read_bytes(), zipfile.ZIP_DEFLATED, 9)
