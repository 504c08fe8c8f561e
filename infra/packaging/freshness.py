"""Packs again only what has changed: an artefact's key is the hash of all that it is made of."""

import hashlib
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

KEY = ".key"


def fresh(folder: Path, inputs: Mapping[str, Path], settings: str, pack: Callable[[Path], None]) -> Path:
    """The packed folder, packed anew where it is not of these inputs.

    Args:
        folder: where it is kept; a file beside it holds its key.
        inputs: the files it is made of, by a name that is the same on every machine.
        settings: whatever else it depends on.
        pack: writes the artefact into an empty folder. A pack that fails leaves the folder without a key.
    """
    digest = hashlib.sha256(settings.encode())
    for name, path in inputs.items():
        digest.update(name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    key = folder.with_name(folder.name + KEY)
    if not (folder.is_dir() and key.is_file() and key.read_text() == digest.hexdigest()):
        key.unlink(missing_ok=True)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        pack(folder)
        key.write_text(digest.hexdigest())
    return folder
