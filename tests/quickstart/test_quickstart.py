"""Every command of docs/quickstart.md runs, in its order, in an empty folder."""

import os
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
QUICKSTART = REPOSITORY / "docs" / "quickstart.md"
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(kind: str) -> list[str]:
    """The fenced blocks of a kind."""
    return [text for found, text in _BLOCK.findall(QUICKSTART.read_text("utf-8")) if found == kind]


def commands() -> list[str]:
    """The commands of the console blocks."""
    lines = [line for text in blocks("console") for line in text.splitlines()]
    return [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]


def free_port() -> str:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return str(found.getsockname()[1])


@pytest.mark.opensearch
@pytest.mark.timeout(1_200)
def test_every_command_of_the_quickstart_runs(tmp_path: Path) -> None:
    script = "\n".join(["set -euxo pipefail", *commands()]).replace("8080", free_port())
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        timeout=1_100,
        check=False,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said
    assert '"accepted":2,"rejected":0' in done.stdout
    assert '"accepted":1,"rejected":1' in done.stdout
    assert "event_invalid" in done.stdout
    assert "total\n26.75" in done.stdout
    assert "Traceback" not in said
    assert not (tmp_path / "lake").exists()


def test_nothing_stands_in_a_block_that_is_not_run() -> None:
    assert {kind for kind, _ in _BLOCK.findall(QUICKSTART.read_text("utf-8"))} == {"sh", "console"}
    for text in blocks("console"):
        assert all(line.startswith("$ ") for line in text.splitlines()), text


def test_what_is_done_once_is_what_the_makefile_offers() -> None:
    assert [text.splitlines() for text in blocks("sh")] == [
        ["git clone <this repository> footfall", "cd footfall", "make setup", "source .venv/bin/activate"]
    ]
    assert re.search(r"^setup:", (REPOSITORY / "Makefile").read_text("utf-8"), re.MULTILINE)
