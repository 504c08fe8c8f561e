"""What is installed is pinned with hashes, each version in one place, and no file names a registry."""

import json
import re
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())
FILES = sorted((REPOSITORY / "requirements").glob("*.txt"))
WANTED = {
    "base": PROJECT["project"]["dependencies"],
    **PROJECT["project"]["optional-dependencies"],
    **PROJECT["dependency-groups"],
    "uv": ["uv"],
}


def pins(file: Path) -> dict[str, tuple[str, int]]:
    """Each package's version and the number of its hashes."""
    found = {}
    for entry in re.split(r"\n(?=\w)", file.read_text()):
        if match := re.match(r"([\w.-]+)==(\S+)", entry):
            found[match[1]] = (match[2], entry.count("--hash=sha256:"))
    return found


def normal(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.split(r"[\[=<>;, ]", requirement)[0]).lower()


def test_there_is_a_file_for_every_extra_and_group() -> None:
    assert {file.stem for file in FILES} == set(WANTED)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_all_that_is_wanted_is_pinned_with_hashes(file: Path) -> None:
    found = pins(file)
    assert {normal(requirement) for requirement in WANTED[file.stem]} <= found.keys()
    assert [name for name, (_, hashes) in found.items() if hashes == 0] == []


def test_a_package_has_one_version_in_all_files() -> None:
    versions: dict[str, set[str]] = {}
    for file in FILES:
        for name, (version, _) in pins(file).items():
            versions.setdefault(name, set()).add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_no_list_names_a_registry(file: Path) -> None:
    assert "://" not in file.read_text()


def test_the_lock_of_node_names_no_registry() -> None:
    lock = json.loads((REPOSITORY / "package-lock.json").read_text())
    # Where a package's authors may be thanked is no place to get it from.
    entries = [{key: value for key, value in entry.items() if key != "funding"} for entry in lock["packages"].values()]
    assert "://" not in json.dumps(entries)


def test_the_lock_of_node_is_of_package_json() -> None:
    package = json.loads((REPOSITORY / "package.json").read_text())
    lock = json.loads((REPOSITORY / "package-lock.json").read_text())
    assert lock["packages"][""]["devDependencies"] == package["devDependencies"]
    assert all("integrity" in entry for name, entry in lock["packages"].items() if name)
