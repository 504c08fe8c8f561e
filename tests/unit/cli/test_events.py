"""`footfall events`, and the catalogue that it shows."""

import json
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from footfall.cli import events
from footfall.collector.sinks.file import FileSink
from footfall.events import event_schemas, raw_line
from footfall.events.raw_line import RawEvent, RawLine
from footfall.events.tenant_file import TenantFile
from footfall.lake.layout import open_lake

NOW = 1_767_225_600_000


@pytest.fixture
def lake(tmp_path: Path) -> Path:
    opened = open_lake(tmp_path / "lake", create=True)
    registry = TenantFile(opened.tenants)
    for name in ("blog", "shop"):
        registry.add(name, NOW)
    registry.update("shop", lambda tenant: event_schemas.add(tenant, "cart", "warn", "{}"))
    sink = FileSink(opened.raw, lambda: NOW, sync=False)
    values = [1, 1.5, "2", None, True]
    made = [RawEvent(n, f"e-{n}", "cart", "high", NOW, {"value": value, "a": n}) for n, value in enumerate(values)]
    made.append(RawEvent(9, "e-9", "view\x1b", "mid", NOW, warnings=["schema_mismatch: x"]))
    for tenant in ("shop", "blog", "gone"):
        sink.write(raw_line.encoded(RawLine(1, "r", tenant, NOW, "native", "i", 0, made)))
    sink.close()
    (opened.raw / "2026/01/01/00/0-broken.json.gz").write_bytes(b"nonsense")
    return opened.root


def _run(*arguments: str) -> str:
    app = typer.Typer()
    events.register(app)
    app.command("another")(lambda: None)
    result = CliRunner().invoke(app, ["events", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_names_without_a_schema_and_drifting_properties_are_told(lake: Path) -> None:
    rows = json.loads(_run("--lake", str(lake), "--json"))
    assert [(row["tenant"], row["name"], row["declared"], row["events"]) for row in rows] == [
        ("blog", "cart", False, 5),
        ("blog", "view\x1b", False, 1),
        ("shop", "cart", True, 5),
        ("shop", "view\x1b", False, 1),
    ]
    assert rows[2]["properties"] == {"value": {"number": 2, "text": 1, "boolean": 1}, "a": {"number": 5}}
    assert rows[2]["drifting"] == ["value"]
    assert rows[3]["warnings"] == 1


def test_a_tenant_is_shown_alone_and_in_words(lake: Path) -> None:
    shown = _run("--lake", str(lake), "--tenant", "shop")
    assert "blog" not in shown
    assert "'cart'  5  has a schema" in shown
    assert "'value' comes as more than one type: 1 boolean, 2 number, 1 text" in shown
    assert "\x1b" not in shown
