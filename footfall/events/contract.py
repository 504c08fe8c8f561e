"""The wire as JSON Schema and as TypeScript: `python -m footfall.events.contract` writes it from the structs."""

import json
from pathlib import Path
from typing import Any

import msgspec

from footfall.events import typescript
from footfall.events.model import Batch
from footfall.events.raw_line import RawLine

FOLDER = Path(__file__).resolve().parents[2] / "contract"
TYPES = Path(__file__).resolve().parents[2] / "tracker" / "src" / "wire.ts"

_ROOTS: dict[str, tuple[type[msgspec.Struct], str]] = {
    "batch.schema.json": (Batch, "A batch of events, as a client sends it"),
    "raw_line.schema.json": (RawLine, "A line of a raw object: one request as it was taken in"),
}


def schemas() -> dict[str, str]:
    """Each schema's file name and text."""
    return {name: _schema(root, title) for name, (root, title) in _ROOTS.items()}


def types() -> str:
    """A batch in TypeScript, for the tracker."""
    return typescript.declarations(msgspec.json.schema(Batch))


def write(folder: Path = FOLDER) -> list[Path]:
    """Write the schemas into a folder. Returns the files."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, text in schemas().items():
        path = folder / name
        path.write_text(text, "utf-8")
        written.append(path)
    return written


def _schema(root: type[msgspec.Struct], title: str) -> str:
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        **msgspec.json.schema(root),
    }
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    TYPES.write_text(types(), "utf-8")
    for path in [*write(), TYPES]:
        print(path)
