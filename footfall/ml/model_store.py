"""Trained models as files: models/<tenant>/<engine>/<version>/, and `latest`, which names the version in use."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from footfall.errors import FootfallError
from footfall.lake.layout import LocalLake

METADATA = "metadata.json"
LATEST = "latest"
FORMAT = 1


@dataclass(frozen=True)
class StoredModel:
    """A model as it was saved: its version (the hash of its content), metadata, and files by name."""

    version: str
    metadata: dict[str, object]
    files: dict[str, bytes]


def version_of(files: dict[str, bytes]) -> str:
    """The hash of a model's files: the same content has the same version."""
    digest = hashlib.sha256()
    for name, content in sorted(files.items()):
        digest.update(f"{name}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()[:16]


def save(
    lake: LocalLake, tenant: str, engine: str, files: dict[str, bytes], metadata: dict[str, object]
) -> StoredModel:
    """Save a model and make it the latest. The same model saved again changes nothing."""
    described = json.dumps({"format": FORMAT, **metadata}, indent=2, sort_keys=True).encode() + b"\n"
    content = {**files, METADATA: described}
    version = version_of(content)
    root = lake.models / tenant / engine
    folder = root / version
    folder.mkdir(parents=True, exist_ok=True)
    for name, data in content.items():
        _write(folder / name, data)
    _write(root / LATEST, f"{version}\n".encode())
    return StoredModel(version, json.loads(described), files)


def load_latest(lake: LocalLake, tenant: str, engine: str) -> StoredModel:
    """The model in use.

    Raises:
        FootfallError: there is none, or its files are not those that were saved.
    """
    root = lake.models / tenant / engine
    if not (root / LATEST).exists():
        raise FootfallError(
            f"{tenant} has no {engine} model yet: train one with `footfall train {engine} --tenant {tenant}`."
        )
    version = (root / LATEST).read_text().strip()
    try:
        content = {path.name: path.read_bytes() for path in sorted((root / version).iterdir())}
    except OSError as error:
        raise FootfallError(f"{root / version} cannot be read: {error}. Train again.") from error
    if version_of(content) != version:
        raise FootfallError(f"{root / version} is not as it was saved (its hash differs): train again.")
    metadata = json.loads(content.pop(METADATA))
    if metadata.get("format") != FORMAT:
        raise FootfallError(f"{root / version} is of another version of footfall: train again.")
    return StoredModel(version, metadata, content)


def _write(path: Path, content: bytes) -> None:
    if path.exists() and path.read_bytes() == content:
        return
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    temporary.write_bytes(content)
    os.replace(temporary, path)
