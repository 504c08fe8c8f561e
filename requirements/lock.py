"""Compile the pinned, hashed requirements: one file an extra, all of them taken from one resolution.

Run by `make lock`. The inputs are pyproject.toml's dependencies, extras and dependency groups; the pins of today are
kept unless `--upgrade` is given. The files name no registry, so that each machine uses its own.
"""

import argparse
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

HERE = Path(__file__).resolve().parent
EXTRAS = ("ml", "spark", "infra", "dev")
PACKAGED = {"collector": "3.13", "glue": "3.11"}
"""What runs on AWS, and the Python it runs on there."""
HEADER = "# Compiled by `make lock` from pyproject.toml. Do not edit.\n"


def compile_requirements(wanted: list[str], constraints: Path, output: Path, python: str, *more: str) -> None:
    """Compile requirements to a file; pins that the file holds already are kept.

    Raises:
        subprocess.CalledProcessError: uv found no solution; it has said why.
    """
    command = [str(Path(sys.executable).with_name("uv")), "pip", "compile", "--universal", "--generate-hashes"]
    command += ["--quiet", "--no-header", "--no-emit-index-url", "--no-emit-find-links", "--no-annotate"]
    command += ["--python-version", python, "--constraints", str(constraints), "--output-file", str(output), *more, "-"]
    subprocess.run(command, input="\n".join(wanted), text=True, check=True)


def pins(*files: Path) -> str:
    """The pins of compiled files, without their hashes: constraints for another resolution."""
    lines = [line for file in files if file.exists() for line in file.read_text().splitlines() if "==" in line]
    return "".join(sorted({line.removesuffix(" \\") + "\n" for line in lines}))


def main() -> None:
    """Write every file of requirements/."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    upgrade = parser.parse_args().upgrade
    project = tomllib.loads((HERE.parent / "pyproject.toml").read_text())
    wanted = {"base": project["project"]["dependencies"], **project["project"]["optional-dependencies"]}
    outputs = {name: HERE / f"{name}.txt" for name in ("base", *EXTRAS)}
    with tempfile.TemporaryDirectory() as folder:
        everything, nothing, constraints = (Path(folder, name) for name in ("all.txt", "none.txt", "pins.txt"))
        nothing.touch()
        everything.write_text("" if upgrade else pins(*outputs.values()))
        together = [requirement for name in outputs for requirement in wanted[name]]
        compile_requirements(together, nothing, everything, "3.11", *(["--upgrade"] if upgrade else []))
        constraints.write_text(pins(everything))
        for name, output in outputs.items():
            compile_requirements(wanted[name], constraints, output, "3.11", "--upgrade")
        for name, python in PACKAGED.items():
            output = outputs[name] = HERE / f"{name}.txt"
            compile_requirements(project["dependency-groups"][name], constraints, output, python, "--upgrade")
        output = outputs["uv"] = HERE / "uv.txt"
        compile_requirements(["uv"], constraints, output, "3.11", "--upgrade")
    for output in outputs.values():
        output.write_text(HEADER + output.read_text())


if __name__ == "__main__":
    main()
