"""The JSON Schemas are those of the structs, and agree with the collector on what is valid."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from footfall.events import contract

CONTRACT = Path(__file__).resolve().parents[2] / "contract"
VALID = sorted((CONTRACT / "examples" / "valid").glob("*.json"))


@pytest.mark.parametrize("name", ["batch.schema.json", "raw_line.schema.json"])
def test_a_schema_in_the_repository_is_fresh(name: str) -> None:
    written = (CONTRACT / name).read_text("utf-8")
    assert written == contract.schemas()[name], "run: python -m footfall.events.contract"


def test_the_trackers_types_are_fresh() -> None:
    assert contract.TYPES.read_text("utf-8") == contract.types(), "run: python -m footfall.events.contract"


def test_no_schema_is_forgotten(tmp_path: Path) -> None:
    assert {path.name for path in contract.write(tmp_path)} == {path.name for path in CONTRACT.glob("*.schema.json")}


@pytest.mark.parametrize("path", VALID, ids=lambda path: path.stem)
def test_a_valid_example_is_valid_by_the_schema(path: Path) -> None:
    _validator().validate(json.loads(path.read_text("utf-8")))


# The schema cannot say these: they are about text, depth, clocks, keys or sizes.
_BEYOND_THE_SCHEMA = {
    "properties_too_deep",
    "time_in_future",
    "time_too_old",
    "unknown_key",
    "body_too_large",
    "too_many_events",
}


def _invalid_by_shape() -> list[Path]:
    paths = sorted((CONTRACT / "examples" / "invalid").glob("*.json"))
    documents = {path: json.loads(path.read_text("utf-8")) for path in paths}
    return [
        path
        for path, document in documents.items()
        if "body" in document and document["reason"] not in _BEYOND_THE_SCHEMA and not path.stem.startswith("nul_")
    ]


@pytest.mark.parametrize("path", _invalid_by_shape(), ids=lambda path: path.stem)
def test_an_example_of_a_wrong_shape_is_invalid_by_the_schema(path: Path) -> None:
    assert not _validator().is_valid(json.loads(path.read_text("utf-8"))["body"])


def _validator() -> Any:
    schema = json.loads((CONTRACT / "batch.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)
