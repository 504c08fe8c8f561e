"""What `make setup` installs, and whether it is there; and whether a lake can be opened."""

import re
from importlib import metadata
from pathlib import Path

from footfall.errors import FootfallError
from footfall.lake.layout import open_lake
from footfall.local.home import local_home
from footfall.local.machine import Need

REPOSITORY = Path(__file__).resolve().parents[2]
SETUP = "run `make setup`"
JARS = {"opensearch": "serving profiles", "spark": "the ETL on Spark"}


def examine_installation() -> list[Need]:
    """The Python packages of every extra, the jars, and, in a checkout, the CDK's command."""
    needs = [python_packages(), *(jars(name, purpose) for name, purpose in JARS.items())]
    return [*needs, cdk()] if (REPOSITORY / "cdk.json").is_file() else needs


def python_packages() -> Need:
    """Every package that footfall names, those of its extras too; versions are what `make setup` pins."""
    wanted = {re.split(r"[^\w.-]", requirement)[0] for requirement in metadata.requires("footfall") or []}
    missing = sorted(name for name in wanted if not is_installed(name))
    remedy = f"{SETUP}; missing are {', '.join(missing)}" if missing else ""
    return Need("Python packages", "everything", f"{len(wanted) - len(missing)} of {len(wanted)}", remedy)


def is_installed(distribution: str) -> bool:
    """Whether a distribution of that name is installed, whatever its version."""
    try:
        metadata.distribution(distribution)
    except metadata.PackageNotFoundError:
        return False
    return True


def jars(name: str, purpose: str) -> Need:
    """The jars below `local_home()`; they are fetched at their first use too."""
    folder = local_home() / name / "jars"
    count = len(list(folder.glob("*.jar")))
    return Need(f"Jars of {name}", purpose, f"{count} in {folder}" if count else "", "" if count else SETUP)


def cdk() -> Need:
    """The CDK's command, in `node_modules`."""
    command = REPOSITORY / "node_modules" / ".bin" / "cdk"
    found = str(command) if command.exists() else ""
    return Need("CDK", "make synth, and deploying", found, "" if found else SETUP)


def examine_lake(root: Path) -> Need:
    """Whether there is a lake of this version in a folder."""
    try:
        lake = open_lake(root)
    except FootfallError as error:
        return Need("Lake", "every command that is given it", "", str(error))
    return Need("Lake", "every command that is given it", str(lake.root), "")
