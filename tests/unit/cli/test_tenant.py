"""`footfall tenant`."""

import json
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from footfall.cli import tenant
from footfall.errors import FootfallError
from footfall.events.tenant_file import TenantFile


def _run(*arguments: str) -> str:
    app = typer.Typer()
    tenant.register(app)
    app.command("another")(lambda: None)
    result = CliRunner().invoke(app, ["tenant", *arguments], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.stdout


def _now() -> int:
    return time.time_ns() // 1_000_000


def test_add_makes_the_lake_and_shows_a_key_that_works(tmp_path: Path) -> None:
    shown = json.loads(_run("add", "shop", "--lake", str(tmp_path / "lake"), "--json"))
    assert set(shown) == {"tenant", "write_key"}
    found = TenantFile(tmp_path / "lake" / "tenants.toml").by_write_key(shown["write_key"], _now())
    assert found is not None
    assert found.name == shown["tenant"] == "shop"


def test_a_name_that_is_malformed_makes_no_lake(tmp_path: Path) -> None:
    with pytest.raises(FootfallError):
        _run("add", "Shop!", "--lake", str(tmp_path / "lake"))
    assert not (tmp_path / "lake").exists()


def test_list_shows_tenants_and_no_keys(tmp_path: Path) -> None:
    key = json.loads(_run("add", "shop", "--lake", str(tmp_path), "--json"))["write_key"]
    for output in (_run("list", "--lake", str(tmp_path)), _run("list", "--lake", str(tmp_path), "--json")):
        assert "shop" in output
        assert key not in output


def test_rotate_key_shows_a_second_key_and_both_work(tmp_path: Path) -> None:
    old = json.loads(_run("add", "shop", "--lake", str(tmp_path), "--json"))["write_key"]
    new = json.loads(_run("rotate-key", "shop", "--lake", str(tmp_path), "--json"))["write_key"]
    registry = TenantFile(tmp_path / "tenants.toml")
    assert old != new
    assert registry.by_write_key(old, _now()) == registry.by_write_key(new, _now()) is not None


def test_without_json_the_key_is_shown_with_a_word_of_warning(tmp_path: Path) -> None:
    output = _run("add", "shop", "--lake", str(tmp_path))
    assert "ffk_" in output
    assert "not shown again" in output


def test_a_folder_that_is_no_lake_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("x")
    for arguments in (["add", "shop"], ["list"], ["rotate-key", "shop"]):
        with pytest.raises(FootfallError):
            _run(*arguments, "--lake", str(tmp_path))


def test_set_changes_settings_and_show_tells_them_without_secrets(tmp_path: Path) -> None:
    key = json.loads(_run("add", "shop", "--lake", str(tmp_path), "--json"))["write_key"]
    settings = ["time_zone=Europe/Berlin", "origins=https://a.example, https://*.b.example", "events_per_second=20"]
    said = json.loads(_run("set", "shop", *settings, "--lake", str(tmp_path), "--json"))
    shown = json.loads(_run("show", "shop", "--lake", str(tmp_path), "--json"))
    (tenant,) = TenantFile(tmp_path / "tenants.toml").all()
    assert said == shown
    assert shown["origins"] == list(tenant.origins) == ["https://a.example", "https://*.b.example"]
    assert (tenant.time_zone, tenant.events_per_second) == ("Europe/Berlin", 20)
    for output in (_run("show", "shop", "--lake", str(tmp_path)), json.dumps(shown)):
        assert "Europe/Berlin" in output
        assert key not in output
        assert tenant.salt not in output
        assert tenant.keys[0].sha256 not in output


def test_of_settings_that_hold_a_wrong_one_none_is_changed(tmp_path: Path) -> None:
    _run("add", "shop", "--lake", str(tmp_path))
    with pytest.raises(FootfallError, match="time_zone"):
        _run("set", "shop", "goal=order", "time_zone=Mars", "--lake", str(tmp_path))
    assert TenantFile(tmp_path / "tenants.toml").all()[0].goal == "purchase"
