"""A lake's folder."""

from pathlib import Path

import pytest

from footfall.errors import FootfallError
from footfall.lake.layout import open_lake
from footfall.lake.raw_store import FileRawStore


def test_a_lake_is_made_once_and_opened_again(tmp_path: Path) -> None:
    made = open_lake(tmp_path / "lake", create=True)
    assert open_lake(tmp_path / "lake") == made


@pytest.mark.parametrize(
    ("registry", "said"),
    [
        (None, "is no lake"),
        ("format = 2\n", "format 2"),
        ("", "format None"),
        ("format = [", "cannot be read"),
    ],
)
def test_what_is_no_lake_of_this_version_is_refused(tmp_path: Path, registry: str | None, said: str) -> None:
    if registry is not None:
        (tmp_path / "tenants.toml").write_text(registry)
    with pytest.raises(FootfallError, match=said):
        open_lake(tmp_path)


def test_a_folder_with_other_things_in_it_is_not_made_a_lake(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("dear")
    with pytest.raises(FootfallError, match="neither a lake nor an empty folder"):
        open_lake(tmp_path, create=True)


def test_raw_objects_are_listed_in_order_and_open_files_are_none(tmp_path: Path) -> None:
    for name in ("2025/10/09/12/b.json.gz", "2025/10/09/11/a.json.gz", "import/c.json.gz", "open/d.json.gz", "e.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    store = FileRawStore(tmp_path)
    assert list(store.keys()) == ["2025/10/09/11/a.json.gz", "2025/10/09/12/b.json.gz", "import/c.json.gz"]
    assert store.read("import/c.json.gz") == b"import/c.json.gz"
