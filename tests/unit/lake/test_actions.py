"""Operators' actions: written once, listed in order, and never mistaken for events or for sound when they are not."""

from pathlib import Path

import pytest
from msgspec import Struct

from footfall.errors import FootfallError
from footfall.lake.actions import ActionKind, ActionLog, ActionStore, FileActionStore
from footfall.lake.actions_s3 import S3ActionStore
from footfall.lake.raw_store import FileRawStore, RawStore
from footfall.lake.raw_store_s3 import S3RawStore


class Paint(Struct, frozen=True, forbid_unknown_fields=True):
    fence: str
    coats: int = 1


class Mow(Struct, frozen=True, forbid_unknown_fields=True):
    lawn: str


PAINT = ActionKind("paint", Paint)
MOW = ActionKind("mow", Mow)


@pytest.fixture(params=["files", "s3"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[ActionStore, RawStore]:
    if request.param == "files":
        return FileActionStore(tmp_path), FileRawStore(tmp_path)
    bucket = request.getfixturevalue("raw_bucket")
    return S3ActionStore(bucket, "raw/"), S3RawStore(bucket, "raw/")


@pytest.fixture
def log(stores: tuple[ActionStore, RawStore]) -> ActionLog:
    return ActionLog(stores[0])


@pytest.fixture
def files(tmp_path: Path) -> ActionLog:
    return ActionLog(FileActionStore(tmp_path))


def test_what_was_recorded_is_read_back_by_its_kind_in_the_order_of_time(log: ActionLog) -> None:
    late = log.record(PAINT, "shop", 2_000, Paint("north", 2), by="ann")
    early = log.record(PAINT, "blog", 999, Paint("south"))
    mown = log.record(MOW, "shop", 1_500, Mow("front"))
    assert list(log.of(PAINT)) == [early, late]
    assert list(log.of(MOW)) == [mown]
    assert (late.tenant, late.at, late.by, late.body) == ("shop", 2_000, "ann", Paint("north", 2))


def test_the_same_order_recorded_again_is_the_same_action(log: ActionLog) -> None:
    first = log.record(PAINT, "shop", 2_000, Paint("north"))
    assert log.record(PAINT, "shop", 2_000, Paint("north")) == first
    assert list(log.of(PAINT)) == [first]


@pytest.mark.parametrize(
    ("tenant", "at", "body", "by"),
    [
        ("blog", 2_000, Paint("north"), ""),
        ("shop", 2_001, Paint("north"), ""),
        ("shop", 2_000, Paint("north", 2), ""),
        ("shop", 2_000, Paint("north"), "ann"),
    ],
)
def test_an_order_that_differs_is_another_action(files: ActionLog, tenant: str, at: int, body: Paint, by: str) -> None:
    first = files.record(PAINT, "shop", 2_000, Paint("north"))
    assert files.record(PAINT, tenant, at, body, by).id != first.id
    assert len(list(files.of(PAINT))) == 2


def test_no_action_is_listed_among_the_raw_objects(stores: tuple[ActionStore, RawStore]) -> None:
    actions, raw = stores
    ActionLog(actions).record(MOW, "shop", 1, Mow("front"))
    actions.add("actions/stray.json.gz", b"")
    assert list(raw.keys()) == []


def test_an_action_is_one_canonical_json_line_named_by_its_time_and_content(tmp_path: Path) -> None:
    action = ActionLog(FileActionStore(tmp_path)).record(PAINT, "shop", 2_000, Paint("nord-öst"))
    assert (tmp_path / f"actions/000000000002000-{action.id}.json").read_text() == (
        f'{{"at":2000,"body":{{"coats":1,"fence":"nord-öst"}},"by":"","id":"{action.id}","kind":"paint",'
        '"tenant":"shop","version":1}\n'
    )


@pytest.mark.parametrize(
    ("sound", "damaged", "said"),
    [
        (b"north", b"south", "content is not what its id says"),
        (b'"by":"",', b"", "content is not what its id says"),
        (b"}\n", b"} \n", "content is not what its id says"),
        (b'"version":1', b'"version":2', "version 2"),
        (b'"kind"', b'"sort"', "no sound action"),
        (b"}\n", b"", "no sound action"),
    ],
)
def test_an_action_that_was_changed_is_refused(
    tmp_path: Path, files: ActionLog, sound: bytes, damaged: bytes, said: str
) -> None:
    files.record(PAINT, "shop", 2_000, Paint("north"))
    (path,) = (tmp_path / "actions").iterdir()
    path.write_bytes(path.read_bytes().replace(sound, damaged))
    with pytest.raises(FootfallError, match=said):
        list(files.of(PAINT))


def test_an_action_whose_body_is_of_another_shape_is_refused(files: ActionLog) -> None:
    files.record(ActionKind("paint", Mow), "shop", 2_000, Mow("front"))
    with pytest.raises(FootfallError, match="no sound action"):
        list(files.of(PAINT))


def test_an_action_under_another_name_is_refused(tmp_path: Path, files: ActionLog) -> None:
    files.record(MOW, "shop", 2_000, Mow("front"))
    (path,) = (tmp_path / "actions").iterdir()
    path.rename(path.with_name(path.name.replace("2000", "3000", 1)))
    with pytest.raises(FootfallError, match="no sound action"):
        list(files.of(MOW))


def test_a_half_written_action_is_none(tmp_path: Path, files: ActionLog) -> None:
    (tmp_path / "actions").mkdir()
    (tmp_path / "actions" / ".000000000002000-ab.json.7.tmp").write_text("{")
    assert list(files.of(MOW)) == []


def test_an_erasure_removes_the_actions_that_name_somebody_and_no_others(log: ActionLog) -> None:
    log.record(PAINT, "shop", 1_000, Paint("north"))
    stays = log.record(PAINT, "shop", 2_000, Paint("south"))
    mown = log.record(MOW, "shop", 3_000, Mow("north"))
    for expected in (1, 0):
        assert log.erase(PAINT, lambda action: action.body.fence == "north") == expected
        assert (list(log.of(PAINT)), list(log.of(MOW))) == ([stays], [mown])


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "actions").write_text("a file in the way")
    with pytest.raises(FootfallError, match="cannot be written"):
        ActionLog(FileActionStore(tmp_path)).record(MOW, "shop", 2_000, Mow("front"))


def test_a_body_of_another_kind_and_an_impossible_time_are_errors_of_the_caller(files: ActionLog) -> None:
    with pytest.raises(TypeError, match="body of Paint"):
        files.record(PAINT, "shop", 2_000, Mow("front"))  # type: ignore[misc]
    with pytest.raises(ValueError, match="epoch milliseconds"):
        files.record(MOW, "shop", -1, Mow("front"))
