"""Models as files."""

from pathlib import Path

import pytest

from footfall.errors import FootfallError
from footfall.lake.layout import LocalLake
from footfall.ml.model_store import load_latest, save

FILES = {"model.onnx": b"trees", "encoding.json": b"{}"}


def test_a_saved_model_is_loaded_as_it_was(tmp_path: Path) -> None:
    lake = LocalLake(tmp_path)
    saved = save(lake, "shop", "conversion", FILES, {"goal": "purchase"})

    loaded = load_latest(lake, "shop", "conversion")

    assert (loaded.version, loaded.files, loaded.metadata["goal"]) == (saved.version, FILES, "purchase")
    assert (tmp_path / "models" / "shop" / "conversion" / saved.version / "model.onnx").read_bytes() == b"trees"


def test_the_same_model_has_the_same_version_and_another_has_another(tmp_path: Path) -> None:
    lake = LocalLake(tmp_path)
    first = save(lake, "shop", "conversion", FILES, {"goal": "purchase"})

    assert save(lake, "shop", "conversion", FILES, {"goal": "purchase"}).version == first.version
    assert save(lake, "shop", "conversion", FILES, {"goal": "signup"}).version != first.version
    assert (
        save(lake, "shop", "conversion", {**FILES, "model.onnx": b"other"}, {"goal": "purchase"}).version
        != first.version
    )


def test_the_latest_model_is_the_one_saved_last(tmp_path: Path) -> None:
    lake = LocalLake(tmp_path)
    save(lake, "shop", "conversion", FILES, {"goal": "purchase"})
    save(lake, "shop", "conversion", FILES, {"goal": "signup"})

    assert load_latest(lake, "shop", "conversion").metadata["goal"] == "signup"


def test_no_model_is_one_line_that_says_how_to_get_one(tmp_path: Path) -> None:
    with pytest.raises(FootfallError, match="train one with `footfall train conversion --tenant shop`"):
        load_latest(LocalLake(tmp_path), "shop", "conversion")


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    lake = LocalLake(tmp_path)
    saved = save(lake, "shop", "conversion", FILES, {"goal": "purchase"})
    (tmp_path / "models" / "shop" / "conversion" / saved.version / "model.onnx").write_bytes(b"changed")

    with pytest.raises(FootfallError, match="not as it was saved"):
        load_latest(lake, "shop", "conversion")
