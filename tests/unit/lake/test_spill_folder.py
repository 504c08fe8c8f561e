"""What a run spilled goes with the run, however that ended."""

from pathlib import Path

import duckdb
import pytest

from footfall.events import file_lock
from footfall.lake.catalog import open_catalog
from footfall.lake.engines.duckdb import DuckDBEngine
from footfall.lake.engines.spill_folder import SpillFolder
from footfall.lake.layout import open_lake
from tests.faults.killed import end, run_to_its_end


def spill_and_be_killed(parent: Path) -> None:
    folder = SpillFolder(parent)
    (folder.path / "rows").write_text("somebody's")
    end()


def test_what_a_killed_process_spilled_is_removed_by_the_next_and_not_what_a_living_one_did(tmp_path: Path) -> None:
    living = SpillFolder(tmp_path)
    (living.path / "rows").write_text("its own")
    run_to_its_end(spill_and_be_killed, tmp_path, said=tmp_path / "said")
    left = set(tmp_path.glob("footfall-spill-*")) - {living.path}
    assert [(path / "rows").read_text() for path in left] == ["somebody's"]
    mine = SpillFolder(tmp_path)
    assert set(tmp_path.glob("footfall-spill-*")) == {living.path, mine.path}
    assert (living.path / "rows").exists()
    mine.close()
    mine.close()
    living.close()
    assert list(tmp_path.iterdir()) == [tmp_path / "said"]


def test_what_is_of_that_name_and_no_folder_of_ours_does_no_harm(tmp_path: Path) -> None:
    loop = tmp_path / "footfall-spill-loop"
    loop.symlink_to(loop)
    file = tmp_path / "footfall-spill-file"
    file.write_text("")
    SpillFolder(tmp_path).close()
    assert loop.is_symlink()
    assert file.is_file()


def test_a_folder_that_is_taken_for_one_that_was_left_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock, seen = file_lock.lock, list[Path]()

    def late(path: Path, flags: int, *, wait: bool) -> int | None:
        seen.append(path)
        if len(seen) == 1:
            path.rmdir()
        return lock(path, flags, wait=wait)

    monkeypatch.setattr(file_lock, "lock", late)
    folder = SpillFolder(tmp_path)
    assert len(seen) == 2
    assert folder.path.is_dir()
    folder.close()


def test_the_embedded_engine_spills_into_its_folder_and_leaves_none(tmp_path: Path) -> None:
    lake = open_lake(tmp_path / "lake", create=True)
    engine = DuckDBEngine(open_catalog(lake), memory=0.04)
    engine.connection.execute("SET threads = 1")
    told = engine.connection.execute("SELECT current_setting('temp_directory')").fetchone()
    folder = Path(told[0] if told else "")
    engine.connection.execute("CREATE TABLE much AS SELECT range AS x, random() AS y FROM range(4000000)")
    assert any(folder.iterdir())
    engine.close()
    assert not folder.exists()
    with pytest.raises(duckdb.ConnectionException):
        engine.rows("select 1")
