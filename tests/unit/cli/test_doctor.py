"""`footfall doctor`, and what `make setup` says of a machine that lacks something."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from footfall.cli import doctor as verb
from footfall.lake.layout import open_lake
from footfall.local import installation, machine
from footfall.local.machine import Need

REPOSITORY = Path(__file__).resolve().parents[3]
PROGRAMS = {"java": 'openjdk version "17.0.9" 2023-10-17', "node": "v22.1.0", "mvn": "", "npm": ""}


@pytest.fixture
def programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine whose PATH holds all programs, each saying its version; a test takes away what it likes."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, text in PROGRAMS.items():
        put(folder / name, text)
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    # Javas that lie elsewhere on this machine are no part of the machine of the test.
    monkeypatch.setattr("footfall.local.java._INSTALLED", ())
    return folder


def put(program: Path, says: str) -> None:
    program.write_text(f"#!/bin/sh\necho '{says}' >&2\n")
    program.chmod(program.stat().st_mode | stat.S_IXUSR)


def missing(folder: Path) -> list[str]:
    return [need.name for need in machine.examine(folder) if not need.met]


def run(*arguments: str) -> tuple[int, str]:
    app = typer.Typer()
    verb.register(app)
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.output


def test_a_machine_that_has_all_lacks_nothing(programs: Path) -> None:
    assert missing(programs) == []


@pytest.mark.parametrize(
    ("program", "name"), [("java", "Java 17"), ("mvn", "Maven"), ("node", "Node 20"), ("npm", "npm")]
)
def test_what_is_not_on_the_path_is_missing_and_its_line_says_how_to_get_it(
    programs: Path, program: str, name: str
) -> None:
    (programs / program).unlink()
    assert missing(programs) == [name]
    [line] = machine.report(machine.examine(programs))
    assert line.startswith(f"{name} is missing")
    assert "install" in line


@pytest.mark.parametrize(
    ("program", "says", "name"),
    [
        ("java", 'openjdk version "11.0.2" 2019-01-15', "Java 17"),
        ("java", 'openjdk version "21.0.1" 2023-10-17', "Java 17"),
        ("java", "no version at all", "Java 17"),
        ("node", "v18.20.0", "Node 20"),
        ("node", "what?", "Node 20"),
    ],
)
def test_another_version_is_missing_too(programs: Path, program: str, says: str, name: str) -> None:
    put(programs / program, says)
    assert missing(programs) == [name]


def test_a_disk_that_is_full_is_named(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "DISK_GIB", 10**9)
    assert [name for name in missing(programs) if "disk" in name]


def test_setups_check_needs_nothing_but_pythons_own_library(programs: Path) -> None:
    (programs / "mvn").unlink()
    done = subprocess.run(
        [sys.executable, "-S", "-m", "footfall.local.machine"],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Maven is missing" in done.stderr
    assert "Traceback" not in done.stderr


def test_doctor_prints_every_need_and_exits_1_if_one_is_missing(
    programs: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installation, "examine_installation", lambda: [Need("Jars", "tests", "", "run `make setup`")])
    code, output = run()
    assert code == 1
    assert "missing  Jars" in output
    assert "to get it: run `make setup`" in output
    assert "ok       Maven" in output


def test_doctor_is_content_with_a_machine_that_has_all(programs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(installation, "examine_installation", list)
    assert run()[0] == 0
    code, output = run("--json")
    assert code == 0
    assert json.loads(output)["healthy"] is True
    assert {need["name"] for need in json.loads(output)["needs"]} >= {"Java 17", "Maven", "Node 20", "npm"}


def test_doctor_examines_a_lake_where_it_is_told_one(
    programs: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(installation, "examine_installation", list)
    code, output = run("--lake", str(tmp_path / "none"), "--json")
    [need] = [need for need in json.loads(output)["needs"] if need["name"] == "Lake"]
    assert (code, need["met"]) == (1, False)
    open_lake(tmp_path / "lake", create=True)
    assert run("--lake", str(tmp_path / "lake"))[0] == 0


def test_packages_that_are_not_there_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["pytest>=9", 'no-such-package; extra == "ml"']
    monkeypatch.setattr("importlib.metadata.requires", lambda name: names)
    need = installation.python_packages()
    assert (need.found, need.met) == ("1 of 2", False)
    assert need.remedy.endswith("missing are no-such-package")


def test_jars_are_there_once_they_are_fetched(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("FOOTFALL_HOME", str(tmp_path))
    assert not installation.jars("spark", "Spark").met
    (tmp_path / "spark" / "jars").mkdir(parents=True)
    (tmp_path / "spark" / "jars" / "one.jar").touch()
    assert installation.jars("spark", "Spark").met
