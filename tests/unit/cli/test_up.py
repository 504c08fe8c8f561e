"""`footfall up` serves until it is told to stop, and loses nothing then."""

import http.client
import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest

FOOTFALL = str(Path(sys.executable).with_name("footfall"))


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([FOOTFALL, *arguments], capture_output=True, text=True, timeout=120, check=False)


@contextmanager
def up(lake: Path, *options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The process, once it listens, and the collector's address."""
    command = [FOOTFALL, "up", "--lake", str(lake), "--port", "0", "--no-opensearch", *options]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        first = process.stdout.readline()
        assert first.startswith("collector"), first
        yield process, first.split()[1]
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stdout.close()


def post(url: str, key: str, name: str) -> dict[str, object]:
    now = time.time_ns() // 1_000_000
    event = {"id": name, "name": name, "level": "mid", "time": now}
    batch = {"write_key": key, "sent_at": now, "visitor": "me", "events": [event]}
    address = urlsplit(url)
    connection = http.client.HTTPConnection(address.netloc, timeout=30)
    try:
        connection.request("POST", address.path, json.dumps(batch))
        answer: dict[str, object] = json.load(connection.getresponse())
        return answer
    finally:
        connection.close()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_and_what_was_acknowledged_is_in_raw(tmp_path: Path, number: signal.Signals) -> None:
    lake = tmp_path / "lake"
    key = json.loads(run("tenant", "add", "shop", "--lake", str(lake), "--json").stdout)["write_key"]
    with up(lake, "--etl-every", "0") as (process, url):
        assert post(url, key, "hello")["accepted"] == 1
        process.send_signal(number)
        assert process.wait(timeout=60) == 0
    assert "1 events" in run("etl", "--lake", str(lake)).stdout
    assert run("reconcile", "--lake", str(lake)).returncode == 0


def test_it_takes_in_what_is_new_every_so_often(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    key = json.loads(run("tenant", "add", "shop", "--lake", str(lake), "--json").stdout)["write_key"]
    with up(lake, "--etl-every", "1") as (process, url):
        post(url, key, "hello")
        assert process.stdout is not None
        said = next(line for line in process.stdout if line.startswith("etl:"))
        assert said == "etl: 1 new events, 0 rejected.\n"
        process.terminate()
        assert process.wait(timeout=60) == 0


def test_a_port_that_is_taken_is_said_in_one_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        found = run("up", "--lake", str(tmp_path / "lake"), "--port", port, "--no-opensearch")
    assert found.returncode == 2
    assert found.stderr.count("\n") == 1
    assert f"port {port}" in found.stderr
