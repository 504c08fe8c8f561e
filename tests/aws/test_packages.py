"""Each packed artefact holds only what it may, and really imports with that alone."""

import platform
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from infra.packaging.collector import pack_collector
from infra.packaging.etl import CODE, SCRIPTS, WHEELS, pack_etl
from tests.aws.glue_runtime import IN_GLUE, ON_AWS, only, unpacked

REPOSITORY = Path(__file__).resolve().parents[2]
PYTHON = f"{sys.version_info.major}.{sys.version_info.minor}"
MACHINE = f"{platform.machine()}-{'apple-darwin' if sys.platform == 'darwin' else 'manylinux_2_28'}"


@pytest.fixture(scope="session")
def etl() -> Path:
    """The ETL's folder, as it is deployed."""
    return pack_etl(REPOSITORY)


def run_with(path: list[Path], code: str) -> str:
    """Run code in a Python that sees its own library and this path, nothing else; what it prints."""
    start = f"import sys; sys.path[:0] = {[str(entry) for entry in path]!r}\n{code}"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", start], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def subpackages(names: list[str]) -> set[str]:
    return {name.split("/")[1] for name in names if name.startswith("footfall/") and name.count("/") > 1}


def files_of(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]


def test_the_collector_holds_its_handler_and_three_subpackages() -> None:
    files = files_of(pack_collector(REPOSITORY))
    assert subpackages(files) == {"collector", "events", "protocols"}
    assert {name.split("/")[0] for name in files if name.endswith(".py")} == {
        "footfall",
        "jsonschema_rs",
        "lambdas",
        "msgspec",
    }
    assert {name.split("/")[1] for name in files if name.startswith("lambdas/")} == {"collector"}


def test_the_collectors_native_code_is_for_arm_and_python_3_13() -> None:
    folder = pack_collector(REPOSITORY)
    native = [folder / name for name in files_of(folder) if name.endswith(".so")]
    assert native
    for library in native:
        # The machine that an ELF header names: 183 is AArch64.
        assert int.from_bytes(library.read_bytes()[18:20], "little") == 183, library.name
        assert ".cpython-313-" in library.name or ".abi3." in library.name


def test_the_collector_imports_from_its_folder_alone(tmp_path: Path) -> None:
    folder = pack_collector(REPOSITORY, build=tmp_path / "build", platform=MACHINE, python=PYTHON)
    code = """
import importlib, pkgutil
module = importlib.import_module("lambdas.collector.handler")
import footfall
for found in pkgutil.walk_packages(footfall.__path__, "footfall."):
    importlib.import_module(found.name)
print(callable(module.handler), footfall.__file__)
"""
    assert run_with([folder, only(tmp_path / "image", ON_AWS)], code) == f"True {folder}/footfall/__init__.py\n"


def test_the_etl_holds_its_models_and_three_subpackages(etl: Path) -> None:
    names = zipfile.ZipFile(etl / CODE).namelist()
    assert subpackages(names) == {"etl", "events", "lake"}
    models = {path.name for path in (REPOSITORY / "glue_jobs" / "models").glob("*.sql")}
    assert {name.split("/")[-1] for name in names if name.endswith(".sql")} == models
    assert all(name.startswith("footfall/") for name in names)


@pytest.mark.parametrize("script", SCRIPTS)
def test_each_script_starts_with_its_zip_and_its_wheels_alone(etl: Path, tmp_path: Path, script: str) -> None:
    wheels = unpacked(etl / WHEELS, tmp_path / "wheels")
    code = f"""
import runpy
sys.argv = [{script!r}, "--help"]
try:
    runpy.run_path({str(etl / script)!r}, run_name="__main__")
except SystemExit as stop:
    assert stop.code == 0, stop.code
from footfall.etl.models import model
print(len(model("sessions")) > 0)
"""
    path = [etl / CODE, wheels, only(tmp_path / "image", IN_GLUE)]
    assert run_with(path, code).endswith("True\n")


def test_every_package_of_the_etl_is_a_wheel(etl: Path) -> None:
    pinned = [line for line in (REPOSITORY / "requirements" / "glue.txt").read_text().splitlines() if "==" in line]
    found = list((etl / WHEELS).iterdir())
    assert {path.suffix for path in found} == {".whl"}
    assert len(found) == len(pinned)


def test_equal_sources_make_equal_bytes(etl: Path, tmp_path: Path) -> None:
    again = pack_etl(REPOSITORY, build=tmp_path)
    assert {name: (etl / name).read_bytes() for name in files_of(etl)} == {
        name: (again / name).read_bytes() for name in files_of(again)
    }


def test_what_is_packed_already_is_not_packed_again(etl: Path) -> None:
    before = (etl / CODE).stat().st_mtime_ns
    pack_etl(REPOSITORY)
    assert (etl / CODE).stat().st_mtime_ns == before
