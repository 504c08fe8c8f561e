"""`footfall import`: what it makes, and what it says."""

import json
import re
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from footfall.cli import import_, tenant
from footfall.errors import FootfallError
from footfall.protocols.csv_plan import TARGETS
from footfall.protocols.log_formats import FORMATS
from footfall.protocols.log_request import PAGE_EXTENSIONS
from footfall.protocols.time_formats import NAMES

REPOSITORY = Path(__file__).parents[3]
GOOD = '192.0.2.77 - - [17/May/2015:10:05:03 +0000] "GET /a HTTP/1.1" 200 512 "-" "Mozilla"\n'
CSV = "who,when,price\nv1,2024-03-13,9.50\nv2,soon,1\n"
MAPPED = ("--map", "visitor=who", "--map", "time=when", "--map", "value=price", "--event", "purchase")


def run(*arguments: object) -> Result:
    app = typer.Typer()
    tenant.register(app)
    import_.register(app)
    return CliRunner().invoke(app, [str(argument) for argument in arguments])


def problem(*arguments: object) -> str:
    result = run(*arguments)
    assert isinstance(result.exception, FootfallError), result.output
    assert "\n" not in str(result.exception)
    return str(result.exception)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "access.log"
    path.write_text(GOOD * 2 + GOOD[:-2] + "\n")
    return path


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "rows.csv"
    path.write_text(CSV)
    return path


def test_a_new_tenant_is_made_and_said(log: Path, tmp_path: Path) -> None:
    said = run("import", "access-log", log, "--tenant", "blog", "--lake", tmp_path / "lake").output
    assert f"Tenant blog is new: added to the lake {tmp_path / 'lake'}." in said
    assert "Its write key: ffk_" in said
    assert "3 lines: 2 events (2 page_view), 1 rejected." in said
    assert "the first: line 3 of access.log: a quote is not closed" in said


def test_the_same_file_again_is_said_to_be_there(log: Path, tmp_path: Path) -> None:
    run("import", "access-log", log, "--tenant", "blog", "--lake", tmp_path / "lake")
    again = run("import", "access-log", log, "--lake", tmp_path / "lake").output
    assert again.startswith(f"{log} is already imported: nothing was written.\n3 lines: 2 events")
    assert "is new" not in again


def test_a_program_reads_json(table: Path, tmp_path: Path) -> None:
    said = run("import", "csv", table, *MAPPED, "--tenant", "shop", "--lake", tmp_path / "lake", "--json").stdout
    report = json.loads(said)
    assert report["settings"]["delimiter"] == ","
    assert report["tenant_is_new"]
    assert (report["lines"], report["headings"], report["events"], report["rejected"]) == (3, 1, 1, 1)
    assert (report["names"], report["reasons"]) == ({"purchase": 1}, {"line_unreadable": 1})
    assert (report["objects_written"], report["already_imported"]) == (1, False)


def test_without_a_name_the_only_tenant_is_taken(log: Path, tmp_path: Path) -> None:
    run("tenant", "add", "blog", "--lake", tmp_path / "lake")
    result = run("import", "access-log", log, "--lake", tmp_path / "lake", "--json")
    assert json.loads(result.stdout)["tenant"] == "blog"


def test_of_several_tenants_one_must_be_named(log: Path, tmp_path: Path) -> None:
    for name in ("a", "b"):
        run("tenant", "add", name, "--lake", tmp_path / "lake")
    assert "say which tenant with --tenant NAME; this lake has: a, b." in problem(
        "import", "access-log", log, "--lake", tmp_path / "lake"
    )


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("access-log", "{folder}/missing"), "there is no file"),
        (("access-log", "{folder}"), "is a folder"),
        (("access-log", "{folder}/rows.csv"), "rows.csv: its first 3 lines are of no known access log"),
        (("access-log", "{folder}/access.log", "--format", "iis"), "no access log format is named 'iis'"),
        (("access-log", "{folder}/access.log", "--host", "https://x"), "is no host"),
        (("access-log", "{folder}/access.log", "--tenant", "No Name"), "cannot name a tenant"),
        (("csv", "{folder}/rows.csv", "--map", "visitr=who"), "there is no 'visitr'"),
        (("csv", "{folder}/rows.csv", "--map", "visitor=who"), "no column is mapped to time"),
        (
            ("csv", "{folder}/rows.csv", *MAPPED[2:], "--map", "visitor=whom"),
            "no column 'whom'; the columns are",
        ),
        (("csv", "{folder}/rows.csv", *MAPPED, "--time-zone", "Mars"), "no time zone is named 'Mars'"),
        (("csv", "{folder}/damaged.gz", *MAPPED), "damaged.gz is damaged gzip"),
    ],
)
def test_what_cannot_be_imported_is_told_and_leaves_no_lake(
    log: Path, table: Path, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    (tmp_path / "damaged.gz").write_bytes(b"\x1f\x8b\x08\0broken")
    filled = [argument.format(folder=tmp_path) for argument in arguments]
    tenant_name = () if "--tenant" in filled else ("--tenant", "blog")
    assert said in problem("import", *filled, *tenant_name, "--lake", tmp_path / "lake")
    assert not (tmp_path / "lake").exists()


def test_a_lake_that_is_not_there_is_made_only_with_a_tenant(log: Path, tmp_path: Path) -> None:
    assert "add --tenant NAME" in problem("import", "access-log", log, "--lake", tmp_path / "lake")


def test_the_summary_counts_headings_apart(table: Path, tmp_path: Path) -> None:
    said = run("import", "csv", table, *MAPPED, "--tenant", "shop", "--lake", tmp_path / "lake").output
    assert "3 lines: 1 heading, 1 events (1 purchase), 1 rejected." in said


def test_the_docs_name_every_target_format_and_extension() -> None:
    words = set(re.findall(r"[a-z0-9_/-]+", (REPOSITORY / "docs" / "import.md").read_text()))
    assert {*TARGETS, *NAMES, *FORMATS, *PAGE_EXTENSIONS} <= words


@pytest.mark.parametrize("kind", ["access-log", "csv"])
def test_help_has_an_example(kind: str) -> None:
    assert f"footfall import {kind}" in " ".join(run("import", kind, "--help").output.split())
