"""`footfall tenant`."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
import typer
from moto import mock_aws
from typer.testing import CliRunner

from footfall.cli import tenant
from footfall.errors import FootfallError
from footfall.events.tenant_dynamodb import DynamoDbTenants
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


def test_a_schema_is_added_listed_and_removed(tmp_path: Path) -> None:
    lake = ("--lake", str(tmp_path / "lake"))
    file = tmp_path / "schema.json"
    file.write_text('{"type": "object"}')
    _run("add", "shop", *lake)
    _run("schema", "add", "shop", "purchase", str(file), "--mode", "enforce", *lake)
    assert json.loads(_run("schema", "list", "shop", *lake, "--json")) == [
        {"event": "purchase", "mode": "enforce", "schema": {"type": "object"}}
    ]
    assert "purchase  enforce" in _run("schema", "list", "shop", *lake)
    _run("schema", "remove", "shop", "purchase", *lake)
    assert json.loads(_run("schema", "list", "shop", *lake, "--json")) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["add", "shop", "purchase", "nowhere.json"], "cannot be read"),
        (["add", "shop", "purchase", __file__], "is not JSON"),
        (["add", "shop", "purchase", __file__, "--mode", "perhaps"], "warn, enforce"),
        (["add", "blog", "purchase", __file__], "no tenant is named 'blog'"),
        (["remove", "shop", "purchase"], "it has: none"),
    ],
)
def test_a_schema_that_cannot_be_changed_is_said_in_one_line(tmp_path: Path, arguments: list[str], says: str) -> None:
    _run("add", "shop", "--lake", str(tmp_path / "lake"))
    with pytest.raises(FootfallError, match=says) as refused:
        _run("schema", *arguments, "--lake", str(tmp_path / "lake"))
    assert "\n" not in str(refused.value)


def test_a_key_for_some_events_is_added_listed_replaced_and_ended(tmp_path: Path) -> None:
    lake = ("--lake", str(tmp_path))
    registry = TenantFile(tmp_path / "tenants.toml")
    _run("add", "shop", *lake)
    key = json.loads(_run("add-key", "shop", "--events", "page_view, search", *lake, "--json"))["write_key"]
    found = registry.by_write_key(key, _now())
    assert found is not None
    assert found.event_names == ("page_view", "search")
    limited, unlimited = json.loads(_run("keys", "shop", *lake, "--json"))
    assert (limited["event_names"], limited["ends_at"], unlimited["event_names"]) == (["page_view", "search"], None, [])
    shown = _run("keys", "shop", *lake)
    assert f"{limited['id']}  made: {limited['created_at']}  ends: never  events: page_view, search" in shown
    assert key not in shown

    _run("rotate-key", "shop", "--key", limited["id"], "--overlap-hours", "0", *lake)
    assert registry.by_write_key(key, _now()) is None
    assert f"{unlimited['id']} ends now" in _run("end-key", "shop", unlimited["id"], *lake)
    assert [row["event_names"] for row in json.loads(_run("keys", "shop", *lake, "--json"))] == [
        ["page_view", "search"]
    ]


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "none")
    for name in ("AWS_DEFAULT_REGION", "AWS_REGION", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    with mock_aws():
        boto3.client("dynamodb", region_name="eu-central-1").create_table(
            TableName="tenants",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            BillingMode="PAY_PER_REQUEST",
        )
        yield "tenants"


def test_every_command_works_on_a_table_of_aws(table: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FOOTFALL_TENANTS_TABLE", table)
    here = ("--region", "eu-central-1")
    first = json.loads(_run("add", "shop", *here, "--json"))["write_key"]
    second = json.loads(_run("add-key", "shop", "--events", "buy", *here, "--json"))["write_key"]
    _run("set", "shop", "origins=https://shop.example", *here)
    (tmp_path / "buy.json").write_text('{"type": "object"}')
    _run("schema", "add", "shop", "buy", "buy.json", *here)
    assert "buy  warn" in _run("schema", "list", "shop", *here)
    limited, unlimited = json.loads(_run("keys", "shop", *here, "--json"))
    new = json.loads(_run("rotate-key", "shop", "--key", limited["id"], *here, "--json"))["write_key"]
    _run("end-key", "shop", unlimited["id"], *here)
    assert json.loads(_run("list", *here, "--json"))[0]["keys"] == 2
    assert json.loads(_run("show", "shop", *here, "--json"))["origins"] == ["https://shop.example"]

    registry = DynamoDbTenants(boto3.client("dynamodb", region_name="eu-central-1"), table, time.monotonic)
    found = [registry.by_write_key(key, _now()) for key in (first, second, new)]
    assert [None if tenant is None else tenant.event_names for tenant in found] == [None, ("buy",), ("buy",)]
    _run("schema", "remove", "shop", "buy", *here)
    assert list(tmp_path.iterdir()) == [tmp_path / "buy.json"]


def test_a_table_without_a_region_is_said_in_one_line(table: str, tmp_path: Path) -> None:
    with pytest.raises(FootfallError, match="--region"):
        _run("list", "--table", table)
    with pytest.raises(FootfallError, match="name the table too"):
        _run("list", "--region", "eu-central-1", "--lake", str(tmp_path))
