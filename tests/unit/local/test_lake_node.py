import json
import os
from pathlib import Path

import pytest

from footfall.lake.layout import LocalLake
from footfall.local.home import local_home
from footfall.local.lake_node import lake_node, record_of, running_url
from footfall.local.opensearch_node import OpenSearchNode


@pytest.fixture
def lake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalLake:
    monkeypatch.setenv("FOOTFALL_HOME", str(tmp_path / "home"))
    (tmp_path / "home" / "opensearch").mkdir(parents=True)
    return LocalLake(tmp_path / "lake")


def test_a_node_that_another_command_runs_is_used(lake: LocalLake, opensearch_node: OpenSearchNode) -> None:
    _record(lake, opensearch_node.url, opensearch_node.pid, opensearch_node.home)
    with lake_node(lake) as url:
        assert url == opensearch_node.url
    assert running_url(LocalLake(lake.root.with_name("another"))) is None


def test_a_record_of_a_process_that_is_no_node_any_more_is_none(
    lake: LocalLake, opensearch_node: OpenSearchNode
) -> None:
    _record(lake, opensearch_node.url, os.getpid(), opensearch_node.home)
    assert running_url(lake) is None


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"url": 1, "pid": "x", "home": "/"}'])
def test_a_record_that_cannot_be_read_is_none(lake: LocalLake, text: str) -> None:
    record_of(lake).write_text(text)
    assert running_url(lake) is None


def test_the_local_home_is_what_footfall_home_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FOOTFALL_HOME", str(tmp_path))
    assert local_home() == tmp_path


def _record(lake: LocalLake, url: str, pid: int, home: Path) -> None:
    record_of(lake).write_text(json.dumps({"url": url, "pid": pid, "home": str(home)}))
