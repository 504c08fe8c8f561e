"""The source files that an artefact holds."""

from pathlib import Path

from infra.packaging.contents import Contents

MODULES = ("footfall/__init__.py", "footfall/errors.py")
"""What of `footfall` itself goes with every artefact."""


def source_files(repository: Path, contents: Contents) -> dict[str, Path]:
    """The artefact's own files, Python and the data beside it: from its path in the artefact to the file, by path."""
    found = {module: repository / module for module in MODULES}
    for source, target in contents.folders:
        folder = repository / source
        for path in folder.rglob("*"):
            place = path.relative_to(folder)
            if path.is_file() and path.suffix != ".pyc" and not any(part.startswith(".") for part in place.parts):
                found[f"{target}/{place.as_posix()}"] = path
    return dict(sorted(found.items()))
