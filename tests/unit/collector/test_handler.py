"""What the collector answers, and what it keeps."""

import gzip
import json
import logging
import random
import tracemalloc
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from footfall.collector.body import MAX_BODY_BYTES, read_body
from footfall.collector.handler import MAX_LINE_BYTES, Collector
from footfall.collector.messages import Request, Response
from footfall.events import raw_line

NOW = 1_767_225_600_000
GOOD = {"id": "e-1", "name": "page_view", "level": "mid", "time": NOW - 1_000}
Fake = Any

shared_fakes = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


def _batch(*events: Any, **changes: Any) -> bytes:
    head = {"write_key": "key-shop", "sent_at": NOW - 500, "visitor": "v-1", "events": events}
    return json.dumps(head | changes).encode()


def _post(collector: Collector, body: bytes, ip: str = "203.0.113.77", **headers: str) -> Response:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return collector.handle(Request("POST", "/v1/events", names, body, ip))


def _json(response: Response) -> Any:
    return json.loads(response.body)


def test_a_good_batch_becomes_one_line(collector: Collector, sink: Fake) -> None:
    body = _batch(GOOD, GOOD | {"id": "e-2"}, user="u-1", consent="granted", page={"url": "https://a.example/"})
    response = _post(collector, body, user_agent="Browser/1.0")

    assert (response.status, _json(response)) == (200, {"accepted": 2, "rejected": 0, "errors": []})
    (line,) = sink.lines
    assert (line.tenant, line.protocol, line.visitor, line.user, line.consent) == (
        "shop",
        "native",
        "v-1",
        "u-1",
        "granted",
    )
    assert (line.received_at, line.sent_at, line.user_agent, line.page.url) == (
        NOW,
        NOW - 500,
        "Browser/1.0",
        "https://a.example/",
    )
    assert [(event.index, event.id) for event in line.events] == [(0, "e-1"), (1, "e-2")]


def test_the_good_events_of_a_mixed_batch_are_kept_and_the_bad_ones_named(collector: Collector, sink: Fake) -> None:
    response = _post(collector, _batch(GOOD, {"id": "e-2"}, GOOD | {"id": "e-3"}))

    answer = _json(response)
    assert (response.status, answer["accepted"], answer["rejected"]) == (200, 2, 1)
    assert [(error["index"], error["reason"]) for error in answer["errors"]] == [(1, "event_invalid")]
    (line,) = sink.lines
    assert [event.index for event in line.events] == [0, 2]
    assert [(rejected.index, rejected.text) for rejected in line.rejected] == [(1, '{"id": "e-2"}')]


def test_a_batch_of_bad_events_only_is_kept_too(collector: Collector, sink: Fake) -> None:
    response = _post(collector, _batch(7, 8))
    assert (response.status, _json(response)["accepted"], _json(response)["rejected"]) == (200, 0, 2)
    assert len(sink.lines[0].rejected) == 2


def test_the_tenant_is_the_one_of_the_key(collector: Collector, sink: Fake) -> None:
    _post(collector, _batch(GOOD, write_key="key-blog"))
    assert sink.lines[0].tenant == "blog"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (_batch(GOOD, write_key="key-nobody"), 401, "unknown_key"),
        (b"", 400, "body_not_json"),
        (b"{}", 400, "body_not_a_batch"),
        (_batch(), 400, "body_not_a_batch"),
        (_batch(*[GOOD] * 501), 400, "too_many_events"),
        (b" " * (MAX_BODY_BYTES + 1), 413, "body_too_large"),
        (_batch(*["~" * 8_000] * 125).replace(b"~", b"\x01"), 413, "body_too_large"),
    ],
)
def test_of_a_request_that_is_refused_nothing_is_kept(
    collector: Collector, sink: Fake, body: bytes, status: int, code: str
) -> None:
    response = _post(collector, body)
    assert (response.status, _json(response)["error"]) == (status, code)
    assert sink.lines == []


def test_a_line_is_never_larger_than_a_sink_can_take(collector: Collector, sink: Fake) -> None:
    batch = _batch(*[GOOD | {"id": str(n), "properties": {"text": "x" * 1_900}} for n in range(480)])
    assert _post(collector, batch).status == 200
    assert len(raw_line.encode(sink.lines[0])) <= MAX_LINE_BYTES


def test_a_line_that_grows_above_a_firehose_record_as_it_is_written_out_is_taken(
    collector: Collector, sink: Fake
) -> None:
    body = _batch(GOOD | {"properties": {str(n): [1e15] * 100 for n in range(600)}})
    assert _post(collector, body.replace(b"1000000000000000.0", b"1e15")).status == 200
    assert len(raw_line.encode(sink.lines[0])) > 1_024_000


@pytest.mark.parametrize(
    ("ip", "kept"),
    [("203.0.113.77", "203.0.113.0"), ("2001:db8:1:2::3", "2001:db8:1::"), ("unix:/socket", ""), ("", "")],
)
def test_only_the_truncated_address_is_kept(collector: Collector, sink: Fake, ip: str, kept: str) -> None:
    _post(collector, _batch(GOOD), ip=ip)
    assert sink.lines[0].ip == kept
    assert ip == "" or ip not in raw_line.encode(sink.lines[0]).decode()


@pytest.mark.parametrize(
    ("sent", "kept"), [("x" * 2_000, "x" * 1_024), ("a\0b", "a\ufffdb"), ("\ud800", "?"), ("ÿ", "ÿ")]
)
def test_a_user_agent_is_kept_in_a_form_that_can_be_stored(
    collector: Collector, sink: Fake, sent: str, kept: str
) -> None:
    assert _post(collector, _batch(GOOD), user_agent=sent).status == 200
    assert sink.lines[0].user_agent == kept


@pytest.mark.parametrize(("told", "kept"), [("DE", "DE"), ("de", ""), ("D", ""), ("DEU", ""), ("D1", ""), ("ÄÖ", "")])
def test_the_country_is_what_the_cdn_says(collector: Collector, sink: Fake, told: str, kept: str) -> None:
    assert _post(collector, _batch(GOOD), cloudfront_viewer_country=told).status == 200
    assert sink.lines[0].country == kept


def test_without_a_cdn_there_is_no_country(collector: Collector, sink: Fake) -> None:
    _post(collector, _batch(GOOD))
    assert (sink.lines[0].country, b"country" in raw_line.encode(sink.lines[0])) == ("", False)


def test_lines_of_a_process_are_counted_without_gaps(collector: Collector, sink: Fake) -> None:
    for body in (_batch(GOOD), b"nonsense", _batch(GOOD, write_key="key-nobody"), _batch(7), _batch(GOOD)):
        _post(collector, body)
    assert [(line.instance, line.sequence) for line in sink.lines] == [("i-1", 0), ("i-1", 1), ("i-1", 2)]


def test_requests_without_an_id_get_different_ones(collector: Collector, sink: Fake) -> None:
    for _ in range(3):
        _post(collector, _batch(GOOD))
    assert len({line.request_id for line in sink.lines}) == 3


def test_a_sink_that_is_away_is_not_acknowledged(collector: Collector, sink: Fake) -> None:
    sink.fail()
    response = _post(collector, _batch(GOOD))
    assert (response.status, _json(response)["error"]) == (503, "unavailable")
    assert int(response.headers["retry-after"]) > 0
    sink.error = None
    assert _post(collector, _batch(GOOD)).status == 200


def test_a_registry_that_is_away_is_not_taken_for_an_unknown_key(collector: Collector, registry: Fake) -> None:
    registry.fails = True
    assert _post(collector, _batch(GOOD)).status == 503


def test_what_goes_wrong_inside_is_told_to_nobody_but_its_place_is_logged(
    collector: Collector, sink: Fake, caplog: pytest.LogCaptureFixture
) -> None:
    sink.error = KeyError("visitor v-1 of 203.0.113.77")
    with caplog.at_level(logging.DEBUG):
        response = _post(collector, _batch(GOOD))
    assert (response.status, _json(response)["error"]) == (500, "internal_error")
    for said in (response.body.decode(), caplog.text):
        assert "v-1" not in said
        assert "203.0.113.77" not in said
        assert "Traceback" not in said
    assert "KeyError" in caplog.text
    assert "conftest.py" in caplog.text


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/v1/health", 200),
        ("POST", "/v1/health", 405),
        ("GET", "/v1/events", 405),
        ("DELETE", "/v1/events", 405),
        ("OPTIONS", "/v1/events", 204),
        ("POST", "/", 404),
        ("OPTIONS", "/nowhere", 404),
    ],
)
def test_every_path_and_method_has_its_answer(collector: Collector, method: str, path: str, status: int) -> None:
    response = collector.handle(Request(method, path, {}, b""))
    assert response.status == status
    assert response.headers["access-control-allow-origin"] == "*"
    if status != 204:
        assert response.headers["access-control-expose-headers"] == "retry-after"
    if status == 405:
        assert response.headers["allow"]


def test_a_page_of_another_origin_may_send_json_after_a_preflight(collector: Collector) -> None:
    headers = collector.handle(Request("OPTIONS", "/v1/events", {"origin": "https://shop.example"}, b"")).headers
    assert "POST" in headers["access-control-allow-methods"]
    assert "content-type" in headers["access-control-allow-headers"]


def test_a_gzip_body_is_inflated(collector: Collector, sink: Fake) -> None:
    assert _post(collector, gzip.compress(_batch(GOOD)), content_encoding="GZIP").status == 200
    halves = gzip.compress(_batch(GOOD)[:20]) + gzip.compress(_batch(GOOD)[20:])
    assert _post(collector, halves, content_encoding="gzip").status == 200
    alike = _batch(*[GOOD | {"id": str(n)} for n in range(500)])
    assert _post(collector, gzip.compress(alike), content_encoding="gzip").status == 200
    assert [len(line.events) for line in sink.lines] == [1, 1, 500]


@shared_fakes
@given(st.binary(max_size=3_000), st.integers(0, 200), st.integers(1, 3))
def test_gzip_of_any_size_is_inflated_to_what_it_was(data: bytes, times: int, members: int) -> None:
    plain = random.Random(len(data)).randbytes(times * 2_500) + data
    size = len(plain) // members + 1
    body = b"".join(gzip.compress(plain[place * size : (place + 1) * size], 1) for place in range(members))
    assert read_body(Request("POST", "/", {"content-encoding": "gzip"}, body)) == plain


def test_a_gzip_bomb_costs_no_memory(collector: Collector) -> None:
    bomb = gzip.compress(bytes(500 * MAX_BODY_BYTES))
    _post(collector, bomb, content_encoding="gzip")
    tracemalloc.start()
    try:
        for _ in range(3):
            assert _post(collector, bomb, content_encoding="gzip").status == 413
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2 * MAX_BODY_BYTES


def test_a_gzip_body_may_inflate_to_64_kib_or_50_times_its_size(collector: Collector, sink: Fake) -> None:
    small = _batch(GOOD).ljust(65_536)
    assert len(gzip.compress(small)) < 65_536 / 100
    noise = "".join(random.Random(2).choices("0123456789abcdef", k=40_000))
    large = _batch(GOOD | {"properties": {"noise": noise}}).ljust(1_000_000)
    assert 20_000 < len(gzip.compress(large)) < 25_000
    for body in (small, large):
        assert _post(collector, gzip.compress(body), content_encoding="gzip").status == 200
    assert len(sink.lines) == 2


@pytest.mark.parametrize(
    ("body", "encoding", "status", "code"),
    [
        (gzip.compress(bytes(MAX_BODY_BYTES + 1)), "gzip", 413, "body_too_large"),
        (gzip.compress(bytes(MAX_BODY_BYTES)) * 2, "gzip", 413, "body_too_large"),
        (gzip.compress(bytes(70_000)), "gzip", 413, "body_inflates_too_much"),
        (gzip.compress(b"") * 50_000, "gzip", 400, "body_unreadable"),
        (gzip.compress(random.Random(1).randbytes(MAX_BODY_BYTES // 2)) * 2, "gzip", 413, "body_too_large"),
        (gzip.compress(_batch(GOOD))[:-1], "gzip", 400, "body_unreadable"),
        (gzip.compress(_batch(GOOD)) + b"tail", "gzip", 400, "body_unreadable"),
        (_batch(GOOD), "gzip", 400, "body_unreadable"),
        (b"", "gzip", 400, "body_unreadable"),
        (_batch(GOOD), "br", 400, "body_unreadable"),
    ],
)
def test_an_encoding_that_cannot_be_undone_is_refused(
    collector: Collector, sink: Fake, body: bytes, encoding: str, status: int, code: str
) -> None:
    response = _post(collector, body, content_encoding=encoding)
    assert (response.status, _json(response)["error"]) == (status, code)
    assert sink.lines == []


@shared_fakes
@given(body=st.binary(max_size=300), encoding=st.sampled_from(["", "gzip"]))
def test_any_bytes_are_answered_as_a_mistake_of_the_client(collector: Collector, body: bytes, encoding: str) -> None:
    assert 400 <= _post(collector, body, content_encoding=encoding).status < 500


@shared_fakes
@given(seed=st.integers(0, 2**32))
def test_a_batch_damaged_anywhere_is_answered_without_an_error_of_the_server(collector: Collector, seed: int) -> None:
    chance = random.Random(seed)
    body = bytearray(_batch(GOOD, GOOD | {"properties": {"a": [1, "x", {"b": None}]}}, page={"url": "u"}))
    for _ in range(chance.randrange(1, 4)):
        place = chance.randrange(len(body))
        body[place : place + chance.randrange(3)] = chance.randbytes(chance.randrange(3))
    assert _post(collector, bytes(body)).status < 500


@shared_fakes
@given(st.lists(st.booleans(), min_size=1, max_size=40))
def test_any_mix_of_good_and_bad_events_keeps_all_the_good_ones(
    collector: Collector, sink: Fake, mix: list[bool]
) -> None:
    bad: list[Any] = [
        7,
        None,
        {},
        [],
        "x",
        {"id": 1},
        GOOD | {"level": "x"},
        GOOD | {"properties": {"a": float("nan")}},
    ]
    events = [GOOD | {"id": f"e-{n}"} if good else bad[n % len(bad)] for n, good in enumerate(mix)]
    sink.lines.clear()

    answer = _json(_post(collector, _batch(*events)))

    assert (answer["accepted"], answer["rejected"]) == (mix.count(True), mix.count(False))
    (line,) = sink.lines
    assert [event.index for event in line.events] == [n for n, good in enumerate(mix) if good]
    assert [rejected.index for rejected in line.rejected] == [n for n, good in enumerate(mix) if not good]
