"""`footfall tail`."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from footfall.cli import tail
from footfall.collector.sinks.file import FileSink
from footfall.errors import FootfallError
from footfall.events import raw_line
from footfall.events.raw_line import RawEvent, RawLine, RawRejected
from footfall.events.tenant_file import TenantFile
from footfall.lake.layout import open_lake

NOW = 1_767_225_600_000


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    opened = open_lake(tmp_path / "lake", create=True)
    TenantFile(opened.tenants).add("shop", NOW)
    sink = FileSink(opened.raw, lambda: NOW, sync=False)
    event = RawEvent(0, "e-1", "page_view", "mid", NOW, {"a": 1}, warnings=["schema_mismatch: odd"])
    rejected = RawRejected(1, "event_invalid", "at `$.id`", "\x1b[31m{}\nsecond")
    line = RawLine(1, "r", "shop", NOW, "native", "i", 0, [event], [rejected], visitor="v-1")
    sink.write(raw_line.encoded(line))
    sink.close()
    return opened.root


def _run(*arguments: str) -> str:
    app = typer.Typer()
    tail.register(app)
    app.command("another")(lambda: None)
    result = CliRunner().invoke(app, ["tail", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_what_was_accepted_and_rejected_is_shown_with_what_to_do(lake: Path) -> None:
    accepted, warning, rejected, advice, sent = _run("--lake", str(lake)).splitlines()
    assert accepted == '2026-01-01 00:00:00  shop  accepted  page_view  (mid)  v-1  {"a":1}'
    assert "schema_mismatch: odd" in warning
    assert "REJECTED  event_invalid  at `$.id`" in rejected
    assert "docs/events.md" in advice
    assert "{}" in sent


def test_what_a_client_sent_commands_no_terminal(lake: Path) -> None:
    assert "\x1b" not in _run("--lake", str(lake))


def test_json_is_one_object_an_event(lake: Path) -> None:
    accepted, rejected = [json.loads(line) for line in _run("--lake", str(lake), "--json").splitlines()]
    assert (accepted["accepted"], accepted["name"], accepted["properties"]) == (True, "page_view", {"a": 1})
    assert (rejected["accepted"], rejected["reason"]) == (False, "event_invalid")
    assert rejected["what_to_do"]


@pytest.mark.parametrize(
    ("arguments", "lines"), [(("--lines", "1"), 1), (("--lines", "0"), 0), (("--tenant", "shop"), 2)]
)
def test_as_many_are_shown_as_were_asked_for(lake: Path, arguments: tuple[str, ...], lines: int) -> None:
    assert len(_run("--lake", str(lake), "--json", *arguments).splitlines()) == lines


def test_a_tenant_that_is_unknown_is_refused(lake: Path) -> None:
    with pytest.raises(FootfallError, match="blog"):
        _run("--lake", str(lake), "--tenant", "blog")
