"""The local server: HTTP, through the code that runs in Lambda, into the lake."""

import gzip
import http.client
import json
import threading
from pathlib import Path
from typing import Any

import pytest

from footfall.errors import FootfallError
from footfall.events import raw_line
from footfall.events.raw_line import RawLine
from footfall.events.tenant_file import TenantFile
from footfall.lake.layout import LocalLake, open_lake
from footfall.lake.raw_store import FileRawStore
from footfall.local.server import LocalServer
from footfall.local.site import SiteAnswer

NOW = 1_767_225_600_000


@pytest.fixture
def lake(tmp_path: Path) -> LocalLake:
    return open_lake(tmp_path / "lake", create=True)


@pytest.fixture
def write_key(lake: LocalLake) -> str:
    return TenantFile(lake.tenants).add("shop", NOW)[1]


def _batch(write_key: str, first: int, count: int) -> bytes:
    events = [{"id": f"e-{first + n}", "name": "page_view", "level": "mid", "time": NOW} for n in range(count)]
    return json.dumps({"write_key": write_key, "sent_at": NOW, "visitor": "v-1", "events": events}).encode()


def _request(
    server: LocalServer, method: str, path: str, body: bytes | None = None, **headers: str
) -> tuple[int, dict[str, str], Any]:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    try:
        connection.request(method, path, body, {name.replace("_", "-"): text for name, text in headers.items()})
        response = connection.getresponse()
        text = response.read()
        names = {name.lower(): value for name, value in response.getheaders()}
        return response.status, names, json.loads(text) if text else None
    finally:
        connection.close()


def _stored(lake: LocalLake) -> list[RawLine]:
    store = FileRawStore(lake.raw)
    texts = [text for key in list(store.keys()) for text in gzip.decompress(store.read(key)).splitlines()]
    return [raw_line.decode(text) for text in texts]


def test_what_is_acknowledged_is_in_raw_after_the_stop(lake: LocalLake, write_key: str) -> None:
    with LocalServer(lake) as server:
        assert server.url == f"http://127.0.0.1:{server.port}"
        status, _, answer = _request(server, "POST", "/v1/events", _batch(write_key, 0, 3), user_agent="Browser/1.0")
    assert (status, answer["accepted"]) == (200, 3)
    (line,) = _stored(lake)
    assert (line.tenant, line.user_agent, line.ip) == ("shop", "Browser/1.0", "127.0.0.0")
    assert [event.id for event in line.events] == ["e-0", "e-1", "e-2"]
    assert list((lake.raw / "open").iterdir()) == []


def test_many_clients_at_once_lose_nothing(lake: LocalLake, write_key: str) -> None:
    def send(first: int) -> None:
        for number in range(first, first + 10):
            assert _request(server, "POST", "/v1/events", _batch(write_key, number * 5, 5))[0] == 200

    with LocalServer(lake) as server:
        threads = [threading.Thread(target=send, args=(first,)) for first in range(0, 80, 10)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    lines = _stored(lake)
    assert {event.id for line in lines for event in line.events} == {f"e-{number}" for number in range(400)}
    assert sorted(line.sequence for line in lines) == list(range(80))
    assert len({line.instance for line in lines}) == 1


def test_answers_are_those_of_the_collector(lake: LocalLake, write_key: str) -> None:
    with LocalServer(lake) as server:
        assert _request(server, "GET", "/v1/health")[::2] == (200, {"status": "ok"})
        assert _request(server, "GET", "/v1/events")[0] == 405
        assert _request(server, "GET", "/nowhere")[0] == 404
        assert _request(server, "POST", "/v1/events", b"\xff\xfe")[2]["error"] == "body_not_json"
        assert _request(server, "POST", "/v1/events", _batch("ffk_nobody", 0, 1))[0] == 401
        status, headers, _ = _request(server, "OPTIONS", "/v1/events")
        assert (status, headers["access-control-allow-origin"]) == (204, "*")
        assert _request(server, "POST", "/v1/events", bytes(3_000_000))[2]["error"] == "body_too_large"
        body = gzip.compress(_batch(write_key, 0, 2))
        assert _request(server, "POST", "/v1/events", body, content_encoding="gzip")[2]["accepted"] == 2


class _OnePage:
    """A site of one page, which shows what it was asked."""

    def answer(self, method: str, path: str, query: str) -> SiteAnswer | None:
        text = json.dumps([method, path, query]).encode()
        return SiteAnswer(200, text, {"content-type": "application/json"}) if path.startswith("/a page") else None


def test_a_site_answers_for_its_paths_and_the_collector_for_all_others(lake: LocalLake, write_key: str) -> None:
    with LocalServer(lake, site=_OnePage()) as server:
        status, headers, answer = _request(server, "GET", "/a%20page/..?q=%20")
        assert (status, headers["content-type"], answer) == (200, "application/json", ["GET", "/a page/..", "q=%20"])
        assert _request(server, "HEAD", "/a%20page")[::2] == (200, None)
        assert _request(server, "POST", "/v1/events", _batch(write_key, 0, 1))[0] == 200


def test_a_client_behind_a_proxy_of_this_machine_keeps_its_address(lake: LocalLake, write_key: str) -> None:
    with LocalServer(lake) as server:
        _request(server, "POST", "/v1/events", _batch(write_key, 0, 1), x_forwarded_for="203.0.113.77")
    assert _stored(lake)[0].ip == "203.0.113.0"


def test_a_body_that_breaks_off_is_not_taken_for_a_whole_one(lake: LocalLake, write_key: str) -> None:
    body = _batch(write_key, 0, 1)
    with LocalServer(lake) as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
        connection.putrequest("POST", "/v1/events")
        connection.putheader("content-length", str(len(body) + 10))
        connection.endheaders(body)
        connection.close()
        assert _request(server, "GET", "/v1/health")[0] == 200
    assert _stored(lake) == []


def test_a_tenant_added_while_it_serves_is_known(lake: LocalLake) -> None:
    with LocalServer(lake) as server:
        key = TenantFile(lake.tenants).add("late", NOW)[1]
        assert _request(server, "POST", "/v1/events", _batch(key, 0, 1))[0] == 200


def test_raw_is_sealed_while_it_serves(lake: LocalLake, write_key: str) -> None:
    with LocalServer(lake) as server:
        _request(server, "POST", "/v1/events", _batch(write_key, 0, 1))
        waited = threading.Event()
        for _ in range(200):
            if _stored(lake):
                break
            waited.wait(0.05)
        assert len(_stored(lake)) == 1


def test_its_start_seals_what_a_killed_server_has_left(lake: LocalLake) -> None:
    left = RawLine(1, "r", "shop", NOW, "native", "i-0", 0, [])
    (lake.raw / "open").mkdir()
    (lake.raw / "open" / "left.jsonl").write_bytes(raw_line.encode(left) + b"\n")
    with LocalServer(lake):
        assert _stored(lake) == [left]


def test_it_can_be_started_and_stopped_again(lake: LocalLake, write_key: str) -> None:
    server = LocalServer(lake)
    for number in range(2):
        with server:
            assert _request(server, "POST", "/v1/events", _batch(write_key, number, 1))[0] == 200
    assert len(_stored(lake)) == 2
    server.stop()


def test_a_port_that_is_taken_is_said_in_one_line(lake: LocalLake) -> None:
    with LocalServer(lake) as server, pytest.raises(FootfallError, match=f"port {server.port} cannot be listened on"):
        LocalServer(lake, server.port).start()
