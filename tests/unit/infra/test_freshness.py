"""What is packed is packed again only when what it is made of has changed."""

from pathlib import Path

import pytest

from infra.packaging.freshness import fresh


def test_equal_inputs_are_packed_once_and_other_ones_anew(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.write_text("one")
    packed: list[str] = []

    def pack(folder: Path) -> None:
        assert list(folder.iterdir()) == []
        packed.append(source.read_text())
        (folder / "copy").write_text(source.read_text())

    def again(settings: str = "") -> str:
        return (fresh(tmp_path / "made", {"source": source}, settings, pack) / "copy").read_text()

    assert (again(), again(), packed) == ("one", "one", ["one"])
    source.write_text("two")
    assert (again(), again(), packed) == ("two", "two", ["one", "two"])
    assert (again("other"), packed) == ("two", ["one", "two", "two"])


def test_a_pack_that_failed_is_not_taken_for_packed(tmp_path: Path) -> None:
    def fail(folder: Path) -> None:
        (folder / "half").touch()
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        fresh(tmp_path / "made", {}, "", fail)
    done = fresh(tmp_path / "made", {}, "", lambda folder: (folder / "whole").touch())
    assert [path.name for path in done.iterdir()] == ["whole"]
