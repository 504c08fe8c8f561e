"""The import rules of docs/development.md: which part may use which; and importing does nothing."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

ALLOWED = {
    "errors": set(),
    "events": {"errors"},
    "protocols": {"errors", "events"},
    "collector": {"errors", "events", "protocols"},
    "lake": {"errors", "events"},
    "etl": {"errors", "events", "lake"},
    "query": {"errors", "events", "lake"},
    "ml": {"errors", "events", "lake", "query"},
    "profiles": {"errors", "events", "lake", "query"},
    "api": {"errors", "events", "protocols", "collector", "lake", "etl", "query", "ml", "profiles"},
}
"""A subpackage of `footfall`, and those it may use. `local` and `cli` may use all; only `cli` may use `local`."""
ALLOWED["local"] = {*ALLOWED, "local"}
ALLOWED["cli"] = {*ALLOWED, "cli"}
DEPLOYED = set(ALLOWED) - {"local", "cli"}
RUNS = {"footfall", "lambdas", "glue_jobs", "bench", "tests", "boto3", "botocore", "duckdb", "pyspark", "pyarrow"}
"""What infra may not import: it describes, and runs nothing."""
HEAVY = {
    "boto3",
    "duckdb",
    "lightgbm",
    "onnxruntime",
    "opensearchpy",
    "pandas",
    "pyarrow",
    "pyiceberg",
    "pyspark",
    "sklearn",
    "uvicorn",
}
"""What `footfall --help` must not wait for."""


def sources(*folders: str) -> list[Path]:
    return [path for folder in folders for path in sorted((REPOSITORY / folder).rglob("*.py"))]


def imported(path: Path) -> Iterator[str]:
    """The full names of all modules that a file imports, wherever in the file."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: say the whole name instead of a relative one"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part(module: str) -> str:
    """The part of `footfall` that a module belongs to; the package itself is no part."""
    names = module.split(".")
    return names[1] if names[0] == "footfall" and len(names) > 1 else ""


def relative(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


@pytest.mark.parametrize("path", sources("footfall"), ids=relative)
def test_a_part_of_footfall_uses_only_what_it_may(path: Path) -> None:
    own = path.relative_to(REPOSITORY / "footfall").parts[0].removesuffix(".py")
    allowed = ALLOWED.get(own, set()) | {own, "", "__version__"}
    modules = list(imported(path))
    assert [module for module in modules if part(module) not in allowed] == []
    outside = {"lambdas", "glue_jobs", "infra", "bench", "tests"} - (
        {"lambdas", "glue_jobs"} if own in {"local", "cli"} else set()
    )
    assert [module for module in modules if module.split(".")[0] in outside] == []


@pytest.mark.parametrize("path", sources("lambdas", "glue_jobs"), ids=relative)
def test_deployed_code_uses_footfall_and_no_other_deployed_code(path: Path) -> None:
    folder, own = path.relative_to(REPOSITORY).parts[:2]
    for module in imported(path):
        names = module.split(".")
        if names[0] == "footfall":
            assert part(module) in DEPLOYED, module
        assert names[0] not in {"infra", "bench", "tests"}, module
        if names[0] in {"lambdas", "glue_jobs"}:
            assert (folder, names[:2]) == ("lambdas", ["lambdas", own]), module


@pytest.mark.parametrize("path", [*sources("infra"), REPOSITORY / "app.py"], ids=relative)
def test_infra_imports_nothing_that_runs(path: Path) -> None:
    assert [module for module in imported(path) if module.split(".")[0] in RUNS] == []


@pytest.mark.parametrize("path", sources("footfall", "lambdas", "glue_jobs", "infra"), ids=relative)
def test_tests_and_benchmarks_are_used_by_nobody(path: Path) -> None:
    assert [module for module in imported(path) if module.split(".")[0] in {"tests", "bench"}] == []


def test_every_part_of_footfall_has_a_rule() -> None:
    parts = {path.name.removesuffix(".py") for path in (REPOSITORY / "footfall").iterdir() if path.name[0] not in "._"}
    assert parts <= set(ALLOWED)


WATCHED = """
import importlib, os, pkgutil, sys, threading
from pathlib import Path

ours = str(Path(sys.argv[1]) / "footfall")
found = []

def blame(what):
    frame = sys._getframe(2)
    while frame is not None and frame.f_code.co_filename in ("<frozen os>", "<frozen _collections_abc>"):
        frame = frame.f_back
    if frame is not None and frame.f_code.co_filename.startswith(ours):
        found.append(f"{frame.f_code.co_filename}:{frame.f_lineno} {what}")

read = os._Environ.__getitem__

def watched(self, name):
    blame(f"reads the environment ({name})")
    return read(self, name)

os._Environ.__getitem__ = watched
STARTS = {"subprocess.Popen", "socket.connect", "socket.bind", "os.mkdir", "os.remove", "os.rename", "shutil.rmtree"}

def audit(event, arguments):
    if event in STARTS:
        frame = sys._getframe(1)
        while frame is not None and not frame.f_code.co_filename.startswith(ours):
            if frame.f_code.co_filename.startswith("<frozen importlib"):
                return  # something that another package does as it is imported
            frame = frame.f_back
        if frame is not None:
            found.append(f"{frame.f_code.co_filename}:{frame.f_lineno} {event}")

sys.addaudithook(audit)
import footfall
threads = threading.active_count()
for module in pkgutil.walk_packages(footfall.__path__, "footfall."):
    importlib.import_module(module.name)
    if threading.active_count() > threads:
        threads = threading.active_count()
        found.append(f"{module.name} starts a thread")
print("\\n".join(found))
"""
"""Imports every module, and prints each line of ours that reads the environment or starts something meanwhile."""


def run_watched(repository: Path) -> str:
    command = [sys.executable, "-W", "ignore", "-c", WATCHED, str(repository)]
    done = subprocess.run(command, capture_output=True, text=True, cwd=repository, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_importing_a_module_reads_no_environment_and_starts_nothing() -> None:
    assert run_watched(REPOSITORY) == ""


def test_a_module_that_does_something_when_imported_is_found(tmp_path: Path) -> None:
    package = tmp_path / "footfall"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "hasty.py").write_text(
        "import os, subprocess\nos.environ.get('HOME')\nsubprocess.run(['true'])\nos.makedirs('made')\n"
    )
    lines = run_watched(tmp_path).splitlines()
    places = {line.split(" ")[0].rpartition("/")[2] for line in lines}
    assert {"hasty.py:2", "hasty.py:3", "hasty.py:4"} <= places


def test_help_waits_for_no_heavy_package() -> None:
    code = (
        "import sys; import footfall.cli; footfall.cli.build(); print(*sorted({n.split('.')[0] for n in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert HEAVY & set(done.stdout.split()) == set()
